import type { Graph, Model, Node, Value } from '../ir/graph.ts';
import type { NewQuantizedType } from '../placement/placement-edit.ts';
import type { DocLink, Evidence } from '../sim/sim-rule.ts';
import type { Target } from '../sim/target.ts';
import type { GraphEdit } from './graph-edit.ts';

/**
 * What a pass promises about the numbers, for any input. `bit-exact`: every output of the network is equal to the bit.
 * `one-step`: the same but for rounding: what a layer reads may move by one step of the quantizer before it.
 * `approximate`: where values are rounded and clamped changes, which calibration and validation must answer for.
 */
export type Numerics = 'bit-exact' | 'one-step' | 'approximate';

/**
 * `normalize`: what any exporter wrote becomes what TensorRT takes; `place`: where Q/DQ stand; `tidy`: what is useless
 * goes, what helps kernels comes.
 */
export type PassGroup = 'normalize' | 'place' | 'tidy';

/** Why a pass that found its pattern leaves it alone. */
export class Refusal {
  /** Lower case, no full stop. */
  readonly reason: string;
  /** Names of the nodes to blame. */
  readonly nodes: readonly string[];
  constructor(reason: string, nodes: readonly string[]) {
    this.reason = reason;
    this.nodes = nodes;
  }
}

/** Declines with a reason (lower case, no full stop) and the nodes to blame. */
export const refuse = (reason: string, ...nodes: readonly (Node | null | undefined)[]): Refusal =>
  new Refusal(
    reason,
    nodes.flatMap((node) => node?.name ?? []),
  );

/** What a pass would do at one node. Nothing is done yet. */
export interface Proposal {
  /** A sentence without a full stop: `Take Q_add off the branch of Conv_3`. */
  readonly text: string;
  /** Nodes concerned. */
  readonly nodes: readonly string[];
  /** The effect: pure, and called once when the proposal is taken. */
  readonly edits: () => readonly GraphEdit[];
}

/** Builds a proposal; `nodes` may hold what is missing. */
export const propose = (
  text: string,
  nodes: readonly (Node | null | undefined)[],
  edits: () => readonly GraphEdit[],
): Proposal => ({ text, nodes: nodes.flatMap((node) => node?.name ?? []), edits });

/** What passes are told by the user; patterns are names with `*` for any characters. */
export interface PassSettings {
  /** Nodes that must keep FP32 where a pass makes the rest FP16. */
  readonly keepFloat32?: readonly string[];
  /** Nodes that no pass may quantize; also `type:MatMul` for all of an operator. */
  readonly exclude?: readonly string[];
  /** What new pairs quantize to; INT8 unless told. */
  readonly type?: NewQuantizedType;
}

/** What a pass may ask about, beside the node. */
export interface PassContext {
  readonly model: Model;
  /** The graph of `model`, to be read only. */
  readonly graph: Graph;
  readonly target: Target;
  readonly settings: PassSettings;
  /**
   * The elements of a constant, row major; undefined where it is none. Where its bytes are still in a file the answer is
   * undefined too, once: the driver reads them and asks the pass again.
   */
  numbers(value: Value | null | undefined): Float64Array | undefined;
  /** A name that no node or value has, and that this context has not given before. */
  freshName(wish: string): string;
}

/**
 * One rewrite, in one file. `check` looks at one node and answers null (not this pattern), a Refusal (the pattern, but
 * something stands against it) or a Proposal, whose edits are the effect. The driver owns the order, the walk, the edits,
 * the checks, the stamp on new nodes and the trace. A pass reaches its fixed point: applied to its own result it finds
 * nothing more.
 */
export interface RewritePass {
  /** Equals the file name; verb first. */
  readonly id: string;
  /** The deed in a few words, for lists: `Quantize only the shortcut of a residual Add`. */
  readonly title: string;
  /** One sentence on what it gains; shown in the page, on the command line and in the documents. */
  readonly summary: string;
  readonly group: PassGroup;
  readonly docs: readonly [DocLink, ...DocLink[]];
  readonly evidence: Evidence;
  readonly numerics: Numerics;
  /** Why it runs only when it is asked for by name (a clause); absent for passes of the usual pipeline. */
  readonly onRequest?: string;
  /** Operators at which it is tried. */
  readonly opTypes: readonly [string, ...string[]];
  check(node: Node, context: PassContext): Proposal | Refusal | null;
}
