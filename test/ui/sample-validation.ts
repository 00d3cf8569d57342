import type {
  EngineArithmeticReport,
  EngineTensorError,
} from '../../src/core/validate/engine-arithmetic/engine-arithmetic-report.ts';
import type {
  LayerError,
  TensorComparison,
  TensorError,
  ValidationReport,
} from '../../src/core/validate/validation-report.ts';

const error = (sqnrDb: number, maxAbsError: number, step?: number): TensorError => ({
  count: 100,
  unequal: maxAbsError === 0 ? 0 : 7,
  nonFinite: 0,
  maxAbsError,
  meanAbsError: maxAbsError / 4,
  relativeError: Number.isFinite(sqnrDb) ? 10 ** (-sqnrDb / 20) : 0,
  maxRelativeError: maxAbsError,
  cosine: maxAbsError === 0 ? 1 : 0.999,
  sqnrDb,
  rootMeanSquare: 1,
  ...(step === undefined ? {} : { step, beyondStep: maxAbsError / 10 }),
});

const tensor = (
  name: string,
  order: number,
  measured: TensorError,
  contract: TensorComparison['contract'],
): TensorComparison => ({
  tensor: name,
  isOutput: name === 'y',
  node: `/net/${name}/Conv`,
  opType: 'Conv',
  order,
  dataType: 'float32',
  contract,
  error: measured,
});

const layer = (name: string, order: number, local: number, accumulated: number): LayerError => ({
  node: `/net/${name}/Conv`,
  opType: 'Conv',
  output: name,
  order,
  accumulated: error(accumulated, 0.3),
  local: error(local, 0.2),
});

const histogram = (limit: number, counts: readonly number[]) => ({ limit, counts });

const quantizer = {
  node: 'x_q',
  scale: 0.1,
  zeroPoint: 0,
  quantizedType: 'int8',
  lowest: -12.8,
  highest: 12.7,
} as const;

/** A report with one tensor that is exact and two that are not, two layers, and a scale that could be better. */
export const sampleReport: ValidationReport = {
  version: 1,
  before: 'net.onnx as opened',
  after: 'net.onnx after 2 steps',
  inputs: 'random data (normal, 4 samples, seed 1)',
  equivalence: {
    ...{ batches: 4, groups: 1 },
    tensors: [
      tensor('a', 0, error(Infinity, 0), 'untouched'),
      tensor('b', 1, error(45, 0.1, 0.1), 'moved'),
      tensor('y', 2, error(25, 0.5, 0.1), 'approximate'),
    ],
    incomparable: [],
    firstApart: 'b',
    passes: [{ passId: 'move-relu-behind-quantizer', numerics: 'approximate', changes: 2 }],
    breaches: [],
    details: [
      {
        tensor: 'y',
        before: histogram(8, [1, 4, 9, 3]),
        after: histogram(8, [0, 5, 10, 2]),
        quantizer: { ...quantizer, scale: 0.5, lowest: -6.4, highest: 6.35 },
        scatter: Float32Array.of(1, 1.5, -2, -2, 3, 2.5),
      },
    ],
  },
  float: {
    ...{ batches: 4, groups: 1 },
    layers: [layer('a', 0, 50, 50), layer('y', 1, 35, 18)],
    worst: ['/net/y/Conv', '/net/a/Conv'],
    quantizers: [
      {
        node: 'x_q',
        value: 'x',
        range: quantizer,
        ...{ count: 100, minimum: -5, maximum: 6.3, saturated: 0.01, unusedRange: 0.5 },
        sqnrDb: 30,
        better: { scale: 0.05, gainDb: 6 },
      },
    ],
    outputs: [tensor('y', 2, error(18, 0.5), 'none')],
    incomparable: [],
    agreement: [{ output: 'y', rows: 4, classes: 10, top1: 0.75, top5: 1 }],
    details: [
      {
        tensor: 'x',
        before: histogram(7, [1, 4, 9, 3]),
        after: histogram(7, [1, 4, 9, 3]),
        quantizer,
        scatter: Float32Array.of(1, 1, -2, -2),
      },
    ],
  },
  verdict: {
    status: 'within',
    findings: [
      {
        code: 'validate/moved',
        severity: 'info',
        message: 'The output y moved, as approximate passes may: SQNR 25.0 dB.',
        advice: 'Judge it by the tolerance that your network bears, best by its accuracy.',
      },
    ],
  },
};

const stored = (
  name: string,
  order: number,
  fusion: TensorError,
  rest: Partial<EngineTensorError> = {},
): EngineTensorError => ({
  ...{ tensor: name, isOutput: name === 'y', node: `/net/${name}/Conv`, order },
  ...{ layer: `layer of ${name}`, engineType: 'Int8' },
  nodes: [`/net/${name}/Conv`, `/net/${name}/Relu`],
  ...{ quantization: error(30, 0.2, 0.1), fusion, total: error(28, 0.25, 0.1) },
  ...rest,
});

/** An engine that stores three tensors: fusion changes the last two, the output most. */
export const engineReport: EngineArithmeticReport = {
  ...{ batches: 4, groups: 1 },
  target: { trt: '10.6', sm: 90, mode: 'best' },
  tensors: [
    stored('a', 0, error(Infinity, 0, 0.1)),
    stored('b', 1, error(52, 0.05, 0.1)),
    stored('y', 2, error(36, 0.03), { quantization: error(18, 0.5), total: error(17, 0.6) }),
  ],
  worst: ['y', 'b'],
  firstApart: 'b',
  remarks: [{ text: 'FP32 or FP16 is decided by timing, and FP32 is taken', names: ['a', 'b'] }],
  details: [
    {
      tensor: 'y',
      before: histogram(8, [1, 4, 9, 3]),
      after: histogram(8, [1, 5, 8, 3]),
      scatter: Float32Array.of(1, 1.01, -2, -2),
    },
  ],
};

/** The same with what a rewrite did before. */
export const rewrittenEngineReport: EngineArithmeticReport = {
  ...engineReport,
  tensors: engineReport.tensors.map((tensor) => ({
    ...tensor,
    ...(tensor.tensor !== 'a' && {
      rewrite: error(45, 0.1, 0.1),
      rewriteTotal: error(35, 0.2, 0.1),
    }),
  })),
};

export const sampleWithEngine: ValidationReport = { ...sampleReport, engine: engineReport };
