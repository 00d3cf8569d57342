import type { Diagnostic } from '../core/base/diagnostic.ts';

/** A value as a panel shows it. */
export interface TensorInfo {
  readonly name: string;
  readonly dataType: string;
  /** Numbers, or names of symbolic dimensions; undefined when not even the rank is known. */
  readonly shape?: readonly (number | string)[];
}

/** What is said of a model before anything is predicted, wherever it lies. */
export interface ModelFacts {
  readonly irVersion: number;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly producer: string;
  readonly nodeCount: number;
  readonly quantizeCount: number;
  readonly dequantizeCount: number;
  readonly initializerBytes: number;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly functionCount: number;
  readonly subgraphCount: number;
  /** Warnings found on opening: missing external data, symbolic shapes, operators without inference, … */
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything about one ONNX node that a panel shows. */
export interface NodeDetail {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly attributes: readonly { readonly name: string; readonly text: string }[];
  readonly inputs: readonly (TensorInfo & {
    readonly constant: boolean;
    readonly sizeBytes?: number;
  })[];
  readonly outputs: readonly TensorInfo[];
}
