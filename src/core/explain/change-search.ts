import { effectOnNumbers } from '../placement/placement-edit.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';
import type { SearchBudget } from './change.ts';
import { changeCandidates } from './change-candidates.ts';
import { cutOut } from './cut-out.ts';
import { explainNode } from './explain-node.ts';
import { nearNodes } from './near-nodes.ts';
import type { NodeView } from './node-goal.ts';
import { viewFrom } from './node-goal.ts';
import { carryReport, resimulate, startSimulation } from './resimulate.ts';
import type { Simulation } from './resimulate.ts';

/** Edits that were simulated, and what they lead to. */
export interface Candidate {
  readonly edits: readonly PlacementEdit[];
  readonly simulation: Simulation;
  readonly reached: boolean;
}

/** One tried set of edits, on the piece. */
interface Trial {
  readonly edits: readonly PlacementEdit[];
  readonly view: NodeView;
}

/** Nodes away from the layer and from those to blame at which edits are looked for. */
const STEPS = 2;
/** So many single edits that come nearest to success are tried in pairs, and so many that stand nearest to the node. */
const PAIRED = 8;
/** So many of the best trials are proved on the whole model before the next larger ones are tried. */
const PROVED = 3;
/** Simulations between two chances to abort. */
const PER_TURN = 8;

/** The search for the smallest change at one node. */
export class ChangeSearch {
  simulations = 0;
  private readonly whole: Simulation;
  private readonly piece: Simulation;
  private readonly node: string;
  private readonly budget: SearchBudget;
  private readonly deadline: number;
  private readonly base: NodeView;
  private readonly pieceBase: NodeView;
  private readonly singles: readonly PlacementEdit[];

  constructor(whole: Simulation, node: string, budget: SearchBudget) {
    this.whole = whole;
    this.node = node;
    this.budget = budget;
    this.deadline = budget.timeMs === undefined ? Infinity : performance.now() + budget.timeMs;
    const { model, engine, inferred } = whole;
    const seeds = this.seeds();
    const cut = cutOut(model, seeds);
    this.piece =
      cut === model ? whole : startSimulation(cut, engine.target, carryReport(inferred, cut.graph));
    this.base = viewFrom(model, engine, node);
    this.pieceBase = viewFrom(cut, this.piece.engine, node);
    this.singles = changeCandidates(model.graph, nearNodes(model.graph, seeds, STEPS));
  }

  /** The best change, single edits before pairs; null where none helps or the budget is spent. */
  async run(): Promise<Candidate | null> {
    const singles = await this.tryAll(this.singles.map((edit) => [edit]));
    const one = this.prove(singles.filter((trial) => this.isGoal(trial)));
    if (one) return one;
    const better = this.base.reached
      ? this.prove(singles.filter((trial) => this.isBetter(trial)))
      : null;
    if (better) return better;
    const pairs = await this.tryAll(pairsOf(this.worthPairing(singles)));
    return (
      this.prove(pairs.filter((trial) => this.isGoal(trial))) ??
      this.prove(singles.filter((trial) => this.isBetter(trial))) ??
      this.prove(pairs.filter((trial) => this.isBetter(trial)))
    );
  }

  /** The node, those of its layer, and those to blame for where it is. */
  private seeds(): readonly string[] {
    const { model, engine } = this.whole;
    const explained = explainNode(model, engine, this.node);
    if (!explained.ok) return [this.node];
    const { layer, reason } = explained.value;
    return [...new Set([this.node, ...(layer?.nodes ?? []), ...reason.nodes])].filter(
      (name) => model.graph.node(name) !== undefined,
    );
  }

  private async tryAll(sets: readonly (readonly PlacementEdit[])[]): Promise<Trial[]> {
    const trials: Trial[] = [];
    const { signal, simulations = Infinity } = this.budget;
    for (const edits of sets) {
      if (this.simulations >= simulations || performance.now() > this.deadline) break;
      if (this.simulations % PER_TURN === 0) await this.budget.pause?.();
      if (signal?.aborted === true) break;
      const tried = this.simulate(this.piece, edits);
      if (tried) trials.push({ edits, view: viewFrom(tried.model, tried.engine, this.node) });
    }
    return trials;
  }

  /** Null for edits that the model does not permit: a candidate that names what the edit before it took away. */
  private simulate(from: Simulation, edits: readonly PlacementEdit[]): Simulation | null {
    this.simulations++;
    const result = resimulate(from, edits);
    return result.ok ? result.value : null;
  }

  /** Half of a good pair may do harm when it is alone, so that its rank says little: what stands near is paired too. */
  private worthPairing(singles: readonly Trial[]): readonly Trial[] {
    const chosen = new Set([...this.ranked(singles).slice(0, PAIRED), ...singles.slice(0, PAIRED)]);
    return [...chosen];
  }

  private isGoal({ view }: Trial): boolean {
    return !this.base.reached && view.reached && this.addsNoQdq(view, this.pieceBase);
  }

  private isBetter({ view }: Trial): boolean {
    return improves(view, this.pieceBase) && this.addsNoQdq(view, this.pieceBase);
  }

  private addsNoQdq(view: NodeView, before: NodeView): boolean {
    return view.copies <= before.copies;
  }

  /** Simulates the best trials on the whole model; the first that holds there is the answer. */
  private prove(trials: readonly Trial[]): Candidate | null {
    for (const { edits, view } of this.ranked(trials).slice(0, PROVED)) {
      const simulation = this.simulate(this.whole, edits);
      if (!simulation) continue;
      const proved = viewFrom(simulation.model, simulation.engine, this.node);
      const holds =
        view.reached && !this.base.reached ? proved.reached : improves(proved, this.base);
      if (holds && this.addsNoQdq(proved, this.base))
        return { edits, simulation, reached: proved.reached };
    }
    return null;
  }

  /** Goal first, then edits that keep the function, then fewer bytes; equals stay in the order of the candidates. */
  private ranked(trials: readonly Trial[]): readonly Trial[] {
    const cost = (trial: Trial): readonly number[] => [
      Number(!trial.view.reached),
      Number(trial.edits.some((edit) => effectOnNumbers(edit) === 'function')),
      trial.view.copies,
      trial.view.score.bytes,
      trial.view.score.layers,
      trial.edits.reduce((sum, edit) => sum + EFFORT[edit.kind], 0),
    ];
    return trials
      .map((trial, index) => ({ trial, key: [...cost(trial), index] }))
      .sort((a, b) => compareLists(a.key, b.key))
      .map(({ trial }) => trial);
  }
}

/** Fewer new nodes are the smaller change. */
const EFFORT: Readonly<Record<PlacementEdit['kind'], number>> = {
  'remove-pair': 0,
  'share-scale': 1,
  'move-pair': 2,
  'add-pair': 3,
  'remove-relu': 4,
};

/** Fewer bytes, and no more copies or layers. */
const improves = ({ score }: NodeView, { score: before }: NodeView): boolean =>
  score.bytes < before.bytes && score.layers <= before.layers;

function pairsOf(trials: readonly Trial[]): (readonly PlacementEdit[])[] {
  return trials.flatMap((first, i) =>
    trials.slice(i + 1).map((second) => [...first.edits, ...second.edits]),
  );
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (const [i, x] of a.entries()) {
    const difference = x - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
