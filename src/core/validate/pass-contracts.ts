import type { Graph, Node, Value } from '../ir/graph.ts';
import type { Tensor } from '../ir/tensor.ts';
import type { PassChange } from '../passes/pass-trace.ts';
import type { Numerics } from '../passes/rewrite-pass.ts';
import type { AppliedPass, TensorContract } from './validation-report.ts';

/** From the strictest promise to none. */
const ORDER = ['untouched', 'bit-exact', 'one-step', 'approximate', 'none'] as const;
type Level = 0 | 1 | 2 | 3 | 4;
const LEVELS: Readonly<Record<Numerics, Level>> = {
  'bit-exact': 1,
  'one-step': 2,
  approximate: 3,
};
const NOTHING_PROMISED: Level = 4;
/** Constants up to this size are compared by their bytes; larger ones of two files count as other ones. */
const COMPARED_BYTES = 4096;

/**
 * What passes promise about each tensor that the models before and after have: the weakest promise of all changes upstream, in
 * either model. A node that differs without a change that names it counts as changed by the weakest of the passes; one that has
 * other constants only (a new scale of calibration) as changed by nobody, so that nothing is promised behind it.
 */
export class PassContracts {
  private readonly before: Graph;
  private readonly after: Graph;
  private readonly changes: readonly PassChange[] | undefined;
  private readonly passesOf = new Map<string, Set<string>>();
  private readonly levels = new Map<string, Level>();

  constructor(before: Graph, after: Graph, changes?: readonly PassChange[]) {
    this.before = before;
    this.after = after;
    this.changes = changes;
    if (!changes) return;
    const touched = this.touchedNodes(changes);
    for (const graph of [before, after]) this.spread(graph, touched);
  }

  /** What is promised about the value of that name. */
  contractOf(tensor: string, isOutput: boolean): TensorContract {
    if (!this.changes) return 'none';
    const level = ORDER[this.levels.get(tensor) ?? 0];
    return level === 'bit-exact' && !isOutput ? 'moved' : level;
  }

  /** Ids of the passes that changed something upstream of a value, in the order in which they were applied first. */
  passesBefore(tensor: string): readonly string[] {
    const found = new Set<string>();
    for (const graph of [this.before, this.after])
      for (const node of upstream(graph.value(tensor)))
        for (const id of this.passesOf.get(node.name) ?? []) found.add(id);
    return this.applied()
      .map(({ passId }) => passId)
      .filter((id) => found.has(id));
  }

  /** Each pass once, with the number of its changes. */
  applied(): readonly AppliedPass[] {
    const passes = new Map<string, AppliedPass>();
    for (const { passId, numerics } of this.changes ?? [])
      passes.set(passId, {
        passId,
        numerics,
        changes: (passes.get(passId)?.changes ?? 0) + 1,
      });
    return [...passes.values()];
  }

  private touchedNodes(changes: readonly PassChange[]): ReadonlyMap<string, Level> {
    const touched = new Map<string, Level>();
    const touch = (name: string, { passId, numerics }: PassChange): void => {
      touched.set(name, greater(touched.get(name) ?? 0, LEVELS[numerics]));
      const ids = this.passesOf.get(name) ?? new Set();
      this.passesOf.set(name, ids.add(passId));
    };
    for (const change of changes) for (const name of this.namedBy(change)) touch(name, change);
    for (const [name, isConstantOnly] of differingNodes(this.before, this.after)) {
      if (touched.has(name)) continue;
      if (isConstantOnly) touched.set(name, NOTHING_PROMISED);
      else for (const change of changes) touch(name, change);
    }
    return touched;
  }

  /** Nodes that a change names, in its list or in its edits, and those that read a value that it names. */
  private namedBy({ site, nodes, edits }: PassChange): ReadonlySet<string> {
    const names = new Set([site, ...nodes]);
    for (const edit of edits) for (const word of wordsOf(edit)) names.add(word);
    for (const name of [...names])
      for (const graph of [this.before, this.after])
        for (const reader of graph.value(name)?.consumers() ?? []) names.add(reader.name);
    return names;
  }

  private spread(graph: Graph, touched: ReadonlyMap<string, Level>): void {
    const own = new Map<Value, Level>();
    for (const node of graph.sortedNodes()) {
      let level = touched.get(node.name) ?? 0;
      for (const input of [...node.inputs, ...node.captures])
        if (input) level = greater(level, own.get(input) ?? 0);
      for (const output of node.outputs) {
        own.set(output, level);
        this.levels.set(output.name, greater(this.levels.get(output.name) ?? 0, level));
      }
    }
  }
}

const greater = (a: Level, b: Level): Level => (a > b ? a : b);

/** All strings in an edit but those that say what kind of thing it is; what is no name of the graph does no harm. */
function wordsOf(edit: unknown): string[] {
  if (typeof edit === 'string') return [edit];
  if (typeof edit !== 'object' || edit === null || ArrayBuffer.isView(edit)) return [];
  return Object.entries(edit).flatMap(([key, field]: [string, unknown]) =>
    // The node before which another one stands, and where a scale comes from, are not changed.
    ['kind', 'before', 'opType', 'domain', 'scale', 'attributes'].includes(key)
      ? []
      : wordsOf(field),
  );
}

/** Nodes that only one of the graphs has, or that read other values or other constants; true: only the constants differ. */
function differingNodes(before: Graph, after: Graph): ReadonlyMap<string, boolean> {
  const differing = new Map<string, boolean>();
  for (const node of after.nodes()) if (!before.node(node.name)) differing.set(node.name, false);
  for (const node of before.nodes()) {
    const other = after.node(node.name);
    if (!other || !readsTheSame(node, other)) differing.set(node.name, false);
    else if (!hasSameConstants(node, other)) differing.set(node.name, true);
  }
  return differing;
}

const readsTheSame = (a: Node, b: Node): boolean =>
  a.opType === b.opType &&
  a.domain === b.domain &&
  a.inputs.length === b.inputs.length &&
  a.inputs.every((value, i) => value?.name === b.inputs[i]?.name) &&
  a.outputs.every((value, i) => value.name === b.outputs[i]?.name);

const hasSameConstants = (a: Node, b: Node): boolean =>
  a.inputs.every((value, i) => isSameTensor(value?.tensor, b.inputs[i]?.tensor));

function isSameTensor(a: Tensor | undefined, b: Tensor | undefined): boolean {
  if (a === b) return true;
  if (a?.dataType !== b?.dataType || a?.bytes.byteLength !== b?.bytes.byteLength) return false;
  const [x, y] = [a?.bytes.resident(), b?.bytes.resident()];
  if (!x || !y || x.length > COMPARED_BYTES) return false;
  return x.every((byte, i) => byte === y[i]);
}

function* upstream(value: Value | undefined): Generator<Node, void, undefined> {
  const seen = new Set<Node>();
  const open = [value];
  while (open.length > 0) {
    const node = open.pop()?.producer();
    if (!node || seen.has(node)) continue;
    seen.add(node);
    yield node;
    for (const input of [...node.inputs, ...node.captures]) if (input) open.push(input);
  }
}
