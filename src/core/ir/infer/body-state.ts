import type { DataType } from '../data-type.ts';
import type { Dim, Graph, Value } from '../graph.ts';
import { bodiesOf } from './bodies.ts';
import type { InferSession } from './infer-session.ts';
import type { Shape } from './merge-shapes.ts';
import { mergeShapes } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';

/** A value that an iteration hands to the next one. */
export interface CarriedState {
  /** What the body reads and what it makes of it. */
  readonly input: Value;
  readonly output: Value | undefined;
  readonly dataType: DataType | undefined;
  readonly initial: Shape | undefined;
}

/** After this many attempts a shape that still changes counts as unknown. */
const MAX_PASSES = 3;
/** Deeper loops are inferred once, with open shapes: repeating inside repeats would take exponential time. */
const MAX_REPEATED_DEPTH = 3;

/**
 * Infers a loop body until the shapes that one iteration makes are those that it reads; dimensions that change from
 * iteration to iteration become symbols. `prepare` sets the other inputs. Answers the shape of each state.
 */
export function inferBodyWithState(
  c: NodeContext,
  body: Graph,
  states: readonly CarriedState[],
  prepare: () => void,
): readonly (Shape | undefined)[] {
  const snapshot = takeSnapshot(c.session, body);
  const stated = states.map((s) => s.input.shape);
  const opened = new Set<Dim>();
  let shapes = states.map((s, i) => startShape(c, s.initial, stated[i], opened));
  for (let pass = 1; ; pass++) {
    if (pass > 1) snapshot.restore();
    states.forEach((s, i) => {
      s.input.dataType = s.dataType ?? s.input.dataType;
      s.input.shape = shapes[i];
    });
    prepare();
    c.inferBody(body);
    const wider = states.map((s, i) =>
      widen(c, { read: shapes[i], made: s.output?.shape, stated: stated[i] }, opened),
    );
    const settled = wider.every((shape, i) => shape === shapes[i]);
    if (settled || pass > MAX_PASSES) return wider;
    shapes =
      pass === MAX_PASSES
        ? wider.map((shape, i) => (shape === shapes[i] ? shape : undefined))
        : wider;
  }
}

function startShape(
  c: NodeContext,
  initial: Shape | undefined,
  stated: Shape | undefined,
  opened: Set<Dim>,
): Shape | undefined {
  if (initial === undefined) return stated;
  const isDeep = c.depth > MAX_REPEATED_DEPTH;
  const start = isDeep ? c.freshShape(initial.length) : initial;
  if (isDeep) for (const dim of start) opened.add(dim);
  return stated?.length === start.length ? mergeShapes(stated, start, true).shape : start;
}

/** What the body read, what it made of it, and what the file states. */
interface Iteration {
  readonly read: Shape | undefined;
  readonly made: Shape | undefined;
  readonly stated: Shape | undefined;
}

/**
 * The shape that covers both what the body reads and what it makes; the same object when that is nothing new. `opened`
 * holds the dimensions that were given up already and cover everything.
 */
function widen(
  c: NodeContext,
  { read, made, stated }: Iteration,
  opened: Set<Dim>,
): Shape | undefined {
  if (read === undefined) return read;
  if (made?.length !== read.length) return undefined;
  if (read.every((d, i) => d === made[i] || opened.has(d))) return read;
  return read.map((d, i): Dim => {
    if (d === made[i] || opened.has(d)) return d;
    const name = stated?.[i];
    const open = typeof name === 'string' ? name : c.fresh();
    opened.add(open);
    return open;
  });
}

interface Snapshot {
  restore(): void;
}

/** Remembers what is known of the values of a body and of the bodies in it. */
function takeSnapshot(session: InferSession, body: Graph): Snapshot {
  const saved: { value: Value; dataType: DataType | undefined; shape: Shape | undefined }[] = [];
  const pending = [body];
  for (let graph = pending.pop(); graph !== undefined; graph = pending.pop()) {
    for (const value of graph.values()) {
      saved.push({ value, dataType: value.dataType, shape: value.shape });
    }
    for (const node of graph.nodes()) pending.push(...bodiesOf(node));
  }
  const diagnosticCount = session.diagnostics.length;
  return {
    restore: () => {
      session.diagnostics.length = diagnosticCount;
      for (const { value, dataType, shape } of saved) {
        value.dataType = dataType;
        value.shape = shape;
        session.folded.delete(value);
      }
    },
  };
}
