import type { FindingCase } from './finding-case.ts';
import { conv, pair, step } from './lint-text.ts';
import type { ModelText } from './lint-text.ts';

const chain = { body: [pair('x'), conv('y', 'x_d')] };
const quantizeWith = (scale: string, constants: string, extra: Partial<ModelText> = {}) => ({
  body: [pair('x', scale), conv('y', 'x_d')],
  constants,
  ...extra,
});
const fp8 = (extra: Partial<ModelText> = {}): ModelText => ({
  body: [pair('x', 's', 'z8'), `[M] y = Relu (x_d)`],
  constants: 'float8e4m3fn z8 = {0}',
  ...extra,
});

/** One firing and one silent model for each finding about what TensorRT refuses, by its id. */
export const LEGALITY_CASES: Readonly<Record<string, FindingCase>> = {
  'integer-operator': {
    fires: {
      body: ['[Dyn] q, sc, zp = DynamicQuantizeLinear (x)', 'y = Cast <to = 1> (q)'],
    },
    silent: chain,
    says: /^Dyn is a DynamicQuantizeLinear, which TensorRT does not import\.$/,
  },
  'nonzero-zero-point': {
    fires: { body: [pair('x', 's', 'z3'), conv('y', 'x_d')], constants: 'int8 z3 = {3}' },
    silent: chain,
    says: /^Q_x and DQ_x have zero point 3; TensorRT takes 0 only\.$/,
  },
  'missing-zero-point': {
    fires: {
      body: ['[Q_x] q = QuantizeLinear (x, s)', '[DQ_x] y = DequantizeLinear (q, s)'],
      target: 'trt8.6-sm80',
    },
    silent: {
      body: ['[Q_x] q = QuantizeLinear (x, s)', '[DQ_x] y = DequantizeLinear (q, s)'],
      target: 'trt10.6-sm80',
    },
    says: /^Q_x and DQ_x have no zero point; TensorRT 8\.6 wants three inputs\.$/,
  },
  'uint8-quantizer': {
    fires: { body: [pair('x', 's', 'u'), conv('y', 'x_d')], constants: 'uint8 u = {0}' },
    silent: chain,
    says: /^Q_x and DQ_x state UINT8/,
  },
  'unsupported-quantized-type': {
    fires: { body: [pair('x', 's', 'i'), 'y = Relu (x_d)'], constants: 'int16 i = {0}' },
    silent: { body: [pair('x'), 'y = Relu (x_d)'] },
    says: /^Q_x quantizes to int16/,
  },
  'nonpositive-scale': {
    fires: quantizeWith('s0', 'float s0 = {0}'),
    silent: quantizeWith('s0', 'float s0 = {1e-30}'),
    says: /^Q_x and DQ_x have scale 0; a scale must be above 0\.$/,
  },
  'variable-scale': {
    fires: {
      body: [step('m', 'ReduceMax <keepdims = 0>', 'x'), pair('x', 'm'), conv('y', 'x_d')],
    },
    silent: { body: ['m = Mul (s, s2)', pair('x', 'm'), conv('y', 'x_d')] },
    says: /^The scale of Q_x, m, comes from ReduceMax_m and not from a constant\.$/,
  },
  'scale-shape-mismatch': {
    fires: {
      body: [
        pair('x'),
        '[Q_w] w_q = QuantizeLinear <axis = 0> (w, s3, z3)',
        '[DQ_w] w_d = DequantizeLinear <axis = 0> (w_q, s3, z3)',
        '[Conv_y] y = Conv (x_d, w_d)',
      ],
      constants: 'float[3] s3 = {1 ...}, int8[3] z3 = {0 ...}',
    },
    silent: {
      body: [
        pair('x'),
        '[Q_w] w_q = QuantizeLinear <axis = 0> (w, s3, z3)',
        '[DQ_w] w_d = DequantizeLinear <axis = 0> (w_q, s3, z3)',
        '[Conv_y] y = Conv (x_d, w_d)',
      ],
      constants: 'float[64] s3 = {1 ...}, int8[64] z3 = {0 ...}',
    },
    says: /^Q_w has 3 scales for 64 channels of w along axis 0\.$/,
  },
  'half-precision-scale': {
    fires: {
      body: [pair('x', 'h'), 'y = Relu (x_d)'],
      input: 'float16[1, 64, 16, 16] x',
      constants: 'float16 h = {0.5}',
      outputs: 'float16[] y',
      target: 'trt8.6-sm80',
    },
    silent: {
      body: [pair('x', 'h'), 'y = Relu (x_d)'],
      input: 'float16[1, 64, 16, 16] x',
      constants: 'float16 h = {0.5}',
      outputs: 'float16[] y',
      target: 'trt10.6-sm80',
    },
    says: /^Q_x and DQ_x have a float16 scale; TensorRT 8\.6 reads FP32 scales only\.$/,
  },
  'per-channel-activation': {
    fires: {
      body: [pair('x', 'sc', 'zc'), conv('y', 'x_d')],
      constants: 'float[64] sc = {0.1 ...}, int8[64] zc = {0 ...}',
    },
    silent: {
      body: [pair('x', 'sc', 'zc'), conv('y', 'x_d')],
      constants: 'float[1] sc = {0.1}, int8[1] zc = {0}',
    },
    says: /^Q_x quantizes the activation x with 64 scales; TensorRT takes one\.$/,
  },
  'int4-activation': {
    fires: { body: [pair('x', 's', 'i'), 'y = Relu (x_d)'], constants: 'int4 i = {0}' },
    silent: {
      body: [pair('w', 's', 'i'), 'y = Conv (x, w_d)'],
      constants: 'int4 i = {0}',
    },
    says: /^Q_x quantizes the activation x to INT4/,
  },
  'int32-bias-dequantize': {
    fires: {
      body: [
        pair('x'),
        pair('w', 'sw'),
        '[DQ_b] b_d = DequantizeLinear (b, s)',
        '[Conv_y] y = Conv (x_d, w_d, b_d)',
      ],
      constants: 'int32[64] b = {7 ...}',
    },
    silent: {
      body: [pair('x'), pair('w', 'sw'), '[Conv_y] y = Conv (x_d, w_d, b)'],
      constants: 'float[64] b = {7 ...}',
    },
    says: /^DQ_b dequantizes INT32 data: b, the bias of Conv_y\.$/,
  },
  'opset-too-low': {
    fires: {
      body: [pair('w', 'sc', 'zc'), 'y = Conv (x, w_d)'],
      constants: 'float[64] sc = {0.1 ...}, int8[64] zc = {0 ...}',
      opset: 11,
    },
    silent: {
      body: [pair('w', 'sc', 'zc'), 'y = Conv (x, w_d)'],
      constants: 'float[64] sc = {0.1 ...}, int8[64] zc = {0 ...}',
      opset: 13,
    },
    says: /^Q_w and DQ_w use one scale for each channel, known from operator set 13 on; the model states 11/,
  },
  'type-above-version': {
    fires: fp8({ target: 'trt8.6-sm90' }),
    silent: fp8({ target: 'trt10.6-sm90' }),
    says: /quantize to FP8, which TensorRT has since 9\.0; the target is 8\.6\.$/,
  },
  'type-above-gpu': {
    fires: fp8({ target: 'trt10.6-sm86', mode: 'strong' }),
    silent: fp8({ target: 'trt10.6-sm89', mode: 'strong' }),
    says: /quantize to FP8, which needs compute capability 8\.9; the target has 8\.6\.$/,
  },
  'int8-not-allowed': {
    fires: { ...chain, mode: 'fp16' },
    silent: { ...chain, mode: 'int8' },
    says: /^The model has 4 INT8 Q\/DQ nodes, but mode fp16 does not allow INT8\.$/,
  },
  'fp8-in-weak-mode': {
    fires: fp8(),
    silent: fp8({ mode: 'strong' }),
    says: /^Q_x and DQ_x quantize to FP8, which mode best cannot allow beside INT8\.$/,
  },
};
