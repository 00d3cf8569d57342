import type { Diagnostic } from '../base/diagnostic.ts';
import type { Value } from '../ir/graph.ts';
import { bodiesOf } from '../ir/infer/bodies.ts';
import type { Model } from '../ir/model.ts';
import { quantizerText } from './quantizer.ts';

/** A value as a panel shows it. */
export interface TensorSummary {
  readonly name: string;
  readonly dataType: string;
  readonly shape?: readonly (number | string)[];
}

/** What is said of a model as a whole. */
export interface ModelFacts {
  readonly irVersion: number;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly producer: string;
  readonly nodeCount: number;
  readonly quantizeCount: number;
  readonly dequantizeCount: number;
  /** Bytes of all initializers of the main graph. */
  readonly initializerBytes: number;
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
  readonly functionCount: number;
  readonly subgraphCount: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Counts and names of a model; `diagnostics` are passed on. Nothing of the weights is read. */
export function summarizeModel(model: Model, diagnostics: readonly Diagnostic[]): ModelFacts {
  const { graph } = model;
  let [quantizeCount, dequantizeCount, subgraphCount, initializerBytes] = [0, 0, 0, 0];
  for (const node of graph.nodes()) {
    const text = quantizerText(node);
    if (text === 'Q') quantizeCount++;
    if (text === 'DQ') dequantizeCount++;
    subgraphCount += bodiesOf(node).length;
  }
  for (const { tensor } of graph.initializers.values()) {
    initializerBytes += tensor?.bytes.byteLength ?? 0;
  }
  return {
    irVersion: model.irVersion,
    opsets: [...model.opsets].map(([domain, version]) => ({ domain, version })),
    producer: [model.producerName, model.producerVersion].filter((part) => part !== '').join(' '),
    nodeCount: graph.nodeCount,
    quantizeCount,
    dequantizeCount,
    initializerBytes,
    inputs: graph.inputs.filter((value) => value.tensor === undefined).map(tensorSummary),
    outputs: graph.outputs.map(tensorSummary),
    functionCount: model.functions.length,
    subgraphCount,
    diagnostics,
  };
}

export const tensorSummary = ({ name, dataType, shape }: Value): TensorSummary => ({
  name,
  dataType: dataType ?? 'unknown',
  ...(shape ? { shape } : {}),
});
