import assert from 'node:assert/strict';
import type { Result } from '../../../src/core/base/result.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { parseOnnxText } from '../../../src/core/onnx/text/parse-onnx-text.ts';
import type { Target } from '../../../src/core/sim/target.ts';

export const TARGET: Target = { trt: '10.6', sm: 90, mode: 'best' };

export function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : `${result.error.code}: ${result.error.message}`);
  return result.value;
}

export const modelOf = (text: string): Model => valueOf(parseOnnxText(text));

/** Constants of a 64-channel 3×3 network: weights `w0`…, their scales `ws`, activation scales `s`, `t`. */
const CONSTANTS = `<float[64, 64, 3, 3] w0 = {0.5 ...}, float[64, 64, 3, 3] w1 = {0.5 ...}, float[64, 64, 3, 3] w2 = {0.5 ...},
  float[64] ws = {0.01 ...}, int8[64] wz = {0 ...}, float s = {0.05}, float t = {0.07}, int8 z = {0}>`;

/** A quantized convolution `name` on `input`, whose weights are `w`; gives `name` with `_out`. */
const conv = (name: string, input: string, w: string): string => `
  [${name}_wq] ${name}_wi = QuantizeLinear <axis = 0> (${w}, ws, wz)
  [${name}_wdq] ${name}_wd = DequantizeLinear <axis = 0> (${name}_wi, ws, wz)
  [${name}] ${name}_out = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (${input}, ${name}_wd)`;

/** Q and DQ with scale `scale` on `input`: nodes `name_q` and `name_dq`, result `name`. */
const pair = (name: string, input: string, scale = 's'): string => `
  [${name}_q] ${name}_i = QuantizeLinear (${input}, ${scale}, z)
  [${name}_dq] ${name} = DequantizeLinear (${name}_i, ${scale}, z)`;

const network = (body: string, output = 'y'): string => `
g (float[1, 64, 16, 16] x) => (float[] ${output})
${CONSTANTS}
{${body}
}`;

/** Two convolutions and an Add around the second; the shortcut is float. A third convolution reads the sum quantized. */
export const RESIDUAL = network(`${pair('a', 'x')}${conv('conv0', 'a', 'w0')}
  [relu0] r0 = Relu(conv0_out)${pair('b', 'r0')}${conv('conv1', 'b', 'w1')}
  [add] sum = Add(conv1_out, r0)
  [relu1] r1 = Relu(sum)${pair('c', 'r1', 't')}${conv('conv2', 'c', 'w2')}
  [end] y = Relu(conv2_out)`);

/** One tensor, two quantizers with unlike scales. */
export const FAN_OUT = network(
  `${pair('a', 'x')}${conv('conv0', 'a', 'w0')}
  [relu0] r0 = Relu(conv0_out)${pair('b', 'r0')}${pair('c', 'r0', 't')}${conv('conv1', 'b', 'w1')}${conv('conv2', 'c', 'w2')}
  [add] y = Add(conv1_out, conv2_out)`,
);

/** Q/DQ on the input of a convolution, none on its weights. */
export const ACTIVATION_ONLY = network(`${pair('a', 'x')}
  [conv0] y = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (a, w0)`);

/** Average pooling with Q/DQ before it only. */
export const POOL_BEFORE =
  network(`${pair('a', 'x')}${conv('conv0', 'a', 'w0')}${pair('b', 'conv0_out')}
  [pool] p = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (b)${conv('conv1', 'p', 'w1')}
  [end] y = Relu(conv1_out)`);

/** Concat of two branches with unlike scales, and a quantizer behind it. */
export const CONCAT =
  network(`${pair('a', 'x')}${conv('conv0', 'a', 'w0')}${pair('b', 'conv0_out')}${conv('conv1', 'a', 'w1')}${pair('c', 'conv1_out', 't')}
  [concat] k = Concat <axis = 1> (b, c)${pair('d', 'k')}
  [pool] m = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (d)
  [end] y = Relu(m)`);
