import type { Diagnostic } from '../core/base/diagnostic.ts';
import { weightsTooLarge } from '../core/base/diagnostics/runtime.ts';
import type { Graph } from '../core/ir/graph.ts';

/** WebAssembly addresses 4 GB; what is left serves activations and the runtime itself. Measured: 3.22 GB still ran. */
export const MOST_WEIGHT_BYTES = 3.2e9;
/** Models that are larger than this together are opened one after the other, so that memory holds one at a time. */
const MOST_TOGETHER_BYTES = 128e6;
/** Bytes of intermediate values that are kept at once: little beside what the runtime takes itself, for small models too. */
const LEAST_BUDGET_BYTES = 20e6;
const MOST_BUDGET_BYTES = 128e6;
const BUDGET_SHARE = 1 / 8;

/** Bytes of all constants of a graph. */
export function weightBytes({ initializers }: Graph): number {
  let bytes = 0;
  for (const { tensor } of initializers.values()) bytes += tensor?.bytes.byteLength ?? 0;
  return bytes;
}

/** Why the runtime cannot hold a graph; undefined where it can. To be asked before any work starts. */
export function weightsProblem(graph: Graph): Diagnostic | undefined {
  const bytes = weightBytes(graph);
  return bytes > MOST_WEIGHT_BYTES ? weightsTooLarge(bytes, MOST_WEIGHT_BYTES) : undefined;
}

/** Whether memory is better spent on several open models than on opening each again for every batch. */
export const fitTogether = (...graphs: readonly Graph[]): boolean =>
  graphs.reduce((sum, graph) => sum + weightBytes(graph), 0) <= MOST_TOGETHER_BYTES;

/**
 * Bytes of values that may be asked of a model in one run, so that holding them and those of the other model it is compared with
 * keeps the peak of the process below one and a half of what the runtime takes for one model alone (measured with ResNet-18,
 * YOLOv5n and a ResNet-50 of 1 GB).
 */
export const valueBudget = (graph: Graph): number =>
  Math.min(MOST_BUDGET_BYTES, Math.max(LEAST_BUDGET_BYTES, weightBytes(graph) * BUDGET_SHARE));
