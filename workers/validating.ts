import type { NumbersSettings, Progress } from '../src/api/numbers-api.ts';
import type { ReportKind, ValidationReport, ValidationRequest } from '../src/api/validate-api.ts';
import { assert } from '../src/core/base/assert.ts';
import { fail } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import type { OpenRunner } from '../src/core/calibrate/model-runner.ts';
import { startSimulation } from '../src/core/explain/resimulate.ts';
import type { Model } from '../src/core/ir/model.ts';
import type { QuantKernels } from '../src/core/quant/quant-kernels.ts';
import { csvReport } from '../src/core/validate/report-csv.ts';
import { htmlReport } from '../src/core/validate/report-html.ts';
import { jsonReport } from '../src/core/validate/report-json.ts';
import type { EngineTask, TaskProgress } from '../src/core/validate/validate-models.ts';
import { validateModels } from '../src/core/validate/validate-models.ts';
import { fitTogether, valueBudget, weightsProblem } from '../src/ort/check-weights.ts';
import { groupValues } from '../src/ort/group-values.ts';
import { feedsOfSpec } from './feeds-of-spec.ts';
import type { ReadImage } from './feeds-of-spec.ts';
import { againMade, openFiles } from './stepped-model.ts';

type SplitValues = NonNullable<EngineTask['splitValues']>;
type OnProgress = ((progress: Progress) => void) | undefined;

/** What differs between browser and tests. */
export interface ValidateParts {
  readonly runner: (settings: NumbersSettings) => OpenRunner;
  readonly readImage: ReadImage;
  readonly kernels: () => Promise<QuantKernels>;
}

/** Proves what steps of the page did to the numbers. Models that the runtime cannot hold are refused before anything runs. */
export async function validateRequest(
  request: ValidationRequest,
  { runner, readImage, kernels }: ValidateParts,
  onProgress: OnProgress,
): Promise<Result<ValidationReport>> {
  const opened = await openFiles(request.files, onProgress);
  if (!opened.ok) return opened;
  const before = await againMade(opened.value, request.before, onProgress);
  if (!before.ok) return before;
  const after = await againMade(before.value.model, request.after, onProgress);
  if (!after.ok) return after;
  const { model } = after.value;
  const { graph } = model;
  const problem = weightsProblem(graph) ?? weightsProblem(before.value.model.graph);
  if (problem) return fail(problem);
  const { feeds: spec, tolerance, engine } = request;
  const feeds = feedsOfSpec(spec, graph, readImage);
  if (!feeds.ok) return feeds;
  onProgress?.({ step: 'Starting the runtime' });
  // What is promised is known only where nothing but passes was applied.
  const steps = request.after.flatMap((made) => made.steps);
  const isKnown = steps.every(({ kind }) => kind === 'passes');
  return validateModels(
    {
      ...(request.equivalence && { before: before.value.model }),
      ...(isKnown && { changes: after.value.changes }),
      after: model,
      ...(engine && { engine: engineTask(request, model, before.value.model) }),
      ...{ float: request.float, feeds: feeds.value, names: request.names },
      ...(tolerance && { tolerance }),
    },
    {
      openRunner: runner(request.runtime),
      kernels: await kernels(),
      together: request.sparing !== true && fitTogether(before.value.model.graph, graph),
      splitValues: splitOf(request, 1),
      onProgress: (at) => onProgress?.(progressOf(at, feeds.value.count)),
    },
  );
}

/** The engine of B: twice as many models as otherwise hold their numbers at once there. */
function engineTask(request: ValidationRequest, after: Model, before: Model): EngineTask {
  assert(request.engine, 'an engine is asked for');
  const { engine } = startSimulation(after, request.engine);
  const graphs = [after, after, after, ...(request.equivalence ? [before] : [])];
  return {
    engine,
    together: request.sparing !== true && fitTogether(...graphs.map(({ graph }) => graph)),
    splitValues: splitOf(request, 2),
  };
}

/** `pairs`: of how many pairs of models the numbers are held at once. */
const splitOf =
  ({ sparing = false, feeds: { dims = {} } }: ValidationRequest, pairs: number): SplitValues =>
  (graph, values) =>
    groupValues(graph, values, {
      budgetBytes: valueBudget(graph) / (sparing ? 4 : 1) / pairs,
      dims,
    });

/** The report as the text of a file. */
export function reportText(report: ValidationReport, kind: ReportKind): string {
  switch (kind) {
    case 'html':
      return htmlReport(report);
    case 'csv':
      return csvReport(report);
    case 'json':
      return jsonReport(report);
  }
}

function progressOf(
  { batch, group, groups, part, parts, kind }: TaskProgress,
  count: number | undefined,
): Progress {
  const of = count === undefined ? '' : ` of ${String(count)}`;
  const walk = groups > 1 ? `, walk ${String(group)} of ${String(groups)}` : '';
  const what = parts > 1 ? ` (part ${String(part)} of ${String(parts)})` : '';
  return {
    step: `${kind === 'engine' ? 'Following the engine: sample' : 'Running sample'} ${String(batch)}${of}${walk}${what}`,
    ...(count !== undefined && {
      fraction: (part - 1 + (group - 1 + batch / Math.max(1, count)) / groups) / parts,
    }),
  };
}
