import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { assert } from '../core/base/assert.ts';
import { cancelled } from '../core/base/diagnostics.ts';
import {
  runtimeNotStarted,
  typeNotExchangeable,
  valueUnknown,
} from '../core/base/diagnostics/runtime.ts';
import { fail, ok } from '../core/base/result.ts';
import type { Result } from '../core/base/result.ts';
import type { ModelRunner, OpenRunner } from '../core/calibrate/model-runner.ts';
import { arrayOverBytes } from '../core/inputs/run-arrays.ts';
import type { Feeds, RunTensor } from '../core/inputs/run-tensor.ts';
import type { Graph, Value } from '../core/ir/graph.ts';
import type { Model } from '../core/ir/model.ts';
import type { Tensor as Constant } from '../core/ir/tensor.ts';
import { feedsProblem } from './check-feeds.ts';
import { loadOrt } from './load-ort.ts';
import type { OrtModule, OrtSettings } from './load-ort.ts';
import { openFailure, runFailure } from './ort-failure.ts';
import { fromOrt, isExchangeable, toOrt } from './ort-tensors.ts';
import { isMade, prepareModel } from './prepare-model.ts';
import type { PreparedModel } from './prepare-model.ts';

/**
 * onnxruntime-web as the runtime of `OpenRunner`: models run as written, without any rewriting of Q/DQ. The package is not
 * loaded before the first model is opened. One run uses `threads` threads; an `AbortSignal` is looked at between steps,
 * because a run cannot be interrupted: whoever must stop at once ends the worker.
 */
export const ortRunner =
  (settings: OrtSettings): OpenRunner =>
  async (model, wanted, signal) => {
    const made = wanted.filter((name) => {
      const value = model.graph.value(name);
      return value !== undefined && isMade(value);
    });
    const plain = await plainValues(model, wanted, signal);
    if (!plain.ok) return plain;
    // A run that computes nothing needs no session.
    if (made.length === 0) return ok(new OrtModelRunner(model.graph.inputs, plain.value, null));
    const prepared = await prepareModel(model, made, signal);
    if (!prepared.ok) return prepared;
    if (isAborted(signal)) return fail(cancelled());
    const engine = await startSession(settings, prepared.value);
    if (!engine.ok) return engine;
    return ok(new OrtModelRunner(model.graph.inputs, plain.value, engine.value));
  };

/** Only fatal errors on the console: all others reach us as rejections. */
const SILENT = 4;

/** A function, because the compiler believes that a property that was false stays false. */
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** A session, and the graph that it runs. */
interface Engine {
  readonly ort: OrtModule;
  readonly session: InferenceSession;
  readonly graph: Graph;
}

async function startSession(
  settings: OrtSettings,
  { proto, externalData, graph }: PreparedModel,
): Promise<Result<Engine>> {
  let ort: OrtModule;
  try {
    ort = await loadOrt(settings);
  } catch (error) {
    return fail(runtimeNotStarted(error instanceof Error ? error.message : String(error)));
  }
  try {
    const session = await ort.InferenceSession.create(proto, {
      executionProviders: ['wasm'],
      // Any higher level moves and merges Q/DQ and quantizes biases: the numbers would be those of another model.
      graphOptimizationLevel: 'disabled',
      // A plan of the memory of one run costs more than it saves here, and keeps the peak allocated.
      enableMemPattern: false,
      externalData: [...externalData],
      logSeverityLevel: SILENT,
    });
    return ok({ ort, session, graph });
  } catch (error) {
    return fail(openFailure(error, graph));
  }
}

/** A value that no node makes: fed, or a constant. */
type PlainValue = { readonly kind: 'feed' } | { readonly kind: 'constant'; tensor: RunTensor };

async function plainValues(
  { graph }: Model,
  wanted: readonly string[],
  signal?: AbortSignal,
): Promise<Result<ReadonlyMap<string, PlainValue>>> {
  const plain = new Map<string, PlainValue>();
  for (const name of wanted) {
    const value = graph.value(name);
    if (value !== undefined && isMade(value)) continue;
    if (value?.tensor !== undefined) {
      const constant = await constantNumbers(name, value.tensor, signal);
      if (!constant.ok) return constant;
      plain.set(name, { kind: 'constant', tensor: constant.value });
    } else if (value?.isGraphInput === true) plain.set(name, { kind: 'feed' });
    else return fail(valueUnknown(name));
  }
  return ok(plain);
}

async function constantNumbers(
  name: string,
  { dataType, dims, bytes }: Constant,
  signal?: AbortSignal,
): Promise<Result<RunTensor>> {
  if (!isExchangeable(dataType)) return fail(typeNotExchangeable(name, dataType));
  const read = await bytes.read(signal);
  return read.ok ? ok({ dataType, dims, data: arrayOverBytes(dataType, read.value) }) : read;
}

class OrtModelRunner implements ModelRunner {
  private readonly inputs: readonly Value[];
  private readonly plain: ReadonlyMap<string, PlainValue>;
  private readonly engine: Engine | null;
  private released = false;

  constructor(
    inputs: readonly Value[],
    plain: ReadonlyMap<string, PlainValue>,
    engine: Engine | null,
  ) {
    this.inputs = inputs;
    this.plain = plain;
    this.engine = engine;
  }

  async run(feeds: Feeds, signal?: AbortSignal): Promise<Result<ReadonlyMap<string, RunTensor>>> {
    assert(!this.released, 'a model is not run after its release');
    if (isAborted(signal)) return fail(cancelled());
    const problem = feedsProblem(this.inputs, feeds);
    if (problem !== undefined) return fail(problem);
    const results = new Map<string, RunTensor>();
    for (const [name, value] of this.plain) {
      const tensor = value.kind === 'feed' ? feeds.get(name) : value.tensor;
      if (tensor !== undefined) results.set(name, tensor);
    }
    if (this.engine === null) return ok(results);
    const computed = await compute(this.engine, feeds);
    if (!computed.ok) return computed;
    if (isAborted(signal)) return fail(cancelled());
    for (const [name, tensor] of computed.value) results.set(name, tensor);
    return ok(results);
  }

  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    await this.engine?.session.release();
  }
}

async function compute(
  { ort, session, graph }: Engine,
  feeds: Feeds,
): Promise<Result<ReadonlyMap<string, RunTensor>>> {
  const given: Record<string, Tensor> = {};
  for (const name of session.inputNames) {
    const feed = feeds.get(name);
    // Inputs that stand beside an initializer need no data; all others were checked.
    if (feed && isExchangeable(feed.dataType)) given[name] = toOrt(ort, feed, feed.dataType);
  }
  let answer: InferenceSession.ReturnType;
  try {
    answer = await session.run(given, { logSeverityLevel: SILENT });
  } catch (error) {
    return fail(runFailure(error, graph));
  }
  const results = new Map<string, RunTensor>();
  for (const { name, dataType } of graph.outputs) {
    const tensor = answer[name];
    assert(
      tensor !== undefined && dataType !== undefined && isExchangeable(dataType),
      `the runtime gives ${name}, for which it was asked`,
    );
    results.set(name, fromOrt(tensor, dataType));
  }
  return ok(results);
}
