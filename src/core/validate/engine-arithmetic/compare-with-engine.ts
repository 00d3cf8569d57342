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
import type { Graph, Node } from '../../ir/graph.ts';
import type { Model } from '../../ir/model.ts';
import { isDequantizeNode, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import type { PredictedEngine } from '../../sim/predicted-engine.ts';
import { quantizerOfValue, rangeOf, readScales, stepOfValue } from '../activation-quantizer.ts';
import type { ValidateOptions } from '../validate-options.ts';
import type { RunFacts } from '../validation-report.ts';
import type { EngineArithmeticReport, EngineTensorError } from './engine-arithmetic-report.ts';
import { engineModel } from './engine-model.ts';
import type { HeldTensor } from './engine-model.ts';
import { EngineWatch, SIDES } from './engine-watch.ts';
import type { EngineWatchSettings, Side } from './engine-watch.ts';

/** What following an engine needs. */
export interface EngineOptions extends ValidateOptions {
  /** The model that a rewrite has made this one of: what it changes is told beside. */
  readonly before?: Model;
}

/**
 * Runs a model three times on the same inputs: without its Q/DQ, as it is written, and with the arithmetic of the engine predicted
 * from it; and a fourth one, where there is a model before. So the report can tell what quantization and what a rewrite
 * change from what fusion and FP16 change. Outputs, and all tensors that the engine stores, or those of `options.tensors`.
 * Fails like the runner, without data, on abort, and on a model of which the engine is not.
 */
export async function compareWithEngineArithmetic(
  model: Model,
  engine: PredictedEngine,
  feeds: FeedStream,
  options: EngineOptions,
): Promise<Result<EngineArithmeticReport>> {
  const scales = await readScales(model.graph, options.signal);
  if (!scales.ok) return scales;
  const built = engineModel(model, engine);
  if (!built.ok) return built;
  const float = floatModel(model, { float: true });
  const watches = new WatchMaker(model.graph, built.value.tensors, float, options).watches();
  const models: Models = {
    ...{ float: float.model, model, engine: built.value.model },
    ...(options.before && { before: options.before }),
  };
  const walked = await walkAll(models, watches, feeds, options);
  if (!walked.ok) return walked;
  const tensors = watches.flatMap((watch) => watch.result() ?? []);
  const apart = tensors.filter(({ fusion }) => fusion.unequal > 0);
  const [first] = [...apart].sort((a, b) => a.order - b.order);
  return ok({
    ...walked.value,
    target: engine.target,
    tensors,
    worst: [...apart].sort(byFusion).map(({ tensor }) => tensor),
    ...(first && { firstApart: first.tensor }),
    remarks: built.value.remarks,
    details: watches.flatMap((watch) => watch.detail() ?? []),
  });
}

/** Lowest SQNR first; infinities are equal to themselves, which subtracting them does not tell. */
const byFusion = (a: EngineTensorError, b: EngineTensorError): number =>
  a.fusion.sqnrDb === b.fusion.sqnrDb ? a.order - b.order : a.fusion.sqnrDb - b.fusion.sqnrDb;

/** Looks up what is to be known of the tensors that are watched. */
class WatchMaker {
  private readonly graph: Graph;
  private readonly held: ReadonlyMap<string, HeldTensor>;
  private readonly float: FloatModel;
  private readonly options: EngineOptions;
  private readonly orders: ReadonlyMap<Node, number>;

  constructor(
    graph: Graph,
    held: ReadonlyMap<string, HeldTensor>,
    float: FloatModel,
    options: EngineOptions,
  ) {
    this.graph = graph;
    this.held = held;
    this.float = float;
    this.options = options;
    this.orders = new Map(graph.sortedNodes().map((node, order) => [node, order]));
  }

  watches(): EngineWatch[] {
    const outputs = this.graph.outputs.map(({ name }) => name);
    const chosen = this.options.tensors ?? [...this.held.keys()];
    const details = new Set(this.options.details ?? outputs);
    return [...new Set([...chosen, ...outputs])].map((tensor) => {
      const value = this.graph.value(tensor);
      const found = value && quantizerOfValue(value);
      return new EngineWatch({
        about: this.about(tensor, outputs.includes(tensor)),
        names: this.names(tensor, outputs.includes(tensor)),
        kernels: this.options.kernels,
        step: stepOfValue(value),
        quantizer: found && rangeOf(found),
        isDetailed: details.has(tensor),
      });
    });
  }

  private about(tensor: string, isOutput: boolean): EngineWatchSettings['about'] {
    const node = this.makerOf(tensor);
    const held = this.held.get(tensor);
    return {
      ...{ tensor, isOutput },
      node: node?.name ?? '',
      order: node === null ? 0 : (this.orders.get(node) ?? 0),
      ...(held && { layer: held.layer, engineType: held.dataType }),
      nodes: held?.nodes ?? (node === null ? [] : [node.name]),
    };
  }

  /** Of what a pair gives, the Q: that is the node whose layer stores it. */
  private makerOf(tensor: string): Node | null {
    const maker = this.graph.value(tensor)?.producer() ?? null;
    const quantizer = maker && isDequantizeNode(maker) ? maker.inputs[0]?.producer() : undefined;
    return quantizer && isQuantizeNode(quantizer) ? quantizer : maker;
  }

  private names(tensor: string, isOutput: boolean): EngineWatchSettings['names'] {
    const float = this.float.nameOf(tensor);
    const graph = this.options.before?.graph;
    const isThere = (name: string): boolean => {
      const value = graph?.value(name);
      return value !== undefined && (value.producer() !== null || value.isGraphInput);
    };
    const before = [tensor, float].find(isThere);
    const engine = isOutput ? tensor : (this.held.get(tensor)?.value ?? tensor);
    return { float, model: tensor, engine, ...(before !== undefined && { before }) };
  }
}

type Models = Readonly<Record<Exclude<Side, 'before'>, Model>> & { readonly before?: Model };

/** Walks over the data once for each group of tensors. */
async function walkAll(
  models: Models,
  watches: readonly EngineWatch[],
  feeds: FeedStream,
  options: EngineOptions,
): Promise<Result<RunFacts>> {
  const names = watches.map(({ tensor }) => tensor);
  const groups = options.splitValues?.(models.model.graph, names) ?? [names];
  let batches = 0;
  for (const [index, group] of groups.entries()) {
    const members = new Set(group);
    const wanted = watches.filter(({ tensor }) => members.has(tensor));
    const known = index > 0 ? { batches } : {};
    const walked = await walk(models, wanted, feeds, {
      ...options,
      onBatch: (batch) =>
        options.onProgress?.({ batch, ...known, group: index + 1, groups: groups.length }),
    });
    if (!walked.ok) return walked;
    if (walked.value === 0) return fail(validationDataEmpty());
    if (index > 0 && walked.value !== batches)
      return fail(validationDataOnce(batches, walked.value));
    batches = walked.value;
  }
  return ok({ batches, groups: groups.length });
}

interface WalkOptions extends ValidateOptions {
  readonly onBatch: (batch: number) => void;
}

/** Gives the number of batches. Models are held together, unless `together` is false. */
async function walk(
  models: Models,
  watches: readonly EngineWatch[],
  feeds: FeedStream,
  options: WalkOptions,
): Promise<Result<number>> {
  const { signal, pause, onBatch } = options;
  const runners = new Runners(models, watches, options);
  try {
    let batch = 0;
    for await (const next of readFeeds(feeds, signal)) {
      if (!next.ok) return next;
      const given = new Map<Side, ReadonlyMap<string, RunTensor>>();
      for (const side of SIDES) {
        const results = await runners.run(side, next.value);
        if (!results.ok) return results;
        if (signal?.aborted === true) return fail(cancelled());
        given.set(side, results.value);
      }
      for (const watch of watches)
        watch.add((side) => given.get(side)?.get(watch.names[side] ?? ''));
      onBatch(++batch);
      await pause?.();
    }
    return ok(batch);
  } finally {
    await runners.release();
  }
}

/** The models of a walk, opened when they are first run. */
class Runners {
  private readonly models: Models;
  private readonly watches: readonly EngineWatch[];
  private readonly options: ValidateOptions;
  private readonly open = new Map<Side, ModelRunner>();

  constructor(models: Models, watches: readonly EngineWatch[], options: ValidateOptions) {
    this.models = models;
    this.watches = watches;
    this.options = options;
  }
  /** Nothing, where there is no such model or it is asked for nothing. */
  async run(side: Side, feeds: Feeds): Promise<Result<ReadonlyMap<string, RunTensor>>> {
    const { openRunner, signal, together = true } = this.options;
    const model = this.models[side];
    const wanted = [...new Set(this.watches.flatMap(({ names }) => names[side] ?? []))];
    if (!model || wanted.length === 0) return ok(new Map());
    let runner = this.open.get(side);
    if (!runner) {
      const opened = await openRunner(model, wanted, signal);
      if (!opened.ok) return opened;
      this.open.set(side, (runner = opened.value));
    }
    const given = await runner.run(feeds, signal);
    if (!together) await this.release();
    return given;
  }
  async release(): Promise<void> {
    const runners = [...this.open.values()];
    this.open.clear();
    for (const runner of runners) await runner.release();
  }
}
