import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modesOf, targetText, withValidMode } from '../../../src/ui/state/targets.ts';

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

test('a target reads as text, also for a GPU that no list names', () => {
  assert.equal(
    targetText({ trt: '10.6', sm: 90, mode: 'best' }),
    'TensorRT 10.6 · H100, H200 · best',
  );
  assert.match(targetText({ trt: '10.6', sm: 72, mode: 'best' }), /sm_72/);
});
