import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  GPUS,
  capabilityText,
  engineText,
  modesOf,
  withValidMode,
} from '../../../src/ui/state/targets.ts';

const modes = (trt: string) => modesOf(trt).map(({ mode }) => mode);

test('strong typing comes with TensorRT 10 and is alone from 11 on', () => {
  assert.deepEqual(modes('8.6'), ['best', 'fp16', 'int8']);
  assert.deepEqual(modes('10.6'), ['best', 'fp16', 'int8', 'strong']);
  assert.deepEqual(modes('11.2'), ['strong']);
});

test('a mode stays where it exists', () => {
  const target = { trt: '10.6', sm: 90, mode: 'fp16' } as const;
  assert.equal(withValidMode(target), target);
});

test('a target reads as the command line takes it', () => {
  assert.equal(engineText({ trt: '10.6', sm: 90, mode: 'best' }), 'trt10.6-sm90 best');
});

test('capabilities are ten times smaller than their number', () => {
  assert.deepEqual(GPUS.map(({ sm }) => capabilityText(sm)).slice(-2), ['10.0', '12.0']);
});
