import type { FindingCase } from './finding-case.ts';
import { conv, pair, step } from './lint-text.ts';
import type { ModelText } from './lint-text.ts';

const chain = { body: [pair('x'), conv('y', 'x_d')] };
const residual = (short: readonly string[], add: string, rest: readonly string[]): ModelText => ({
  body: [
    pair('x'),
    conv('a', 'x_d'),
    step('r', 'Relu', 'a'),
    pair('r'),
    conv('b', 'r_d', 'w2'),
    ...short,
    add,
    ...rest,
  ],
});
const closed = [pair('t'), conv('y', 't_d', 'w3')];
/** One firing and one silent model for each finding about what costs time, by its id. */
export const ADVICE_CASES: Readonly<Record<string, FindingCase>> = {
  'float-residual': {
    fires: residual([], step('t', 'Add', 'b', 'r'), closed),
    silent: residual(
      ['[Q_r2] r2_q = QuantizeLinear (r, s, z)', '[DQ_r2] r2_d = DequantizeLinear (r2_q, s, z)'],
      step('t', 'Add', 'b', 'r2_d'),
      closed,
    ),
    says: /^Add_t reads its shortcut r in float \(64 KB in FP32\), so Conv_b gives float out\.$/,
  },
  'doubly-quantized-sum': {
    fires: residual([pair('b')], step('t', 'Add', 'b_d', 'r_d'), closed),
    silent: residual([], step('t', 'Add', 'b', 'r_d'), closed),
    says: /^Add_t has Q\/DQ on both inputs, so it runs behind Conv_b as a layer of its own/,
  },
  'quantizer-inside-fusion': {
    fires: residual([pair('b')], step('t', 'Add', 'b_d', 'r'), closed),
    silent: residual([], step('t', 'Add', 'b', 'r_d'), closed),
    says: /^Q_b stands between Conv_b and its Add Add_t, so they run as two layers\.$/,
  },
  'mixed-fan-out': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a'),
        conv('b', 'a_d', 'w2'),
        step('t', 'Softmax', 'a'),
        step('y', 'Mul', 'b', 't'),
      ],
    },
    silent: {
      body: [pair('x'), conv('a', 'x_d'), pair('a'), conv('b', 'a_d', 'w2'), 'y = Softmax (b)'],
    },
    says: /^a is read by Q_a and in float by Softmax_t, so Conv_a gives float out/,
  },
  'missing-output-quantizer': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a'),
        step('t', 'AveragePool <kernel_shape = [2, 2], strides = [2, 2]>', 'a_d'),
        step('y', 'Softmax', 't'),
      ],
    },
    silent: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a'),
        step('t', 'AveragePool <kernel_shape = [2, 2], strides = [2, 2]>', 'a_d'),
        pair('t'),
        conv('y', 't_d', 'w2'),
      ],
    },
    says: /^AveragePool_t runs in .*: DQ_a stands before it, but no Q behind it\.$/,
  },
  'partly-quantized-inputs': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a'),
        step('c', 'Relu', 'x'),
        step('t', 'Mul', 'a_d', 'c'),
        ...closed,
      ],
    },
    silent: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a'),
        step('c', 'Relu', 'x'),
        pair('c', 's2'),
        step('t', 'Mul', 'a_d', 'c_d'),
        ...closed,
      ],
    },
    says: /^Mul_t runs in .*: DQ_a stands before it, but c has no Q\/DQ\.$/,
  },
  'one-sided-quantization': {
    fires: { body: [pair('x'), '[Conv_y] y = Conv (x_d, w)'] },
    silent: { body: [pair('x'), pair('w', 'sw'), '[Conv_y] y = Conv (x_d, w_d)'] },
    says: /^Conv_y runs in .*: its input x has Q\/DQ, its weight w has none\.$/,
  },
  'unequal-scales-at-concat': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a', 's'),
        conv('b', 'x_d', 'w2'),
        pair('b', 's2'),
        step('t', 'Concat <axis = 1>', 'a_d', 'b_d'),
        step('y', 'Softmax', 't'),
      ],
    },
    silent: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a', 's'),
        conv('b', 'x_d', 'w2'),
        pair('b', 's'),
        step('t', 'Concat <axis = 1>', 'a_d', 'b_d'),
        step('y', 'Softmax', 't'),
      ],
    },
    says: /^Concat_t joins scales 0\.1 and 0\.2\.$/,
  },
  'unequal-scales-across-copy': {
    fires: {
      body: [
        pair('x'),
        step('t', 'MaxPool <kernel_shape = [2, 2]>', 'x_d'),
        pair('t', 's2'),
        conv('y', 't_d'),
      ],
    },
    silent: {
      body: [
        pair('x'),
        step('t', 'MaxPool <kernel_shape = [2, 2]>', 'x_d'),
        pair('t', 's'),
        conv('y', 't_d'),
      ],
    },
    says: /^MaxPool_t reads scale 0\.1 and gives scale 0\.2, though a MaxPool changes no value\.$/,
  },
  'float-output-before-quantizer': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a'),
        conv('b', 'a_d', 'w2'),
        '[Q_a2] a2_q = QuantizeLinear (a, s2, z)',
        '[DQ_a2] a2_d = DequantizeLinear (a2_q, s2, z)',
        conv('c', 'a2_d', 'w3'),
        step('y', 'Mul', 'b', 'c'),
      ],
    },
    silent: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a'),
        conv('b', 'a_d', 'w2'),
        '[Q_a2] a2_q = QuantizeLinear (a, s, z)',
        '[DQ_a2] a2_d = DequantizeLinear (a2_q, s, z)',
        conv('c', 'a2_d', 'w3'),
        step('y', 'Mul', 'b', 'c'),
      ],
    },
    says: /^Conv_a runs in INT8 but gives .* out \(64 KB in FP32\), which Q_a2? then quantizes\.$/,
  },
  'deconvolution-relu': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d', 'w', 'ConvTranspose <strides = [2, 2]>'),
        step('t', 'Relu', 'a'),
        pair('t'),
        conv('y', 't_d', 'w2'),
      ],
    },
    silent: {
      body: [
        pair('x'),
        conv('a', 'x_d', 'w', 'ConvTranspose <strides = [2, 2]>'),
        pair('a'),
        conv('y', 'a_d', 'w2'),
      ],
    },
    says: /^Relu_t is a layer of its own \(.*\): Conv_a, a ConvTranspose, takes no Relu in INT8\.$/,
  },
  'integer-island': {
    fires: {
      body: [
        step('a', 'Softmax', 'x'),
        pair('a'),
        step('t', 'MaxPool <kernel_shape = [2, 2]>', 'a_d'),
        step('y', 'Softmax', 't'),
      ],
    },
    silent: {
      body: [
        step('a', 'Softmax', 'x'),
        pair('a'),
        step('t', 'MaxPool <kernel_shape = [2, 2]>', 'a_d'),
        conv('y', 't'),
      ],
    },
    says: /^MaxPool_t alone runs in INT8 between Q_a and DQ_a, which move .* in FP32\.$/,
  },
  'uneven-group-channels': {
    fires: {
      body: [pair('x'), conv('y', 'x_d', 'g', 'Conv <group = 32>')],
      constants: 'float[64, 2, 3, 3] g = {0.5 ...}',
    },
    silent: {
      body: [pair('x'), conv('y', 'x_d', 'g', 'Conv <group = 16>')],
      constants: 'float[64, 4, 3, 3] g = {0.5 ...}',
    },
    says: /^Conv_y has 32 groups of 2 input and 2 output channels/,
  },
  'surviving-quantizer': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        step('t', 'Softmax', 'a'),
        pair('t'),
        conv('y', 't_d', 'w2'),
      ],
    },
    silent: { body: [pair('x'), conv('a', 'x_d'), pair('a'), conv('y', 'a_d', 'w2')] },
    says: /^Q_t runs as a layer over t \(64 KB in FP32\)/,
  },
  requantization: {
    fires: { body: [pair('x'), pair('x_d', 's2'), conv('y', 'x_d_d')] },
    silent: { body: [pair('x'), pair('x_d'), conv('y', 'x_d_d')] },
    says: /^Q_x_d quantizes to scale 0\.2 what DQ_x has just taken from scale 0\.1\.$/,
  },
  'duplicate-quantizers': {
    fires: {
      body: [
        pair('x'),
        '[Q_x2] x2_q = QuantizeLinear (x, s2, z)',
        '[DQ_x2] x2_d = DequantizeLinear (x2_q, s2, z)',
        conv('a', 'x_d'),
        conv('b', 'x2_d', 'w2'),
        step('y', 'Mul', 'a', 'b'),
      ],
    },
    silent: {
      body: [
        pair('x'),
        '[Q_x2] x2_q = QuantizeLinear (x, s, z)',
        '[DQ_x2] x2_d = DequantizeLinear (x2_q, s, z)',
        conv('a', 'x_d'),
        conv('b', 'x2_d', 'w2'),
        step('y', 'Mul', 'a', 'b'),
      ],
    },
    says: /^Q_x and Q_x2 quantize x with scales 0\.1 and 0\.2\.$/,
  },
  'float-weighted-layer': {
    fires: { body: [pair('x'), conv('a', 'x_d'), '[Conv_y] y = Conv (a, w2)'] },
    silent: { body: ['a = Conv (x, w)', '[Conv_y] y = Conv (a, w2)'] },
    says: /^Conv_y runs in .*: neither its input a nor its weight has Q\/DQ\.$/,
  },
  'float-global-pooling': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        step('t', 'GlobalAveragePool', 'a'),
        pair('t'),
        conv('y', 't_d', 'w2'),
      ],
    },
    silent: {
      body: [
        pair('x'),
        conv('a', 'x_d'),
        pair('a'),
        step('t', 'GlobalAveragePool', 'a_d'),
        pair('t'),
        conv('y', 't_d', 'w2'),
      ],
    },
    says: /^GlobalAveragePool_t runs in .* between INT8 layers\.$/,
  },
  'depthwise-activation': {
    fires: {
      body: [
        pair('x'),
        conv('a', 'x_d', 'g', 'Conv <group = 64>'),
        step('g1', 'Sigmoid', 'a'),
        step('y', 'Mul', 'a', 'g1'),
      ],
      constants: 'float[64, 1, 3, 3] g = {0.5 ...}',
    },
    silent: {
      body: [pair('x'), conv('a', 'x_d', 'g', 'Conv <group = 64>'), step('y', 'Relu', 'a')],
      constants: 'float[64, 1, 3, 3] g = {0.5 ...}',
    },
    says: /^Sigmoid_g1 \(Sigmoid\) is a layer of its own behind the depthwise Conv_a/,
  },
  'per-channel-deconvolution': {
    fires: {
      body: [
        pair('x'),
        '[Q_w] w_q = QuantizeLinear (w, sc, zc)',
        '[DQ_w] w_d = DequantizeLinear (w_q, sc, zc)',
        '[Up] y = ConvTranspose (x_d, w_d)',
      ],
      constants: 'float[64] sc = {0.1 ...}, int8[64] zc = {0 ...}',
    },
    silent: { body: [pair('x'), conv('y', 'x_d', 'w', 'ConvTranspose')] },
    says: /^Up has 64 weight scales along axis 1\.$/,
  },
  'unaligned-channels': {
    fires: {
      body: [pair('x'), conv('y', 'x_d', 'v')],
      constants: 'float[72, 64, 3, 3] v = {0.5 ...}',
    },
    silent: chain,
    says: /^Conv_y has 72 output channels; INT8 kernels compute 64 × 96 for 64 × 72\.$/,
  },
  'identity-in-chain': {
    fires: {
      body: [pair('x'), conv('a', 'x_d'), step('i', 'Identity', 'a'), step('y', 'Relu', 'i')],
    },
    silent: { body: [pair('x'), conv('a', 'x_d'), step('i', 'Relu', 'a'), 'y = Identity (i)'] },
    says: /^Identity_i \(Identity\) stands between Conv_a and Relu_y\.$/,
  },
  'type-changing-reformat': {
    fires: residual([pair('b')], step('t', 'Add', 'b_d', 'r'), ['[Conv_y] y = Conv (t, w3)']),
    silent: chain,
    says: /^1 reformat may change the type of t /,
  },
  'output-dequantizer': {
    fires: { body: [pair('x'), conv('a', 'x_d'), pair('a')], outputs: 'float[] a_d' },
    silent: { body: [pair('x'), conv('a', 'x_d')], outputs: 'float[] a' },
    says: /^DQ_a makes the output a_d \(64 KB\) in a layer of its own\.$/,
  },
  'strong-float32': {
    fires: { body: [pair('x'), conv('a', 'x_d'), 'y = Conv (a, w2)'], mode: 'strong' },
    silent: { body: [pair('x'), conv('a', 'x_d'), 'y = Conv (a, w2)'], mode: 'best' },
    says: /^1 layer of 2 run in FP32, because the model is FP32\.$/,
  },
  'missing-dynamic-range': {
    fires: { body: ['y = Conv (x, w)'], mode: 'best' },
    silent: { body: ['y = Conv (x, w)'], mode: 'fp16' },
    says: /^The model has no Q\/DQ, and mode best allows INT8: \d of 1 layer may run in INT8/,
  },
};
