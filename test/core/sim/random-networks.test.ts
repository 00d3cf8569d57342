import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printOnnxText } from '../../../src/core/onnx/index.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { EngineTensor, PredictedEngine } from '../../../src/core/sim/predicted-engine.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import type { Target } from '../../../src/core/sim/target.ts';
import { engineFaults } from './engine-faults.ts';
import { plainNames, randomNetwork, strangeNames } from './random-network.ts';
import { textModel } from './text-model.ts';

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);
const TARGETS: readonly Target[] = [
  { trt: '10.6', sm: 90, mode: 'best' },
  { trt: '10.6', sm: 90, mode: 'strong' },
  { trt: '8.6', sm: 75, mode: 'best' },
  { trt: '11.2', sm: 120, mode: 'strong' },
];
const targetOf = (seed: number): Target =>
  TARGETS[seed % TARGETS.length] ?? { trt: '10.6', sm: 90, mode: 'best' };

test('random networks give well-formed engines and stay as they are', () => {
  const faulty: string[] = [];
  for (const seed of SEEDS) {
    const model = textModel(randomNetwork(seed));
    const report = inferShapes(model);
    assert.deepEqual(report.diagnostics, []);
    const before = printOnnxText(model);
    const engine = simulate(model, targetOf(seed), report);
    const [fault] = engineFaults(engine, model.graph);
    if (fault !== undefined) faulty.push(`seed ${String(seed)}: ${fault}`);
    assert.equal(printOnnxText(model), before, `seed ${String(seed)}`);
  }
  assert.deepEqual(faulty, []);
});

test('Q and DQ that survive are told, and no layer reads an integer that it cannot take', () => {
  for (const seed of SEEDS) {
    const model = textModel(randomNetwork(seed));
    const { layers, summary } = simulate(model, targetOf(seed));
    assert.equal(summary.survivingQdq, layers.filter(({ role }) => role === 'qdq').length);
    for (const layer of layers) {
      const { layerType, inputs, role, name } = layer;
      const where = `seed ${String(seed)}: ${name}`;
      if (role === 'qdq') assert.match(layer.nodes.join(' '), /Linear/, where);
      if (layerType === 'CaskSoftMaxV2') assert.notEqual(inputs[0]?.dataType, 'Int8', where);
    }
  }
});

test('names do not matter', () => {
  for (const seed of SEEDS) {
    const plain = textModel(randomNetwork(seed, plainNames));
    const strange = textModel(randomNetwork(seed, strangeNames));
    const names = [...strange.graph.nodes()].map(({ name }) => name);
    const renamed = new Map([...plain.graph.nodes()].map(({ name }, i) => [name, names[i] ?? '']));
    const same = structure(simulate(plain, targetOf(seed)), (name) => renamed.get(name) ?? name);
    const other = structure(simulate(strange, targetOf(seed)), (name) => name);
    assert.deepEqual(other, same, `seed ${String(seed)}`);
  }
});

/** An engine without names of layers and tensors; those of nodes are translated. */
function structure({ layers, summary }: PredictedEngine, rename: (name: string) => string): object {
  const numbers = new Map<string, number>();
  const numberOf = ({ name }: EngineTensor): number => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  const bare = (tensor: EngineTensor): object => ({ ...tensor, name: numberOf(tensor) });
  return {
    summary,
    layers: layers.map(({ layerType, role, activation, precision, nodes, inputs, outputs }) => ({
      layerType,
      role,
      activation,
      precision,
      nodes: nodes.map(rename),
      inputs: inputs.map(bare),
      outputs: outputs.map(bare),
    })),
  };
}
