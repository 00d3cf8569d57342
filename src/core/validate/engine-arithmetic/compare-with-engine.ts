import { cancelled } from '../../base/diagnostics.ts';
import { validationDataEmpty, validationDataOnce } from '../../base/diagnostics/validate.ts';
import { fail, ok } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';
import { readFeeds } from '../../calibrate/feed-stream.ts';
import type { FeedStream } from '../../calibrate/feed-stream.ts';
import { floatModel } from '../../calibrate/float-model.ts';
import type { FloatModel } from '../../calibrate/float-model.ts';
import type { ModelRunner } from '../../calibrate/model-runner.ts';
import type { Feeds, RunTensor } from '../../inputs/run-tensor.ts';
import type { Model } from '../../ir/model.ts';
import type { PredictedEngine } from '../../sim/predicted-engine.ts';
import { readScales, stepOfValue } from '../activation-quantizer.ts';
import { ErrorSum } from '../error-sum.ts';
import { runNumbers } from '../run-numbers.ts';
import type { ValidateOptions } from '../validate-options.ts';
import type { EngineArithmeticReport, EngineTensorError } from './engine-arithmetic-report.ts';
import { engineModel } from './engine-model.ts';
import type { HeldTensor } from './engine-model.ts';

/**
 * Runs a model three times on the same inputs: without its Q/DQ, as it is written, and with the arithmetic of the engine predicted
 * from it. So the report can tell what quantization changes from what fusion and FP16 change. Outputs, and all tensors
 * that the engine stores, or those of `options.tensors`. Fails like the runner, without data, on abort, and on a model of
 * which the engine is not.
 */
export async function compareWithEngineArithmetic(
  model: Model,
  engine: PredictedEngine,
  feeds: FeedStream,
  options: ValidateOptions,
): Promise<Result<EngineArithmeticReport>> {
  const scales = await readScales(model.graph, options.signal);
  if (!scales.ok) return scales;
  const built = engineModel(model, engine);
  if (!built.ok) return built;
  const float = floatModel(model, { float: true });
  const watches = watchesOf(model, built.value.tensors, float, options);
  const names = watches.map(({ tensor }) => tensor);
  const groups = options.splitValues?.(model.graph, names) ?? [names];
  let batches = 0;
  for (const [index, group] of groups.entries()) {
    const wanted = watches.filter(({ tensor }) => group.includes(tensor));
    const walked = await walk([float.model, model, built.value.model], wanted, feeds, {
      ...options,
      onBatch: (batch) => options.onProgress?.({ batch, group: index + 1, groups: groups.length }),
    });
    if (!walked.ok) return walked;
    if (walked.value === 0) return fail(validationDataEmpty());
    if (index > 0 && walked.value !== batches)
      return fail(validationDataOnce(batches, walked.value));
    batches = walked.value;
  }
  const tensors = watches.flatMap((watch) => watch.result() ?? []);
  return ok({ batches, groups: groups.length, tensors, remarks: built.value.remarks });
}

function watchesOf(
  { graph }: Model,
  held: ReadonlyMap<string, HeldTensor>,
  float: FloatModel,
  { kernels, tensors }: ValidateOptions,
): Watch[] {
  const outputs = graph.outputs.map(({ name }) => name);
  const chosen = tensors ?? [...held.keys()];
  return [...new Set([...chosen, ...outputs])].map((name) => {
    const found = held.get(name);
    const isOutput = outputs.includes(name);
    const names: Names = [float.nameOf(name), name, isOutput ? name : (found?.value ?? name)];
    const step = stepOfValue(graph.value(name));
    return new Watch(
      { tensor: name, isOutput, held: found },
      names,
      () => new ErrorSum(kernels, step),
    );
  });
}

/** What a tensor is called in the float model, in the model, and in that of the engine. */
type Names = readonly [float: string, model: string, engine: string];

/** Sums up the three errors of one tensor. */
class Watch {
  readonly names: Names;
  private readonly about: {
    readonly tensor: string;
    readonly isOutput: boolean;
    readonly held: HeldTensor | undefined;
  };
  private readonly quantization: ErrorSum;
  private readonly fusion: ErrorSum;
  private readonly total: ErrorSum;

  constructor(about: Watch['about'], names: Names, newSum: () => ErrorSum) {
    this.about = about;
    this.names = names;
    this.quantization = newSum();
    this.fusion = newSum();
    this.total = newSum();
  }
  get tensor(): string {
    return this.about.tensor;
  }
  /** Tensors of unequal length, as lists of detections can be, are left out. */
  add(float: RunTensor, model: RunTensor, engine: RunTensor): void {
    const [a, b, c] = [float, model, engine].map(runNumbers);
    if (!a || !b || !c || a.length !== b.length || b.length !== c.length) return;
    this.quantization.add(a, b);
    this.fusion.add(b, c);
    this.total.add(a, c);
  }
  result(): EngineTensorError | undefined {
    const { tensor, isOutput, held } = this.about;
    const [quantization, fusion, total] = [this.quantization, this.fusion, this.total].map((sum) =>
      sum.result(),
    );
    if (!quantization || !fusion || !total) return undefined;
    const stored = held ? { layer: held.layer, engineType: held.dataType } : {};
    return { tensor, isOutput, ...stored, quantization, fusion, total };
  }
}

interface WalkOptions extends ValidateOptions {
  readonly onBatch: (batch: number) => void;
}

/** Gives the number of batches. Models are held together, unless `together` is false. */
async function walk(
  models: readonly Model[],
  watches: readonly Watch[],
  feeds: FeedStream,
  options: WalkOptions,
): Promise<Result<number>> {
  const { signal, pause, onBatch } = options;
  const sides = new Sides(models, watches, options);
  try {
    let batch = 0;
    for await (const next of readFeeds(feeds, signal)) {
      if (!next.ok) return next;
      const given: ReadonlyMap<string, RunTensor>[] = [];
      for (const side of models.keys()) {
        const results = await sides.run(side, next.value);
        if (!results.ok) return results;
        if (signal?.aborted === true) return fail(cancelled());
        given.push(results.value);
      }
      take(watches, given);
      onBatch(++batch);
      await pause?.();
    }
    return ok(batch);
  } finally {
    await sides.release();
  }
}

/** The models of a walk, opened when they are first run. */
class Sides {
  private readonly models: readonly Model[];
  private readonly watches: readonly Watch[];
  private readonly options: ValidateOptions;
  private readonly runners = new Map<number, ModelRunner>();

  constructor(models: readonly Model[], watches: readonly Watch[], options: ValidateOptions) {
    this.models = models;
    this.watches = watches;
    this.options = options;
  }
  async run(side: number, feeds: Feeds): Promise<Result<ReadonlyMap<string, RunTensor>>> {
    const { openRunner, signal, together = true } = this.options;
    let runner = this.runners.get(side);
    if (!runner) {
      const wanted = [...new Set(this.watches.map(({ names }) => names[side] ?? ''))];
      const opened = await openRunner(this.models[side]!, wanted, signal);
      if (!opened.ok) return opened;
      this.runners.set(side, (runner = opened.value));
    }
    const given = await runner.run(feeds, signal);
    if (!together) await this.release();
    return given;
  }
  async release(): Promise<void> {
    const open = [...this.runners.values()];
    this.runners.clear();
    for (const runner of open) await runner.release();
  }
}

function take(watches: readonly Watch[], given: readonly ReadonlyMap<string, RunTensor>[]): void {
  for (const watch of watches) {
    const [float, model, engine] = watch.names.map((name, side) => given[side]?.get(name));
    if (float && model && engine) watch.add(float, model, engine);
  }
}
