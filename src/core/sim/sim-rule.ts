import type { LayerKind } from './graph/layer-parameters.ts';
import type { SimGraph, SimLayer } from './graph/sim-graph.ts';
import type { Target } from './target.ts';

/** A source of a rule: what the page says, in our words. */
export interface DocLink {
  readonly title: string;
  readonly url: string;
  readonly says: string;
}

/** How we know: written by NVIDIA, seen in real engines (by the names of models in the engine set), or concluded. */
export type Evidence =
  | { readonly kind: 'documented' }
  | { readonly kind: 'observed'; readonly engines: readonly [string, ...string[]] }
  | { readonly kind: 'inferred'; readonly from: string };

/** Why a rule that found its pattern declined, and the layers to blame. */
export class Refusal {
  /** Lower case, no full stop. */
  readonly reason: string;
  readonly layers: readonly SimLayer[];
  constructor(reason: string, layers: readonly SimLayer[]) {
    this.reason = reason;
    this.layers = layers;
  }
}

/** Declines with a reason (lower case, no full stop) and the layers to blame. */
export const refuse = (reason: string, ...at: readonly (SimLayer | null | undefined)[]): Refusal =>
  new Refusal(
    reason,
    at.filter((layer) => layer !== null && layer !== undefined),
  );

/** What a rule may ask about, beside the layer. */
export interface SimContext {
  readonly target: Target;
  /** True when the network has a Q or DQ: TensorRT's explicit quantization. */
  readonly explicit: boolean;
  /** Whether INT8 kernels may be chosen without Q/DQ (mode best or int8 of a graph without them). */
  readonly implicitInt8: boolean;
}

/** How a rule's effect changes the graph and tells of it. */
export interface SimEdit {
  readonly graph: SimGraph;
  /** Adds a line to the trace in the words of the builder's log, and a note to the layers named. */
  say(text: string, ...layers: readonly SimLayer[]): void;
  /** Records what the rule did not do beside what it did, with a note to the layers that suffer and to blame. */
  decline(reason: string, ...layers: readonly SimLayer[]): void;
}

/**
 * One thing that the builder does, in one file. `check` looks at one layer and answers null (not this pattern), a
 * Refusal (the pattern, but something stands against it) or a match; `effect` then edits the graph. The driver owns
 * the order, the walk, the trace and the limits.
 */
export interface SimRule<Match = unknown> {
  /** Equals the file name. */
  readonly id: string;
  /** The builder's own name: of the pass where its verbose log announces one (no spaces), else what the log says is done. */
  readonly pass: string;
  /** One sentence; shown in the page, on the command line and in the documents. */
  readonly summary: string;
  readonly docs: readonly [DocLink, ...DocLink[]];
  readonly evidence: Evidence;
  /** First and last TensorRT version (`major.minor`) with this behaviour. */
  readonly since?: string;
  readonly until?: string;
  /** True for a rule that goes on at the layer it has just changed, until it finds no more. */
  readonly again?: true;
  /** Kinds of layers at which it is tried. */
  readonly kinds: readonly LayerKind[];
  check(layer: SimLayer, context: SimContext): Match | Refusal | null;
  effect(layer: SimLayer, match: Match, edit: SimEdit): void;
}

/** Gives a rule its match type and hands it out in the form in which phases list rules. */
export const defineSimRule = <Match>(rule: SimRule<Match>): SimRule => rule;
