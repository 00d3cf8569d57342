import { cancelled, unknownNode } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Model } from '../ir/model.ts';
import { describeEdit } from '../placement/describe-edit.ts';
import { effectOnNumbers } from '../placement/placement-edit.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';
import type { Target } from '../sim/target.ts';
import type { Change, FoundChange, SearchBudget } from './change.ts';
import { ChangeSearch } from './change-search.ts';
import type { Candidate } from './change-search.ts';
import { diffEngines } from './diff-engines.ts';
import { scoreEngine } from './engine-cost.ts';
import { differencesFromReference, referenceEngine } from './reference-engine.ts';
import { startSimulation } from './resimulate.ts';
import type { Simulation } from './resimulate.ts';

/** Without a node: as many of the costliest places are tried. */
const PLACES = 3;
const SIMULATIONS = 160;

/**
 * The fewest edits of the Q/DQ placement that make the layer of `nodeName` INT8 in and out, or, where none does, the engine
 * cheaper around it, without any new Q/DQ layer; null when the search finds none. Without a name the costliest differences
 * from the reference engine are tried. Single edits go before pairs of edits, and edits that keep the network's function
 * before others. Each edit is simulated on a piece of the model around the node; the answer was simulated on all of it.
 * The same input gives the same answer unless `budget.timeMs` cuts the search. Fails on unknown nodes and when aborted.
 */
export async function smallestChange(
  model: Model,
  target: Target,
  nodeName: string | undefined,
  budget: SearchBudget = {},
): Promise<Result<Change | null>> {
  const found = await findChange(startSimulation(model, target), nodeName, budget);
  return found.ok ? ok(found.value?.change ?? null) : found;
}

/** The same from a simulation that is there already; also gives the model and the engine that the change leads to. */
export async function findChange(
  start: Simulation,
  nodeName: string | undefined,
  budget: SearchBudget = {},
): Promise<Result<FoundChange | null>> {
  const { model } = start;
  if (nodeName !== undefined && !model.graph.node(nodeName)) return fail(unknownNode(nodeName));
  const places = nodeName === undefined ? costlyNodes(start) : [nodeName];
  const share = Math.ceil((budget.simulations ?? SIMULATIONS) / Math.max(1, places.length));
  let best: FoundChange | null = null;
  for (const place of places) {
    const search = new ChangeSearch(start, place, { ...budget, simulations: share });
    const candidate = await search.run();
    if (isAborted(budget)) return fail(cancelled());
    if (candidate) {
      const found = {
        change: changeOf(start, candidate, search.simulations),
        model: candidate.simulation.model,
        engine: candidate.simulation.engine,
      };
      if (!best || found.change.after.bytes < best.change.after.bytes) best = found;
    }
  }
  return ok(best);
}

const isAborted = ({ signal }: SearchBudget): boolean => signal?.aborted === true;

/** One node of each of the costliest differences from the reference engine. */
function costlyNodes({ model, engine }: Simulation): readonly string[] {
  const reference = referenceEngine(model, engine.target);
  if (!reference.ok) return [];
  const nodes = differencesFromReference(engine, reference.value).map((item) =>
    item.nodes.find((name) => model.graph.node(name) !== undefined),
  );
  return [...new Set(nodes.filter((name) => name !== undefined))].slice(0, PLACES);
}

function changeOf(start: Simulation, candidate: Candidate, simulations: number): Change {
  const { edits, simulation, reached } = candidate;
  return {
    edits,
    descriptions: edits.map(describeEdit),
    reaches: reached ? 'int8' : 'better',
    numbers: numbersOf(edits),
    differences: diffEngines(start.engine, simulation.engine),
    before: scoreEngine(start.engine),
    after: scoreEngine(simulation.engine),
    simulations,
  };
}

const numbersOf = (edits: readonly PlacementEdit[]): Change['numbers'] =>
  edits.some((edit) => effectOnNumbers(edit) === 'function') ? 'function' : 'rounding';
