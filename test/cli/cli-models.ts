import { writeFileSync } from 'node:fs';
import { saveModel } from '../../src/core/onnx/index.ts';
import { modelOf, valueOf } from '../ort/run-support.ts';

/** Writes the model that `text` describes to `path`, which it gives. */
export async function writeModelText(path: string, text: string): Promise<string> {
  const blob = valueOf(await saveModel(modelOf(text)));
  writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
  return path;
}

/** One convolution between Q/DQ that can be run; the scale of its input decides how far off it is. */
export const quantizedNet = (
  scale: number,
  zeroPoint = 0,
): string => `g (float[1, 4, 6, 6] x) => (float[1, 8, 6, 6] y)
  <float s = {${String(scale)}}, int8 z = {${String(zeroPoint)}}, float[8, 4, 3, 3] w = {0.1 ...}>
{
  [q] q = QuantizeLinear (x, s, z)
  [dq] d = DequantizeLinear (q, s, z)
  [conv] c = Conv <pads = [1, 1, 1, 1]> (d, w)
  [relu] y = Relu (c)
}`;

/** Two convolutions without Q/DQ, the first with room for quantization. */
export const FLOAT_NET = `g (float[1, 4, 8, 8] x) => (float[1, 8, 8, 8] y)
  <float[8, 4, 3, 3] w = {0.1 ...}, float[8, 8, 3, 3] v = {0.2 ...}>
{
  [conv] c = Conv <pads = [1, 1, 1, 1]> (x, w)
  [relu] r = Relu (c)
  [conv2] y = Conv <pads = [1, 1, 1, 1]> (r, v)
}`;
