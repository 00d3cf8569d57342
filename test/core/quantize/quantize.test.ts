import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeQuantizers } from '../../../src/core/quantize/quantize.ts';
import { RESIDUAL, TARGET, modelOf, valueOf } from '../explain/text-models.ts';

const PLACE = { target: TARGET, budget: 300, search: true, seed: 1 } as const;

/** A residual block in float: what an exporter gives. */
const FLOAT = `
g (float[1, 32, 8, 8] x) => (float[1, 32, 8, 8] y)
<float[32, 32, 1, 1] wa = {0.5 ...}, float[32, 32, 1, 1] wb = {-0.25 ...}>
{
  [conv0] a = Conv (x, wa)
  [relu0] r = Relu (a)
  [conv1] b = Conv (r, wb)
  [add] s = Add (b, r)
  [relu1] y = Relu (s)
}`;

test('both operands of each convolution are quantized, and the sum is taken into the second', async () => {
  const { summary, after } = valueOf(await placeQuantizers(modelOf(FLOAT), PLACE));
  const conv = after.engine.layers.find(({ nodes }) => nodes.includes('conv1'));
  assert.ok(conv?.nodes.includes('add'), conv?.name);
  assert.equal(conv?.precision, 'int8');
  assert.ok(summary.toCalibrate.includes('x'));
});

test('what is quantized already is refused with advice', async () => {
  const result = await placeQuantizers(modelOf(RESIDUAL), PLACE);
  assert.equal(result.ok ? '' : result.error.code, 'quantize/quantized-already');
});
