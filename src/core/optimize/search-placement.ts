import { changeCandidates } from '../explain/change-candidates.ts';
import { cutOut } from '../explain/cut-out.ts';
import { nearNodes } from '../explain/near-nodes.ts';
import { carryReport, resimulate, startSimulation } from '../explain/resimulate.ts';
import type { Simulation } from '../explain/resimulate.ts';
import { effectOnNumbers } from '../placement/placement-edit.ts';
import type { Graph, Model } from '../ir/graph.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';
import { WORTH_US, isBetter } from './engine-price.ts';
import { honestScales } from './honest-scales.ts';
import { hotSpots } from './hot-spots.ts';
import type { HotSpot } from './hot-spots.ts';
import { isLeftAlone } from './left-alone.ts';
import type { OptimizeOptions } from './optimize-options.ts';
import { priced } from './priced-simulation.ts';
import type { PricedSimulation } from './priced-simulation.ts';
import { editedNodes, recipeOf } from './recipes.ts';

/** Nodes away from a costly layer at which edits are looked for. */
const STEPS = 2;
/** So many single edits that lose least are tried in pairs. */
const PAIRED = 6;
/** So many of the best trials on the piece are tried on the whole model. */
const PROVED = 3;
/** So many candidates of kinds that helped elsewhere are tried at a spot before all others are. */
const FOLLOWED = 12;
/** Nodes away from a spot at which kinds of changes that are known to help are looked for. */
const FAR = 4;
/** So many single edits that lose least are followed by a second one elsewhere. */
const BEAM = 4;
/** What such an edit may lose by itself: not even a layer. */
const SLACK_US = 3;
/** Nodes away from a spot that decide what can be done at it. */
const AROUND = 4;
/** Engines predicted between two chances to abort. */
const PER_TURN = 8;

/** One edit or two that the search made, and what it gained. */
export interface SearchChange {
  readonly edits: readonly PlacementEdit[];
  readonly before: PricedSimulation;
  readonly after: PricedSimulation;
}

/** A set of edits on a piece of the model, and the price of the piece. */
interface Trial {
  readonly edits: readonly PlacementEdit[];
  readonly timeUs: number;
  readonly isBetter: boolean;
}

/**
 * Hill climbing over placements: at the costliest layers that could do better, single edits and then pairs of them are
 * tried on a piece of the model, the best are proved on the whole, and a proved one is kept. It ends where nothing helps
 * any more, or with the budget. No edit that changes what the network computes is tried.
 */
export class PlacementSearch {
  simulations = 0;
  /** True when the budget ended the search. */
  budgetSpent = false;
  private readonly options: OptimizeOptions;
  private readonly budget: number;
  /** Spots at which nothing helped, with the nodes around them: they are tried again when one of those changes. */
  private readonly exhausted = new Map<string, readonly string[]>();
  /** Surroundings of such spots: those that look alike come last. */
  private readonly hopeless = new Set<string>();
  /** Kinds of changes that helped somewhere, the last one first. */
  private recipes: readonly string[] = [];

  constructor(options: OptimizeOptions, budget: number) {
    this.options = options;
    this.budget = budget;
  }

  /** Climbs from `start`; gives the changes in the order in which they were made. */
  async run(start: PricedSimulation): Promise<readonly SearchChange[]> {
    const changes: SearchChange[] = [];
    let current = start;
    for (let spot = this.next(current); spot !== null; spot = this.next(current)) {
      const better = await this.improve(current, spot);
      if (this.isOver()) break;
      if (better === null) this.giveUp(spot, current);
      else {
        changes.push(better);
        current = better.after;
        this.learn(better);
      }
    }
    this.budgetSpent = this.simulations >= this.budget;
    return changes;
  }

  private next({ simulation }: PricedSimulation): HotSpot | null {
    if (this.isOver()) return null;
    const open = hotSpots(simulation, this.options.seed).filter(
      ({ key }) => !this.exhausted.has(key),
    );
    const { graph } = simulation.model;
    return open.find((spot) => !this.hopeless.has(surroundings(spot, graph))) ?? open[0] ?? null;
  }

  private giveUp(spot: HotSpot, { simulation }: PricedSimulation): void {
    const around = nearNodes(simulation.model.graph, spot.nodes, AROUND);
    this.exhausted.set(spot.key, [...spot.nodes, ...around]);
    this.hopeless.add(surroundings(spot, simulation.model.graph));
  }

  private learn({ edits, before, after }: SearchChange): void {
    const { graph } = before.simulation.model;
    const recipe = recipeOf(edits, graph);
    this.recipes = [recipe, ...this.recipes.filter((other) => other !== recipe)];
    const touched = edits.flatMap((edit) => editedNodes(edit, graph));
    const near = new Set([...touched, ...nearNodes(after.simulation.model.graph, touched, 1)]);
    for (const [key, nodes] of this.exhausted)
      if (nodes.some((node) => near.has(node))) this.exhausted.delete(key);
  }

  private isOver(): boolean {
    return this.simulations >= this.budget || this.options.signal?.aborted === true;
  }

