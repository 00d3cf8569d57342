import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { ModelId } from '../../src/api/analyze-api.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { AnalyzeService } from '../../workers/analyze-service.ts';

const sample = new URL('../../public/samples/resnet18.convs.onnx.gz', import.meta.url);

test('the worker lints an open model for any target', async () => {
  const service = new AnalyzeService(loadKernels);
  const opened = await service.open([
    new File([new Uint8Array(gunzipSync(readFileSync(sample)))], 'model.onnx'),
  ]);
  assert.ok(opened.ok);
  const { id } = opened.value;
  const best = await service.lint(id, { trt: '10.6', sm: 90, mode: 'best' });
  assert.ok(best.ok);
  const residuals = best.value.filter(({ ruleId }) => ruleId === 'float-residual');
  assert.ok(residuals.length >= 6, 'each block of a ResNet whose shortcuts have no Q/DQ');
  assert.ok(best.value.every(({ severity }) => severity !== 'error'));
  assert.deepEqual(structuredClone(best.value), best.value, 'crosses the worker line');
  const half = await service.lint(id, { trt: '10.6', sm: 90, mode: 'fp16' });
  assert.ok(half.ok && half.value[0]?.ruleId === 'int8-not-allowed');
  const absent = await service.lint('nobody' as ModelId, { trt: '10.6', sm: 90, mode: 'best' });
  assert.ok(!absent.ok);
});
