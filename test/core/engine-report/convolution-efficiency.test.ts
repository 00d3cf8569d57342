import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuiltLayer } from '../../../src/core/engine/built-engine.ts';
import { convolutionEfficiency } from '../../../src/core/engine-report/convolution-efficiency.ts';
import type { ConvolutionFigures } from '../../../src/core/engine-report/convolution-efficiency.ts';
import { EngineFlow } from '../../../src/core/engine-report/engine-flow.ts';
import { tensorCoreUse } from '../../../src/core/engine-report/tensor-core-use.ts';
import { engineOf, facts, layer, tensor } from './hand-engine.ts';

const figuresOf = (one: BuiltLayer): ConvolutionFigures => {
  const engine = engineOf([one]);
  const [figures] = convolutionEfficiency(engine, new EngineFlow(engine)).convolutions;
  assert.ok(figures);
  return figures;
};
const conv = (
  input: readonly number[],
  output: readonly number[],
  more: Parameters<typeof facts>[0],
  rest: Parameters<typeof layer>[3] = {},
): BuiltLayer =>
  layer('c', [tensor('x', { dims: input })], [tensor('y', { dims: output })], {
    convolution: facts(more),
    ...rest,
  });

test('a 2-D convolution as a matrix product', () => {
  // ResNet's first layer: 112 · 112 · 64 · 3 · 7 · 7 multiply-accumulates.
  const figures = figuresOf(
    conv(
      [1, 3, 224, 224],
      [1, 64, 112, 112],
      { kernel: [7, 7], stride: [2, 2], outMaps: 64 },
      { weightBytes: 9408 + 256, timeUs: 10 },
    ),
  );
  assert.deepEqual(figures.gemm, { m: 12544, n: 64, k: 147, groups: 1 });
  assert.equal(figures.macs, 118013952);
  const bytes = 3 * 224 * 224 + 64 * 112 * 112 + 9408 + 256;
  assert.equal(figures.bytes, bytes);
  assert.equal(figures.macsPerByte, 118013952 / bytes);
  assert.equal(figures.macsPerUs, 11801395.2);
  assert.equal(figures.bytesPerUs, bytes / 10);
});

test('grouped and depthwise convolutions are several small products', () => {
  const grouped = figuresOf(conv([2, 64, 8, 8], [2, 64, 8, 8], { groups: 4, outMaps: 64 }));
  assert.deepEqual(grouped.gemm, { m: 128, n: 16, k: 144, groups: 4 });
  assert.equal(grouped.macs, 128 * 64 * 144);
  const depthwise = figuresOf(conv([1, 32, 8, 8], [1, 32, 8, 8], { groups: 32, outMaps: 32 }));
  assert.deepEqual(depthwise.gemm, { m: 64, n: 1, k: 9, groups: 32 });
});

test('one and three spatial dimensions', () => {
  const one = figuresOf(conv([1, 8, 100], [1, 16, 50], { kernel: [5], stride: [2], outMaps: 16 }));
  assert.deepEqual(one.gemm, { m: 50, n: 16, k: 40, groups: 1 });
  const three = figuresOf(
    conv([1, 4, 8, 16, 16], [1, 8, 8, 16, 16], { kernel: [3, 3, 3], outMaps: 8 }),
  );
  assert.deepEqual(three.gemm, { m: 2048, n: 8, k: 108, groups: 1 });
});

test('a deconvolution counts its input pixels', () => {
  const figures = figuresOf(
    conv([1, 64, 16, 16], [1, 32, 32, 32], {
      kernel: [2, 2],
      stride: [2, 2],
      outMaps: 32,
      isDeconvolution: true,
    }),
  );
  assert.equal(figures.kind, 'deconvolution');
  assert.deepEqual(figures.gemm, { m: 256, n: 128, k: 64, groups: 1 });
});

