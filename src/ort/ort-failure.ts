import type { Diagnostic } from '../core/base/diagnostic.ts';
import {
  runFailed,
  runtimeNotStarted,
  runtimeOutOfMemory,
  sessionRefused,
} from '../core/base/diagnostics/runtime.ts';
import type { Graph } from '../core/ir/graph.ts';

const OUT_OF_MEMORY =
  /bad_alloc|out of memory|OOM|could not allocate memory|failed to allocate|Array buffer allocation failed|memory access out of bounds/i;

/** How onnxruntime names a node: in running, where it has no kernel, and in checking types. */
const NODE_NAMES = [
  /Name:'([^']+)'/,
  /node with name '([^']+)'/,
  /in node \(([^()]+)\) is/,
  /Node ?\(([^()]+)\) (?:Op \(|with schema)/,
];

/** How it names only the operator: where the set does not have it, and where the node has no name in the file. */
const OPERATORS = [
  /No Op registered for (\w+)/,
  /(\w+)\(-1\) is not a registered function/,
  /implementation for (\w+)\(\d+\) node with name ''/,
];

/** What the runtime said, without the frame that its wasm puts around it. */
function reasonOf(error: unknown): string {
  // C++ exceptions that escape come as the number of a place in wasm memory, about which nothing more is known.
  if (typeof error === 'number') return `C++ exception at ${error}`;
  const text = error instanceof Error ? error.message : String(error);
  // Assertions begin with the path of a file on the machine that built it.
  return text
    .replace(/^.*?ERROR_MESSAGE: ?/s, '')
    .replace(/\/\S*?\/onnxruntime\//g, 'onnxruntime/');
}

function nodeIn(reason: string, graph: Graph): string | undefined {
  for (const pattern of NODE_NAMES) {
    const name = pattern.exec(reason)?.[1];
    if (name !== undefined) return name;
  }
  for (const pattern of OPERATORS) {
    const opType = pattern.exec(reason)?.[1];
    if (opType === undefined) continue;
    for (const node of graph.nodes()) if (node.opType === opType) return node.name;
  }
  return undefined;
}

/** Why the model with the graph `graph` was not taken. */
export function openFailure(error: unknown, graph: Graph): Diagnostic {
  const reason = reasonOf(error);
  if (OUT_OF_MEMORY.test(reason)) return runtimeOutOfMemory('loading the model', reason);
  if (/no available backend|initWasm/.test(reason)) return runtimeNotStarted(reason);
  return sessionRefused(nodeIn(reason, graph), reason);
}

/** Why a run failed. */
export function runFailure(error: unknown, graph: Graph): Diagnostic {
  const reason = reasonOf(error);
  return OUT_OF_MEMORY.test(reason)
    ? runtimeOutOfMemory('running the model', reason)
    : runFailed(nodeIn(reason, graph), reason);
}