  /** The best change at one spot; null where none helps. */
  private async improve(current: PricedSimulation, spot: HotSpot): Promise<SearchChange | null> {
    const { model, engine, inferred } = current.simulation;
    const cut = cutOut(model, spot.nodes);
    const piece =
      cut === model
        ? current
        : priced(startSimulation(cut, engine.target, carryReport(inferred, cut.graph)));
    const known = await this.followRecipes(current, piece, this.candidates(model, spot, FAR));
    if (known !== null || this.isOver()) return known;
    const singles = this.candidates(model, spot, STEPS);
    const alone = await this.tryAll(
      piece,
      singles.map((edit) => [edit]),
    );
    const one = await this.prove(current, alone);
    if (one !== null || this.isOver()) return one;
    const few = [...alone].sort((a, b) => a.timeUs - b.timeUs).slice(0, PAIRED);
    const pairs = await this.tryAll(piece, pairsOf(few.map(({ edits }) => edits)));
    const two = await this.prove(current, pairs);
    return two !== null || this.isOver() ? two : this.goOn(current, piece, few.slice(0, BEAM));
  }

  /** Edits around a spot that may be tried at all. */
  private candidates(model: Model, spot: HotSpot, steps: number): readonly PlacementEdit[] {
    return changeCandidates(model.graph, nearNodes(model.graph, spot.nodes, steps))
      .filter((edit) => effectOnNumbers(edit) !== 'function')
      .filter((edit) => !isLeftAlone(edit, model, this.options))
      .flatMap((edit) => honestScales(edit, model.graph));
  }

  /**
   * An edit that gains nothing by itself may only move the copy that costs: from where it is then, a second edit may take it
   * away.
   */
  private async goOn(
    current: PricedSimulation,
    piece: PricedSimulation,
    trials: readonly Trial[],
  ): Promise<SearchChange | null> {
    const before = new Set(hotSpots(piece.simulation, this.options.seed).map(({ key }) => key));
    for (const { edits, timeUs } of trials) {
      if (this.isOver()) return null;
      if (timeUs > piece.price.timeUs + SLACK_US) continue;
      const moved = await this.simulate(piece.simulation, edits);
      if (!moved) continue;
      const fresh = hotSpots(moved.simulation, this.options.seed).find(
        ({ key, isCopy }) => isCopy && !before.has(key),
      );
      if (!fresh) continue;
      const next = this.candidates(moved.simulation.model, fresh, STEPS);
      const sets = next.map((edit) => [...edits, edit]);
      const better = await this.prove(current, await this.tryAll(piece, sets));
      if (better) return better;
    }
    return null;
  }

  /** What helped elsewhere, tried first: the first that helps here too is taken. */
  private async followRecipes(
    current: PricedSimulation,
    piece: PricedSimulation,
    singles: readonly PlacementEdit[],
  ): Promise<SearchChange | null> {
    const { graph } = current.simulation.model;
    const parts = new Set(this.recipes.flatMap((recipe) => recipe.split(' + ')));
    const sets = singles
      .filter((edit) => parts.has(recipeOf([edit], graph)))
      .map((edit): readonly PlacementEdit[] => [edit]);
    const candidates = [...sets, ...pairsOf(sets)].map((edits) => ({
      edits,
      rank: this.recipes.indexOf(recipeOf(edits, graph)),
    }));
    const ranked = candidates.filter(({ rank }) => rank >= 0).sort((a, b) => a.rank - b.rank);
    for (const { edits } of ranked.slice(0, FOLLOWED)) {
      if (this.isOver()) return null;
      const better = await this.prove(current, await this.tryAll(piece, [edits]));
      if (better) return better;
    }
    return null;
  }

  private async tryAll(
    piece: PricedSimulation,
    sets: readonly (readonly PlacementEdit[])[],
  ): Promise<readonly Trial[]> {
    const trials: Trial[] = [];
    for (const edits of sets) {
      if (this.isOver()) break;
      const tried = await this.simulate(piece.simulation, edits);
      if (!tried) continue;
      const better = isBetter(tried.price, piece.price, worthOf(edits));
      trials.push({ edits, timeUs: tried.price.timeUs, isBetter: better });
    }
    return trials;
  }

  private async prove(
    current: PricedSimulation,
    trials: readonly Trial[],
  ): Promise<SearchChange | null> {
    const best = trials
      .filter((trial) => trial.isBetter)
      .sort((a, b) => a.timeUs - b.timeUs || a.edits.length - b.edits.length)
      .slice(0, PROVED);
    for (const { edits } of best) {
      const after = await this.simulate(current.simulation, edits);
      if (after && isBetter(after.price, current.price, worthOf(edits)))
        return { edits, before: current, after };
    }
    return null;
  }

  /** Null for edits that the model does not permit. */
  private async simulate(
    from: Simulation,
    edits: readonly PlacementEdit[],
  ): Promise<PricedSimulation | null> {
    if (this.simulations % PER_TURN === 0) {
      this.options.onProgress?.('Searching placements', this.simulations / this.budget);
      await this.options.pause?.();
    }
    this.simulations++;
    const result = resimulate(from, edits);
    return result.ok ? priced(result.value) : null;
  }
}

/** What stands around a spot, without the names: blocks of a network repeat. */
function surroundings({ nodes }: HotSpot, graph: Graph): string {
  const near = [...nodes, ...nearNodes(graph, nodes, STEPS)];
  return near.map((name) => graph.node(name)?.opType ?? '').join(' ');
}

/** Each new pair rounds once more, and has to gain for that. */
const worthOf = (edits: readonly PlacementEdit[]): number =>
  WORTH_US * (1 + edits.filter(({ kind }) => kind === 'add-pair').length);

function pairsOf(sets: readonly (readonly PlacementEdit[])[]): (readonly PlacementEdit[])[] {
  return sets.flatMap((first, i) => sets.slice(i + 1).map((second) => [...first, ...second]));
}
