import { madeFeeds } from '../../../src/core/inputs/feed-sources.ts';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import type { OpenRunner } from '../../../src/core/calibrate/model-runner.ts';
import { parseOnnxText } from '../../../src/core/onnx/text/parse-onnx-text.ts';
import type { QuantKernels } from '../../../src/core/quant/quant-kernels.ts';
import { compareWithFloat } from '../../../src/core/validate/compare-with-float.ts';

/** A convolution and a matrix product with Q/DQ before both, on numbers that do not round well. */
const NETWORK = `
g (float[2, 3, 8, 8] x) => (float[2, 6] y)
<float[4, 3, 3, 3] w = {0.11 ...}, float[4, 6] v = {-0.37 ...}, float s = {0.043}, float t = {0.0621}, float ws = {0.0037}, int8 z = {0}>
{
  [x_q] x_i = QuantizeLinear(x, s, z)
  [x_dq] x_d = DequantizeLinear(x_i, s, z)
  [w_q] w_i = QuantizeLinear(w, ws, z)
  [w_dq] w_d = DequantizeLinear(w_i, ws, z)
  [conv] c = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (x_d, w_d)
  [relu] r = Relu(c)
  [pool] p = GlobalAveragePool(r)
  [flat] f = Flatten(p)
  [f_q] f_i = QuantizeLinear(f, t, z)
  [f_dq] f_d = DequantizeLinear(f_i, t, z)
  [product] y = MatMul(f_d, v)
}`;

/** What validation says about the network on two batches of seeded numbers, every bit of it. */
export async function exactNumbers(
  openRunner: OpenRunner,
  kernels: QuantKernels,
): Promise<readonly (readonly (string | number | undefined)[])[]> {
  const model = parseOnnxText(NETWORK);
  if (!model.ok) throw new Error(model.error.message);
  const feeds = randomFeeds(model.value.graph, { seed: 42, samples: 2, distribution: 'normal' });
  if (!feeds.ok) throw new Error(feeds.error.message);
  const report = await compareWithFloat(model.value, madeFeeds([...feeds.value], 2), {
    openRunner,
    kernels,
  });
  if (!report.ok) throw new Error(report.error.message);
  const { layers, quantizers } = report.value;
  return [
    ...layers.map(({ node, accumulated, local }) => [
      node,
      accumulated.sqnrDb,
      accumulated.maxAbsError,
      accumulated.cosine,
      local?.sqnrDb,
    ]),
    ...quantizers.map(({ node, sqnrDb, saturated, unusedRange, better }) => [
      node,
      sqnrDb,
      saturated,
      unusedRange,
      better?.scale,
    ]),
  ];
}

/** What it said when this was written: onnxruntime-web and the kernels give the same bits under Node and in Chromium. */
export const EXACT_NUMBERS = [
  ['conv', 35.56280781587744, 0.023103684186935425, 0.9999219431802857, 35.56280781587744],
  ['product', 23.506095381493854, 0.02923201024532318, 0.9979961727299089, 23.506095381493854],
  ['x_q', 38.15474147172006, 0, 0.4587551899573108, 0.02323628030717373],
  ['f_q', 22.687315709601975, 0, 0.9670117899137857, 0.002064698375761509],
] as const;
