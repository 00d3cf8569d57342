import { cancelled } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { pendingScales } from '../calibrate/pending-scales.ts';
import type { Model } from '../ir/graph.ts';
import type { PassChange } from '../passes/pass-trace.ts';
import { PIPELINE, USUAL_PASSES } from '../passes/pipeline.ts';
import { describeEdit } from '../placement/describe-edit.ts';
import { passesOf } from './apply-steps.ts';
import { PassChooser } from './choose-passes.ts';
import type { ChosenPasses } from './choose-passes.ts';
import type { OptimizeOptions } from './optimize-options.ts';
import type { OptimizeChange, Optimized } from './optimize-report.ts';
import { inferredCopy } from './inferred-copy.ts';
import { figuresOf, predictPriced } from './priced-simulation.ts';
import type { PricedSimulation } from './priced-simulation.ts';
import { PlacementSearch } from './search-placement.ts';
import type { SearchChange } from './search-placement.ts';
import type { Step } from './step.ts';

/**
 * Rewrites a model so that TensorRT is predicted to build a better engine of it: passes to a fixed point, each place kept
 * only where the engine is worse without, then a search over placements. `model` is not changed. The same options give
 * the same result. Fails where constants cannot be read, on unknown passes, and on abort.
 */
export async function optimize(model: Model, options: OptimizeOptions): Promise<Result<Optimized>> {
  const passes = passesOf(options.passes ?? USUAL_PASSES.map(({ id }) => id));
  if (!passes.ok) return passes;
  options.onProgress?.('Predicting the engine', 0);
  const start = inferredCopy(model);
  const before = predictPriced(start, options.target);
  const chooser = new PassChooser(start, passes.value, options);
  const chosen = await chooser.choose();
  if (!chosen.ok) return chosen;
  const spent = chosen.value.simulations;
  const search = new PlacementSearch(options, options.search ? options.budget - spent : 0);
  const found = await search.run(chosen.value.found);
  if (options.signal?.aborted === true) return fail(cancelled());
  const after = found.at(-1)?.after ?? chosen.value.found;
  const ids = passes.value.map(({ id }) => id);
  return ok({
    before: before.simulation,
    after: after.simulation,
    summary: {
      changes: [...chosen.value.run.changes.map(ofPass), ...found.map(ofSearch)],
      leftOut: chosen.value.leftOut,
      declined: chosen.value.run.declined.filter(({ passId }) => isAskedFor(passId)),
      before: figuresOf(before),
      after: figuresOf(after),
      steps: stepsOf(ids, chosen.value, found, options),
      toCalibrate: pendingScales(after.simulation.model.graph).flatMap(({ values }) => values),
      simulations: 1 + spent + search.simulations,
      budgetSpent: options.search && search.budgetSpent,
    },
  });
}

const isAskedFor = (passId: string): boolean =>
  PIPELINE.find(({ id }) => id === passId)?.onRequest !== undefined;

function ofPass({ passId, text, nodes, numerics }: PassChange): OptimizeChange {
  const reason = PIPELINE.find(({ id }) => id === passId)?.summary ?? '';
  return { source: passId, text, reason, nodes, numerics };
}

function ofSearch({ edits, before, after }: SearchChange): OptimizeChange {
  return {
    source: 'search',
    text: textOf(edits),
    reason: gainText(before, after),
    nodes: edits.flatMap(nodesOf),
    numerics: 'approximate',
  };
}

const textOf = (edits: SearchChange['edits']): string => edits.map(describeEdit).join('; ');

/** `1 layer fewer, 1 Q/DQ fewer`: what differs between two engines, in counts. */
function gainText(before: PricedSimulation, after: PricedSimulation): string {
  const [was, is] = [figuresOf(before), figuresOf(after)];
  const counts = [
    ['layers', was.layers - is.layers],
    ['reformats', was.reformats - is.reformats],
    ['Q/DQ layers', was.survivingQdq - is.survivingQdq],
    ['KB moved', Math.round((was.bytes - is.bytes) / 1024)],
  ] as const;
  const parts = counts
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${String(Math.abs(count))} ${name} ${count > 0 ? 'fewer' : 'more'}`);
  return `The engine has ${parts.join(', ') || 'more of its arithmetic in INT8'}`;
}

function nodesOf(edit: SearchChange['edits'][number]): readonly string[] {
  switch (edit.kind) {
    case 'add-pair':
      return edit.reader ? [edit.reader.node] : [];
    case 'remove-pair':
      return [edit.quantize];
    case 'share-scale':
      return [edit.from, ...edit.quantizers];
    case 'move-pair':
      return [edit.quantize, edit.over];
    case 'remove-relu':
      return [edit.node];
  }
}

function stepsOf(
  ids: readonly string[],
  { except, run }: ChosenPasses,
  found: readonly SearchChange[],
  { settings }: OptimizeOptions,
): readonly Step[] {
  const passes: Step[] =
    run.changes.length === 0
      ? []
      : [{ kind: 'passes', ids, except, ...(settings && { settings }) }];
  const edits = found.map(({ edits }): Step => ({
    kind: 'edits',
    source: 'search',
    text: textOf(edits),
    edits,
  }));
  return [...passes, ...edits];
}
