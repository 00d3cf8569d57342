import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { ortRunner } from '../../../src/ort/open-runner.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';
import { EXACT_NUMBERS, exactNumbers } from './exact-numbers.ts';

test('a known network gives known numbers, to the last bit and with either kernels', async () => {
  const open = ortRunner({ threads: 1 });
  assert.deepEqual(await exactNumbers(open, await loadKernels()), EXACT_NUMBERS);
  assert.deepEqual(await exactNumbers(open, plainKernels), EXACT_NUMBERS);
});
