import { assert } from '../base/assert.ts';
import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { FeedStream } from '../calibrate/feed-stream.ts';
import { isFloatType } from '../ir/data-type.ts';
import type { Graph, Model } from '../ir/graph.ts';
import type { PassChange } from '../passes/pass-trace.ts';
import type { PredictedEngine } from '../sim/predicted-engine.ts';
import { compareModels } from './compare-models.ts';
import { compareWithFloat } from './compare-with-float.ts';
import { compareWithEngineArithmetic } from './engine-arithmetic/compare-with-engine.ts';
import type { ValidateOptions, ValidationProgress } from './validate-options.ts';
import type { Tolerance, ValidationReport, Verdict } from './validation-report.ts';
import { REPORT_VERSION } from './validation-report.ts';
import { bothVerdicts, judge, judgeEngine, judgeFloat } from './verdict.ts';

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
  /** Also follows the arithmetic of the engine that was predicted from B. */
  readonly engine?: EngineTask;
  readonly feeds: FeedStream;
  readonly tolerance?: Tolerance;
  /** How the user knows A, B and the data. */
  readonly names: { readonly before: string; readonly after: string; readonly inputs: string };
}

/** An engine to be followed. Three models or four run there, so that memory may ask for other limits than two do. */
export interface EngineTask extends Pick<ValidateOptions, 'together' | 'splitValues'> {
  readonly engine: PredictedEngine;
}

/** How far a validation of several parts is; parts count from 1. */
export interface TaskProgress extends ValidationProgress {
  readonly part: number;
  readonly parts: number;
  readonly kind: 'equivalence' | 'float' | 'engine';
}

export type TaskOptions = Omit<ValidateOptions, 'onProgress'> & {
  readonly onProgress?: (progress: TaskProgress) => void;
};

/** So many tensors get histograms and a sample of pairs at most, 20 KB each. */
const MOST_DETAILS = 300;

/**
 * Does all that a task asks for, part by part, and judges what came out. Fails where one of the parts does; only that the engine
 * cannot be followed leaves a report of the rest, which says so.
 */
export async function validateModels(
  task: ValidationTask,
  options: TaskOptions,
): Promise<Result<ValidationReport>> {
  const { before, after, changes, feeds, names, tolerance } = task;
  const parts =
    Number(before !== undefined) + Number(task.float) + Number(task.engine !== undefined);
  assert(parts > 0, 'a task asks for something');
  let part = 0;
  const next = (kind: TaskProgress['kind']): ValidateOptions => {
    const own = ++part;
    return {
      details: detailNames(after.graph),
      ...options,
      onProgress: (progress) => options.onProgress?.({ ...progress, part: own, parts, kind }),
    };
  };
  let report: Omit<ValidationReport, 'verdict'> = {
    ...{ version: REPORT_VERSION, ...names },
    ...(tolerance && { tolerance }),
  };
  if (before !== undefined) {
    const compare = { ...next('equivalence'), ...(changes && { changes }) };
    const equivalence = await compareModels({ before, after }, feeds, compare);
    if (!equivalence.ok) return equivalence;
    report = { ...report, equivalence: equivalence.value };
  }
  if (task.float) {
    const float = await compareWithFloat(after, feeds, next('float'));
    if (!float.ok) return float;
    report = { ...report, float: float.value };
  }
  if (task.engine) {
    const followed = await follow(task.engine, task, next('engine'));
    if (!followed.ok) return followed;
    report = { ...report, ...followed.value };
  }
  return ok({ ...report, verdict: verdictOf(report) });
}

/** Of failures only these end all: the user's wish, and memory, which may be spared in a second run. */
const ENDING: ReadonlySet<string> = new Set(['base/cancelled', 'runtime/out-of-memory']);

async function follow(
  { engine, ...limits }: EngineTask,
  { before, after, float, feeds }: ValidationTask,
  options: ValidateOptions,
): Promise<Result<Pick<ValidationReport, 'engine' | 'engineProblem'>>> {
  const own = { ...options, ...limits, ...(before && { before }) };
  const followed = await compareWithEngineArithmetic(after, engine, feeds, own);
  if (followed.ok) return ok({ engine: followed.value });
  const isAlone = before === undefined && !float;
  return isAlone || ENDING.has(followed.error.code)
    ? followed
    : ok({ engineProblem: followed.error });
}

/**
 * The tolerance is held against what is compared as written; the engine's arithmetic is judged only where it is all there is, for
 * what an engine may differ in is no fault of the model.
 */
function verdictOf({
  equivalence,
  float,
  engine,
  tolerance,
}: Omit<ValidationReport, 'verdict'>): Verdict {
  const verdicts = [
    ...(equivalence ? [judge(equivalence, tolerance)] : []),
    ...(float ? [judgeFloat(float, tolerance)] : []),
  ];
  if (engine && verdicts.length === 0) return judgeEngine(engine, tolerance);
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
