import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyScales, setScales } from '../../../src/core/calibrate/apply-scales.ts';
import { pendingScales } from '../../../src/core/calibrate/pending-scales.ts';
import type { ScaleTable } from '../../../src/core/calibrate/scale-table.ts';
import { constantOf } from '../../../src/core/ir/quantizer-nodes.ts';
import { printOnnxText } from '../../../src/core/onnx/text/print-onnx-text.ts';
import { modelOf } from '../explain/text-models.ts';
import { TWO_LAYERS, pending, scaleOf, sharing } from './calibrate-models.ts';

const table = (scales: Record<string, number>, type: ScaleTable['type'] = 'int8'): ScaleTable => ({
  method: '',
  type,
  scales: new Map(Object.entries(scales)),
});

test('scales get their numbers; the original keeps waiting', () => {
  const model = pending(['r', 'm']);
  const done = applyScales(model, table({ r: 0.5, m: 0.25, other: 1 }));
  assert.equal(scaleOf(done.model, 'r'), 0.5);
  assert.equal(scaleOf(done.model, 'm'), 0.25);
  assert.deepEqual(
    [done.applied, done.shared, done.missing, done.unmatched],
    [['r', 'm'], [], [], ['other']],
  );
  assert.deepEqual(pendingScales(done.model.graph), []);
  assert.equal(pendingScales(model.graph).length, 2);
});

test('values without an entry wait on', () => {
  const done = applyScales(pending(['r', 'm']), table({ m: 0.25 }));
  assert.deepEqual([done.applied, done.missing], [['m'], ['r']]);
  assert.deepEqual(
    pendingScales(done.model.graph).map(({ values }) => values),
    [['r']],
  );
});

test('a shared scale gets the largest; who has none shares it', () => {
  const both = applyScales(sharing(), table({ r: 0.5, m: 0.75 }));
  assert.equal(scaleOf(both.model, 'r'), 0.75);
  assert.equal(scaleOf(both.model, 'm'), 0.75);
  const one = applyScales(sharing(), table({ r: 0.5 }));
  assert.deepEqual([one.applied, one.shared, one.missing], [['r'], ['m'], []]);
  assert.equal(scaleOf(one.model, 'm'), 0.5);
});

test('known scales are replaced only when asked for, weights never', () => {
  const model = modelOf(TWO_LAYERS);
  const scales = table({ x: 4, f: 8, w1: 16 });
  const kept = applyScales(model, scales);
  assert.deepEqual([kept.applied, kept.unmatched], [[], ['x', 'f', 'w1']]);
  assert.equal(printOnnxText(kept.model), printOnnxText(model));
  const done = applyScales(model, scales, { replace: true });
  assert.deepEqual([done.applied, done.unmatched], [['x', 'f'], ['w1']]);
  assert.equal(scaleOf(done.model, 'x'), 4);
  assert.equal(scaleOf(done.model, 'f'), 8);
  assert.equal(scaleOf(done.model, 'w1'), Math.fround(0.02));
});

test('scales of another type are converted: the range stays', () => {
  const done = applyScales(pending(['r']), table({ r: 127 }, 'float8e4m3fn'));
  assert.equal(scaleOf(done.model, 'r'), 448);
});

test('a scale in a Constant node and a float16 scale', () => {
  const model = modelOf(`
g (float16[2] x) => (float16[2] y)
<int8 z = {0}>
{
  [scale] s = Constant <value = float16 {1.0}> ()
  [quantize] q = QuantizeLinear(x, s, z)
  [dequantize] y = DequantizeLinear(q, s, z)
}`);
  const tensor = constantOf(model.graph.value('s'));
  assert.ok(tensor);
  const done = setScales(model, new Map([[tensor, 1e-9]]));
  assert.equal(scaleOf(done, 'x'), 2 ** -14);
  assert.equal(scaleOf(model, 'x'), 1);
  assert.equal(constantOf(done.graph.value('s'))?.dataType, 'float16');
});
