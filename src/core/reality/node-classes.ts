import type { Graph } from '../ir/graph.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';
import type { EngineDataType } from '../sim/predicted-engine.ts';

/** Operators that run no arithmetic of their own: which layer they count for says nothing. */
const PASSIVE: ReadonlySet<string> = new Set(['Constant', 'Identity', 'Shape', 'ConstantOfShape']);

/** What the nodes of a model are to a comparison of engines. */
export interface NodeClasses {
  /** Nodes that compute. */
  readonly computing: ReadonlySet<string>;
  readonly quantizers: ReadonlySet<string>;
  /** All nodes of the model. */
  readonly all: ReadonlySet<string>;
}

/** Sorts the nodes of a model by what they do in an engine. */
export function nodeClasses(graph: Graph): NodeClasses {
  const [computing, quantizers, all] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const node of graph.nodes()) {
    all.add(node.name);
    if (isQuantizer(node)) quantizers.add(node.name);
    else if (!PASSIVE.has(node.opType)) computing.add(node.name);
  }
  return { computing, quantizers, all };
}

/** Classes of types between which real engines and predictions are told apart: float types are chosen by timing. */
export type TypeClass = 'int8' | 'fp8' | 'int4' | 'float' | 'other';

const CLASSES: Readonly<Partial<Record<EngineDataType, TypeClass>>> = {
  Int8: 'int8',
  UInt8: 'int8',
  FP8: 'fp8',
  Int4: 'int4',
  Float: 'float',
  Half: 'float',
  BFloat16: 'float',
};

export const typeClass = (type: EngineDataType | undefined): TypeClass =>
  CLASSES[type ?? 'Unknown'] ?? 'other';
