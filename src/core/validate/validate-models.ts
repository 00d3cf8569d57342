import { assert } from '../base/assert.ts';
import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { FeedStream } from '../calibrate/feed-stream.ts';
import { isFloatType } from '../ir/data-type.ts';
import type { Graph, Model } from '../ir/graph.ts';
import type { PassChange } from '../passes/pass-trace.ts';
import { compareModels } from './compare-models.ts';
import { compareWithFloat } from './compare-with-float.ts';
import type { ValidateOptions, ValidationProgress } from './validate-options.ts';
import type { Tolerance, ValidationReport, Verdict } from './validation-report.ts';
import { REPORT_VERSION } from './validation-report.ts';
import { bothVerdicts, judge, judgeFloat } from './verdict.ts';

/** What is to be proved. */
export interface ValidationTask {
  /** A; absent where B is only held against its float self. */
  readonly before?: Model;
  /** B. */
  readonly after: Model;
  /** What passes made B of A; absent where that is not known. */
  readonly changes?: readonly PassChange[];
  /** Also holds B against itself without Q/DQ. */
  readonly float: boolean;
  readonly feeds: FeedStream;
  readonly tolerance?: Tolerance;
  /** How the user knows A, B and the data. */
  readonly names: { readonly before: string; readonly after: string; readonly inputs: string };
}

/** How far a validation of several parts is; parts count from 1. */
export interface TaskProgress extends ValidationProgress {
  readonly part: number;
  readonly parts: number;
}

export type TaskOptions = Omit<ValidateOptions, 'onProgress'> & {
  readonly onProgress?: (progress: TaskProgress) => void;
};

/** So many tensors get histograms and a sample of pairs at most, 20 KB each. */
const MOST_DETAILS = 300;

/** Does all that a task asks for, part by part, and judges what came out. Fails where one of the parts does. */
export async function validateModels(
  task: ValidationTask,
  options: TaskOptions,
): Promise<Result<ValidationReport>> {
  const { before, after, changes, feeds, names, tolerance } = task;
  const parts = Number(before !== undefined) + Number(task.float);
  assert(parts > 0, 'a task asks for something');
  let part = 0;
  const next = (): ValidateOptions => {
    const own = ++part;
    return {
      details: detailNames(after.graph),
      ...options,
      onProgress: (progress) => options.onProgress?.({ ...progress, part: own, parts }),
    };
  };
  let report: Omit<ValidationReport, 'verdict'> = {
    ...{ version: REPORT_VERSION, ...names },
    ...(tolerance && { tolerance }),
  };
  if (before !== undefined) {
    const compare = { ...next(), ...(changes && { changes }) };
    const equivalence = await compareModels({ before, after }, feeds, compare);
    if (!equivalence.ok) return equivalence;
    report = { ...report, equivalence: equivalence.value };
  }
  if (task.float) {
    const float = await compareWithFloat(after, feeds, next());
    if (!float.ok) return float;
    report = { ...report, float: float.value };
  }
  return ok({ ...report, verdict: verdictOf(report) });
}

/** The tolerance is held against both parts. */
function verdictOf({ equivalence, float, tolerance }: Omit<ValidationReport, 'verdict'>): Verdict {
  const verdicts = [
    ...(equivalence ? [judge(equivalence, tolerance)] : []),
    ...(float ? [judgeFloat(float, tolerance)] : []),
  ];
  return verdicts.reduce(bothVerdicts);
}

/** Outputs and inputs first, then what nodes make, in order, as long as there is room. */
function detailNames(graph: Graph): readonly string[] {
  const names = new Set([...graph.outputs, ...graph.inputs].map(({ name }) => name));
  for (const node of graph.nodes())
    for (const { name, dataType } of node.outputs)
      if (name !== '' && (dataType === undefined || isFloatType(dataType))) names.add(name);
  return [...names].slice(0, MOST_DETAILS);
}