test('pooling behind a convolution does not make its arithmetic smaller', () => {
  const figures = figuresOf(
    conv(
      [1, 3, 224, 224],
      [1, 64, 56, 56],
      {
        kernel: [7, 7],
        stride: [2, 2],
        prePadding: [3, 3],
        postPadding: [3, 3],
        outMaps: 64,
      },
      { layerType: 'CaskConvActPool' },
    ),
  );
  assert.equal(figures.gemm.m, 112 * 112);
});

test('matrix products, batched and with the second operand either way round', () => {
  const product = (b: readonly number[], more: Parameters<typeof layer>[3] = {}): BuiltLayer =>
    layer(
      'g',
      [tensor('a', { dims: [128, 256] }), tensor('b_dconst', { dims: b })],
      [tensor('y', { dims: [...b.slice(0, -2), 128, 512] })],
      { layerType: 'gemm', ...more },
    );
  const plain = figuresOf(product([256, 512]));
  assert.equal(plain.kind, 'product');
  assert.deepEqual(plain.gemm, { m: 128, n: 512, k: 256, groups: 1 });
  assert.equal(plain.bytes, 128 * 256 + 256 * 512 + 128 * 512);
  assert.deepEqual(figuresOf(product([3, 512, 256])).gemm, { m: 128, n: 512, k: 256, groups: 3 });
  const fused = product([256, 512], { layerType: 'fusion', tactic: 'sm80_xmma_gemm_f16' });
  assert.equal(figuresOf(fused).macs, 128 * 512 * 256);
  const engine = engineOf([product([7, 9])]);
  const report = convolutionEfficiency(engine, new EngineFlow(engine));
  assert.deepEqual(report.unknown, ['g']);
});

test('a convolution of unsettled shape is named, not reckoned', () => {
  const engine = engineOf([conv([-1, 3, 8, 8], [-1, 8, 8, 8], { outMaps: 8 })]);
  const report = convolutionEfficiency(engine, new EngineFlow(engine));
  assert.deepEqual(report, { convolutions: [], macs: 0, unknown: ['c'] });
});

test('names of kernels tell whether they use tensor cores', () => {
  const uses: readonly (readonly [string | null, string])[] = [
    ['sm80_xmma_fprop_implicit_gemm_i8i8_i8i32_f32_nhwc_tilesize64x64x64_tensor16x8x32', 'yes'],
    ['sm90_xmma_gemm_i8f16_i8i32_f32_tn_n_tilesize64x64x128_warpgroupsize1x1x1', 'yes'],
    ['turing_fp16_s1688cudnn_fp16_128x128_ldg8_relu_f2f_exp_small_nhwc_tn_v1', 'yes'],
    ['volta_h884cudnn_256x64_ldg8_relu_exp_small_nhwc_tn_v1', 'yes'],
    ['trt_turing_int8_i8816cudnn_int8_128x128_ldg16_relu_small_nt_v1', 'yes'],
    ['sm70_xmma_fprop_conv1x1_i8f32_f32_f32_nchw_simt_small_batch_bias_relu', 'no'],
    ['sm50_xmma_conv_fprop_fused_conv_act_fp32_NCHW', 'no'],
    ['sm72_xmma_convolution_depthwiseSdcrr_INT8NCxHW32_R3_S3', 'no'],
    ['sm72_xmma_convolution_groupSdcrr_INT8NCxHW32_R3_S3_U1_V1', 'no'],
    ['sm80_xmma_fprop_avdt_dense_int8int8_tilesize64x64x32_tapsperload9', 'unknown'],
    ['__myl_CasGatAdd_0xf63c59f878a935a10956f568af22fb66', 'unknown'],
    ['__myl_Cas_0xe884f568af22fb6616832', 'unknown'],
    ['0x85e05b0dcbdb3f26', 'unknown'],
    [null, 'unknown'],
  ];
  for (const [tactic, use] of uses) assert.equal(tensorCoreUse(tactic), use, tactic ?? 'null');
});
