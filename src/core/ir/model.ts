import type { Graph } from './graph.ts';

/** An ONNX model: one main graph and what surrounds it. */
export interface Model {
  readonly graph: Graph;
  readonly irVersion: number;
  /** Version by operator set domain; '' is the ONNX domain. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** Model-local functions: kept and shown, not inlined. */
  readonly functions: readonly ModelFunction[];
  /** What a writer needs to copy untouched bytes. Opaque to everyone else. */
  readonly source?: unknown;
}

export interface ModelFunction {
  readonly name: string;
  readonly domain: string;
  readonly nodeCount: number;
  /** The nodes of the function, to be looked at; its inputs have no types. */
  readonly body?: Graph;
}
