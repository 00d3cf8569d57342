import { attrInt } from '../ir/node-attributes.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';

const product = (dims: readonly (number | string)[]): number =>
  dims.reduce<number>((sum, dim) => sum * (typeof dim === 'number' ? dim : 1), 1);
const sizeOf = (value: Value | null | undefined): number => product(value?.shape ?? []);

/** Multiplications and additions of one node, counted together as one; 0 for all that multiplies no matrices. */
function workOf(node: Node): number {
  const [a, b] = node.inputs;
  const [output] = node.outputs;
  switch (node.opType) {
    case 'Conv':
      return sizeOf(output) * product(b?.shape?.slice(1) ?? []);
    case 'ConvTranspose':
      return sizeOf(a) * product(b?.shape?.slice(1) ?? []);
    case 'Gemm': {
      const depth = a?.shape?.[attrInt(node, 'transA', 0) === 1 ? 0 : 1];
      return sizeOf(output) * product(depth === undefined ? [] : [depth]);
    }
    case 'MatMul':
      return sizeOf(output) * product(a?.shape?.slice(-1) ?? []);
    default:
      return 0;
  }
}

/** Multiply-adds by node, for the nodes that have any; symbolic dimensions count as 1. */
export function nodeWork(graph: Graph): ReadonlyMap<string, number> {
  const work = new Map<string, number>();
  for (const node of graph.nodes()) {
    const amount = workOf(node);
    if (amount > 0) work.set(node.name, amount);
  }
  return work;
}
