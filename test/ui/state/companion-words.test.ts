import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelSummary } from '../../../src/api/analyze-api.ts';
import type { CompanionStatus } from '../../../src/api/companion-api.ts';
import { isSafeName } from '../../../src/cli/companion/safe-name.ts';
import { INITIAL_COMPANION } from '../../../src/ui/state/companion-state.ts';
import {
  buildObstacle,
  modeOfWish,
  safeModelName,
  shapesOfWish,
  targetOfMachine,
} from '../../../src/ui/state/companion-words.ts';

const { wish } = INITIAL_COMPANION;
const target = { trt: '10.6', sm: 90, mode: 'best' } as const;
const machine = (trtVersion: string | null, sm: number | null): CompanionStatus => ({
  version: '0.0.0',
  backends: [
    { id: 'trtexec', trtVersion: null, problem: 'not found' },
    { id: 'python', trtVersion, problem: null },
  ],
  gpu: { name: 'GPU', sm, driver: null, memoryBytes: null },
  problem: null,
  limits: { bytes: 1, files: 1, jobs: 1 },
  jobs: [],
});
const summary = {
  inputs: [
    { name: 'ids', shape: ['batch', 8] },
    { name: 'mask', shape: ['batch', 'length'] },
    { name: 'image', shape: [1, 3] },
  ],
} as unknown as ModelSummary;

test('the mode is that of the target, as far as the TensorRT that builds has it', () => {
  assert.equal(modeOfWish(wish, target, machine('10.6.0', 90)), 'best');
  assert.equal(modeOfWish({ ...wish, mode: 'fp16' }, target, machine('10.6.0', 90)), 'fp16');
  assert.equal(modeOfWish(wish, target, machine('11.2.0', 90)), 'strong');
  assert.equal(modeOfWish(wish, { ...target, mode: 'strong' }, machine('8.6.1', 90)), 'best');
  assert.equal(modeOfWish(wish, target, machine(null, null)), 'best');
});

test('the machine is predicted for by the nearest target that the page knows below it', () => {
  assert.equal(targetOfMachine(target, machine('10.6.0', 90)), null);
  assert.equal(targetOfMachine(target, machine(null, null)), null);
  assert.deepEqual(targetOfMachine(target, machine('10.9.1', 89)), { trt: '10.6', sm: 89 });
  assert.deepEqual(targetOfMachine(target, machine('11.3.0', 103)), { trt: '11.2', sm: 100 });
  assert.deepEqual(targetOfMachine(target, machine('8.0.1', 75)), { trt: '8.6', sm: 75 });
});

test('every dynamic dimension needs a size, and inputs without one are left out', () => {
  assert.equal(buildObstacle(wish, null), 'Open a model first.');
  assert.equal(buildObstacle(wish, summary), 'Give a size to batch, length.');
  const sized = { ...wish, dims: { batch: 4, length: 16 } };
  assert.equal(buildObstacle(sized, summary), '');
  assert.deepEqual(shapesOfWish(sized, summary), { ids: [4, 8], mask: [4, 16] });
});

test('whatever a model is called here, the server takes its name', () => {
  for (const name of [
    'net.onnx',
    'my net (1).onnx',
    '../x.onnx',
    '-x.onnx',
    'réseau/é.onnx',
    'CON.onnx',
    '.onnx',
    '…',
    `${'long'.repeat(100)}.onnx`,
    'a..onnx',
  ])
    assert.ok(isSafeName(safeModelName(name)), `${name}: ${safeModelName(name)}`);
  assert.equal(safeModelName('net.onnx'), 'net.onnx');
});
