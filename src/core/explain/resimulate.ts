import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph, Value } from '../ir/graph.ts';
import type { FoldedConstant, InferReport } from '../ir/infer/infer-report.ts';
import { inferShapes } from '../ir/infer/infer-shapes.ts';
import type { Model } from '../ir/model.ts';
import { applyEdits } from '../placement/apply-edits.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';
import type { PredictedEngine } from '../sim/predicted-engine.ts';
import { simulate } from '../sim/simulate.ts';
import type { Target } from '../sim/target.ts';

/** A model, what inference found out about it, and its engine. */
export interface Simulation {
  readonly model: Model;
  readonly inferred: InferReport;
  readonly engine: PredictedEngine;
}

/** Simulates a model for the first time. `inferred` must be the report on `model`, where there is one already. */
export const startSimulation = (
  model: Model,
  target: Target,
  inferred: InferReport = inferShapes(model),
): Simulation => ({ model, inferred, engine: simulate(model, target, inferred) });

/**
 * The same after edits of its Q/DQ: equal to a full simulation of the edited model. Shapes and types are not inferred
 * again, for no edit of a placement changes one: values keep theirs, and those of a new pair follow from what it
 * quantizes. The builder itself is simulated from the start: its passes walk the whole network, so that a decision may
 * depend on any other, and a network of 350 nodes takes it a few milliseconds.
 */
export function resimulate(
  { model, inferred, engine }: Simulation,
  edits: readonly PlacementEdit[],
): Result<Simulation> {
  const edited = applyEdits(model, edits);
  if (!edited.ok) return edited;
  const report = carryReport(inferred, edited.value.graph);
  return ok(startSimulation(edited.value, engine.target, report));
}

/** The report on a graph, said of a changed copy of it. */
export function carryReport(report: InferReport, graph: Graph): InferReport {
  const folded = new Map<Value, FoldedConstant>();
  for (const [value, constant] of report.folded) {
    const twin = graph.value(value.name);
    if (twin) folded.set(twin, constant);
  }
  return { ...report, folded };
}
