import { cancelled } from '../../../src/core/base/diagnostics.ts';
import { fail, ok } from '../../../src/core/base/result.ts';
import type { OpenRunner } from '../../../src/core/calibrate/model-runner.ts';
import type { Feeds, RunTensor } from '../../../src/core/inputs/run-tensor.ts';
import type { Node } from '../../../src/core/ir/graph.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import {
  constantOf,
  isDequantizeNode,
  isQuantizeNode,
} from '../../../src/core/ir/quantizer-nodes.ts';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';

/** What a small runner was asked to do, in order. */
export interface RunnerLog {
  readonly opened: { readonly model: Model; readonly wanted: readonly string[] }[];
  runs: number;
  released: number;
}

type Numbers = readonly number[];

/** What the operators of the tests compute, one number after the other; all tensors are rows. */
const OPERATORS: Readonly<Record<string, (inputs: readonly Numbers[], node: Node) => Numbers>> = {
  Identity: ([x = []]) => x,
  Relu: ([x = []]) => x.map((a) => Math.max(a, 0)),
  Add: ([x = [], y = []]) => x.map((a, i) => a + y[i % y.length]!),
  Mul: ([x = [], y = []]) => x.map((a, i) => a * y[i % y.length]!),
  Reciprocal: ([x = []]) => x.map((a) => 1 / a),
  /** A row times a square matrix. */
  MatMul: ([x = [], w = []]) =>
    x.map((_, column) => x.reduce((sum, a, row) => sum + a * w[row * x.length + column]!, 0)),
};

function evaluate(node: Node, inputs: readonly Numbers[]): Numbers {
  const [x = [], [scale = NaN] = []] = inputs;
  if (isQuantizeNode(node))
    return x.map((a) => Math.min(127, Math.max(-128, roundHalfToEven(a / scale))));
  if (isDequantizeNode(node)) return x.map((a) => a * scale);
  const operator = OPERATORS[node.opType];
  if (!operator) throw new Error(`the small runner has no ${node.opType}`);
  return operator(inputs, node).map(Math.fround);
}

function roundHalfToEven(x: number): number {
  const near = Math.round(x);
  return near - x === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

function runOnce(
  { graph }: Model,
  wanted: readonly string[],
  feeds: Feeds,
): Map<string, RunTensor> {
  const values = new Map<string, Numbers>();
  for (const [name, { data }] of feeds) values.set(name, [...data].map(Number));
  const read = (name: string): Numbers => {
    const known = values.get(name);
    if (known) return known;
    const tensor = constantOf(graph.value(name));
    const numbers = tensor && tensorNumbers(tensor);
    if (!numbers) throw new Error(`nobody makes ${name}`);
    return [...numbers];
  };
  for (const node of graph.sortedNodes()) {
    if (node.opType === 'Constant') continue;
    const inputs = node.inputs.map((value) => (value ? read(value.name) : []));
    const [output] = node.outputs;
    if (output) values.set(output.name, evaluate(node, inputs));
  }
  return new Map(
    wanted.map((name) => {
      const data = Float32Array.from(read(name));
      return [name, { dataType: 'float32', dims: [data.length], data }] as const;
    }),
  );
}

/** A runtime that really computes, for the few operators above. */
export function smallRunner(log: RunnerLog = { opened: [], runs: 0, released: 0 }): OpenRunner {
  return (model, wanted) => {
    log.opened.push({ model, wanted });
    return Promise.resolve(
      ok({
        run: (feeds, signal) => {
          if (signal?.aborted) return Promise.resolve(fail(cancelled()));
          log.runs++;
          return Promise.resolve(ok(runOnce(model, wanted, feeds)));
        },
        release: () => {
          log.released++;
          return Promise.resolve();
        },
      }),
    );
  };
}

export const row = (...numbers: number[]): RunTensor => ({
  dataType: 'float32',
  dims: [numbers.length],
  data: Float32Array.from(numbers),
});

/** Batches for the input `x`, which can be walked again and again. */
export function batches(...rows: readonly (readonly number[])[]): AsyncIterable<Feeds> {
  return {
    async *[Symbol.asyncIterator]() {
      for (const numbers of rows) yield await Promise.resolve(new Map([['x', row(...numbers)]]));
    },
  };
}
