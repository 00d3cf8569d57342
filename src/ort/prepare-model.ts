import { assert } from '../core/base/assert.ts';
import { readFailed } from '../core/base/diagnostics.ts';
import {
  operatorNotRunnable,
  typeNotExchangeable,
  valueTypeUnknown,
  valueUnknown,
} from '../core/base/diagnostics/runtime.ts';
import { fail, ok } from '../core/base/result.ts';
import type { Result } from '../core/base/result.ts';
import type { Graph, Node, Value } from '../core/ir/graph.ts';
import { inferShapes } from '../core/ir/infer/infer-shapes.ts';
import type { Model } from '../core/ir/model.ts';
import { ExternalTensor, saveModel } from '../core/onnx/index.ts';
import { weightsProblem } from './check-weights.ts';
import { isExchangeable } from './ort-tensors.ts';

/** Weights from this size on stay outside the file: copying small ones is cheaper than naming them. */
const EXTERNAL_FROM_BYTES = 1024;
/** Operator sets that onnxruntime-web has. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);

/** True for a value that a node makes. */
export const isMade = (value: Value): boolean => value.producer() !== null;

/** One weight beside the model file. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

/** A model as the runtime wants it. */
export interface PreparedModel {
  /** What the file holds: only the nodes that are needed. */
  readonly graph: Graph;
  /** The model file without its big weights. */
  readonly proto: Uint8Array;
  readonly externalData: readonly ExternalData[];
}

/**
 * Makes exactly `wanted` (values that nodes make) the outputs of a copy of `model`, drops the nodes on which none of them
 * depends, and takes big weights out of the file. Weights that are in memory are shared, the others read once. Fails on values
 * that cannot be asked for, on operators that the runtime cannot know, on weights above 3.2 GB, and where weights cannot be
 * read.
 */
export async function prepareModel(
  model: Model,
  wanted: readonly string[],
  signal?: AbortSignal,
): Promise<Result<PreparedModel>> {
  const copy: Model = { ...model, graph: model.graph.clone() };
  const chosen = chooseOutputs(copy, wanted);
  if (!chosen.ok) return chosen;
  dropUnneeded(copy.graph);
  const foreign = foreignOperator(copy);
  if (foreign !== undefined)
    return fail(operatorNotRunnable(foreign.name, foreign.opType, foreign.domain));
  const external = await takeOutWeights(copy.graph, signal);
  if (!external.ok) return external;
  const proto = await fileBytes(copy);
  if (!proto.ok) return proto;
  return ok({ graph: copy.graph, proto: proto.value, externalData: external.value });
}

function chooseOutputs(model: Model, wanted: readonly string[]): Result<null> {
  const { graph } = model;
  const chosen: Value[] = [];
  for (const name of new Set(wanted)) {
    const value = graph.value(name);
    if (value === undefined || !isMade(value)) return fail(valueUnknown(name));
    chosen.push(value);
  }
  if (chosen.some((value) => value.dataType === undefined)) inferShapes(model);
  const before = new Set(graph.outputs);
  for (const value of graph.outputs.splice(0)) value.isGraphOutput = false;
  for (const value of chosen) {
    const { name, dataType } = value;
    if (dataType === undefined) return fail(valueTypeUnknown(name));
    if (!isExchangeable(dataType)) return fail(typeNotExchangeable(name, dataType));
    // A shape that inference or the file has wrong would make the runtime refuse what it can run.
    if (!before.has(value)) value.shape = undefined;
    graph.addOutput(value);
  }
  return ok(null);
}

/** Removes nodes on which no output depends, and constants that nobody reads then. */
function dropUnneeded(graph: Graph): void {
  const needed = new Set<Node>();
  const open = graph.outputs.map((value) => value.producer());
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null || needed.has(node)) continue;
    needed.add(node);
    // Bodies of If and Loop read values of this graph without being inputs.
    for (const value of [...node.inputs, ...node.captures]) if (value) open.push(value.producer());
  }
  for (const node of graph.nodes()) if (!needed.has(node)) graph.removeNode(node);
  for (const value of [...graph.initializers.values()])
    if (value.useCount === 0) graph.removeInitializer(value);
}

/** The first node of an operator set that neither the runtime nor the model itself defines. */
function foreignOperator({ graph, functions }: Model): Node | undefined {
  const known = new Set([...KNOWN_DOMAINS, ...functions.map(({ domain }) => domain)]);
  for (const node of graph.nodes()) if (!known.has(node.domain)) return node;
  return undefined;
}

async function takeOutWeights(
  graph: Graph,
  signal: AbortSignal | undefined,
): Promise<Result<readonly ExternalData[]>> {
  const tensors = [...graph.initializers].flatMap(([name, { tensor }]) =>
    tensor === undefined ? [] : [{ name, tensor }],
  );
  const problem = weightsProblem(graph);
  if (problem !== undefined) return fail(problem);
  const taken: ExternalData[] = [];
  for (const { name, tensor } of tensors) {
    if (tensor.bytes.byteLength < EXTERNAL_FROM_BYTES || tensor.strings !== undefined) continue;
    const read = await tensor.bytes.read(signal);
    if (!read.ok) return read;
    const path = `weight_${taken.length}`;
    graph.addInitializer(name, new ExternalTensor(tensor, path));
    taken.push({ path, data: read.value });
  }
  return ok(taken);
}

async function fileBytes(model: Model): Promise<Result<Uint8Array>> {
  const saved = await saveModel(model);
  if (!saved.ok) return saved;
  try {
    return ok(new Uint8Array(await saved.value.arrayBuffer()));
  } catch (error) {
    // The Blob refers to the user's file, which may be gone by now.
    assert(error instanceof Error, 'a Blob that cannot be read says so by an Error');
    return fail(readFailed('The model', error.message));
  }
}
