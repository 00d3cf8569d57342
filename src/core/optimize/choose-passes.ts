import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Model } from '../ir/graph.ts';
import type { PassChange } from '../passes/pass-trace.ts';
import type { RewritePass } from '../passes/rewrite-pass.ts';
import { SharedStart } from '../passes/run-passes.ts';
import type { PassRun } from '../passes/run-passes.ts';
import { acceptBut } from './apply-steps.ts';
import { isNoWorse } from './engine-price.ts';
import type { LeftOut } from './optimize-report.ts';
import type { OptimizeOptions } from './optimize-options.ts';
import { predictPriced } from './priced-simulation.ts';
import type { PricedSimulation } from './priced-simulation.ts';
import type { PassSite } from './step.ts';

/** A run of the passes with some places left out, and what it comes to. */
export interface ChosenPasses {
  readonly run: PassRun;
  readonly except: readonly PassSite[];
  readonly leftOut: readonly LeftOut[];
  readonly found: PricedSimulation;
  /** Engines that were predicted. */
  readonly simulations: number;
}

interface Trial {
  readonly run: PassRun;
  readonly except: readonly PassSite[];
  readonly found: PricedSimulation;
}

/**
 * Runs the passes to their fixed point, all together, for one often pays only with another; then takes back what the
 * predicted engine is no worse without: whole passes, then halves of what they did, then single places. What makes a model
 * legal (`normalize`) and what was asked for by name always stays. So the result has the fewest changes that this way of looking finds.
 */
export class PassChooser {
  private readonly model: Model;
  private readonly passes: readonly RewritePass[];
  private readonly options: OptimizeOptions;
  private readonly kept: ReadonlySet<string>;
  private simulations = 0;

  constructor(model: Model, passes: readonly RewritePass[], options: OptimizeOptions) {
    this.model = model;
    this.passes = passes;
    this.options = options;
    const asked = passes.filter(
      ({ group, onRequest }) => group === 'normalize' || onRequest !== undefined,
    );
    this.kept = new Set(asked.map(({ id }) => id));
  }

  async choose(): Promise<Result<ChosenPasses>> {
    const { target, settings = {}, signal } = this.options;
    // What makes the model legal is in every trial: it is done once.
    const isLegal = ({ group }: RewritePass) => group === 'normalize';
    const start = await SharedStart.of(this.model, this.passes, isLegal, {
      target,
      settings,
      ...(signal && { signal }),
    });
    if (!start.ok) return start;
    const first = await this.attempt([], start.value);
    if (!first.ok) return first;
    let best = first.value;
    const all = sitesOf(best.run.changes);
    const optional = all.filter(({ passId }) => !this.kept.has(passId));
    const byPass = [...new Set(optional.map(({ passId }) => passId))].map((id) =>
      optional.filter(({ passId }) => passId === id),
    );
    const open = byPass.reverse();
    for (let chunk = open.shift(); chunk !== undefined; chunk = open.shift()) {
      if (this.simulations >= this.budget || this.options.signal?.aborted === true) break;
      this.options.onProgress?.('Taking back what gains nothing', this.simulations / this.budget);
      const without = await this.attempt([...best.except, ...chunk], start.value);
      if (!without.ok) return without;
      if (this.isFewer(without.value, best) || this.isHarmful(best, without.value))
        best = without.value;
      else if (chunk.length > 1) {
        const half = Math.ceil(chunk.length / 2);
        open.unshift(chunk.slice(0, half), chunk.slice(half));
      }
    }
    const leftOut = all.filter(({ passId, site }) =>
      best.except.some((other) => other.passId === passId && other.site === site),
    );
    return ok({ ...best, leftOut, simulations: this.simulations });
  }

  /** Half of the budget is for the search behind. */
  private get budget(): number {
    return Math.max(8, this.options.budget / 2);
  }

  private isFewer(trial: Trial, best: Trial): boolean {
    return (
      isNoWorse(trial.found.price, best.found.price) &&
      trial.run.changes.length < best.run.changes.length
    );
  }

  /** True where taking part of the changes back leaves fewer copies, whatever the price says. */
  private isHarmful(best: Trial, without: Trial): boolean {
    return without.found.price.copies < best.found.price.copies;
  }

  private async attempt(except: readonly PassSite[], start: SharedStart): Promise<Result<Trial>> {
    await this.options.pause?.();
    this.simulations++;
    const run = await start.finish(acceptBut(except));
    if (!run.ok) return run;
    return ok({
      run: run.value,
      except,
      found: predictPriced(run.value.model, this.options.target),
    });
  }
}

/** The places at which passes changed something, each once, with the first thing said of it. */
function sitesOf(changes: readonly PassChange[]): readonly LeftOut[] {
  const sites = new Map<string, LeftOut>();
  for (const { passId, site, text } of changes)
    if (!sites.has(`${passId}\n${site}`)) sites.set(`${passId}\n${site}`, { passId, site, text });
  return [...sites.values()];
}
