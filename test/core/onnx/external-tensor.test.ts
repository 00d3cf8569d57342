import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bufferSource,
  ExternalTensor,
  openModel,
  parseOnnxText,
  saveModel,
} from '../../../src/core/onnx/index.ts';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';

test('a tensor is written as external data and found again beside the model', async () => {
  const parsed = parseOnnxText(`<ir_version: 10, opset_import: ["" : 19]>
    g (float[2] x) => (float[2] y) <float[2] w = {1.5, -2}, float[2] k = {3, 4}>
    { t = Add (x, w) y = Mul (t, k) }`);
  assert.ok(parsed.ok);
  const { graph } = parsed.value;
  const tensor = graph.value('w')?.tensor;
  const data = tensor?.bytes.resident();
  assert.ok(tensor && data);
  graph.addInitializer('w', new ExternalTensor(tensor, 'folder/w.bin'));
  const saved = await saveModel(parsed.value);
  assert.ok(saved.ok);
  const file = bufferSource('m.onnx', new Uint8Array(await saved.value.arrayBuffer()));

  const alone = await openModel([file]);
  assert.ok(alone.ok);
  assert.deepEqual(
    alone.value.diagnostics.map(({ code, place }) => [code, place?.file]),
    [['onnx/missing-external-data', 'folder/w.bin']],
  );
  const together = await openModel([file, bufferSource('folder/w.bin', data)]);
  assert.ok(together.ok);
  assert.deepEqual(together.value.diagnostics, []);
  const read = (name: string) => {
    const found = together.value.model.graph.value(name)?.tensor;
    return found && [...(tensorNumbers(found) ?? [])];
  };
  assert.deepEqual(read('w'), [1.5, -2]);
  assert.deepEqual(read('k'), [3, 4]);
});
