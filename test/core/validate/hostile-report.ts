import type { EngineArithmeticReport } from '../../../src/core/validate/engine-arithmetic/engine-arithmetic-report.ts';
import type {
  TensorError,
  ValidationReport,
} from '../../../src/core/validate/validation-report.ts';

/** A name that tries to leave the cell it stands in, in HTML and in CSV. */
export const HOSTILE = `=cmd|'/c' </td><img src=x onerror="alert(1)">, "y"`;

const error = (sqnrDb: number): TensorError => ({
  count: 4,
  unequal: sqnrDb === Infinity ? 0 : 2,
  nonFinite: 0,
  maxAbsError: 0.123456789,
  meanAbsError: 0.1,
  relativeError: 0.01,
  maxRelativeError: 0.5,
  cosine: 0.999,
  sqnrDb,
  rootMeanSquare: 1,
  step: 0.25,
  beyondStep: 0,
});

const comparison = (tensor: string, order: number, sqnrDb: number) =>
  ({
    tensor,
    isOutput: true,
    node: 'n',
    opType: 'Relu',
    order,
    dataType: 'float32',
    contract: 'approximate',
    error: error(sqnrDb),
  }) as const;

/** A report with one of everything, whose names are hostile. */
export const hostileReport = (): ValidationReport => ({
  version: 1,
  before: HOSTILE,
  after: 'after.onnx',
  inputs: 'Infinity',
  equivalence: {
    batches: 1,
    groups: 1,
    tensors: [comparison(HOSTILE, 0, 30), comparison('b', 1, Infinity), comparison('c', 2, 5)],
    incomparable: [{ tensor: 'NaN', isOutput: false, reason: 'dims', before: '1', after: '2' }],
    firstApart: HOSTILE,
    passes: [{ passId: 'p', numerics: 'approximate', changes: 3 }],
    breaches: [],
    details: [
      {
        tensor: HOSTILE,
        before: { limit: 2, counts: [0, 1, 2, 1] },
        after: { limit: 2, counts: [0, 2, 1, 1] },
        quantizer: {
          node: HOSTILE,
          scale: 0.5,
          zeroPoint: 0,
          quantizedType: 'int8',
          lowest: -64,
          highest: 63.5,
        },
        scatter: Float32Array.of(1, 1.25, -0.5, NaN),
      },
    ],
  },
  verdict: {
    status: 'failed',
    findings: [{ code: 'x/y', severity: 'error', message: HOSTILE, advice: 'Do.' }],
  },
});

/** An engine that stores two tensors and gives out a third, with hostile names; fusion changes two of them. */
export const hostileEngine = (): EngineArithmeticReport => ({
  ...{ batches: 1, groups: 1, target: { trt: '10.6', sm: 90, mode: 'best' } },
  tensors: [
    {
      ...{ tensor: 'Infinity', isOutput: false, node: 'q', order: 1 },
      ...{ layer: 'NaN', engineType: 'Int8', nodes: ['NaN', 'q'] },
      ...{ quantization: error(30), fusion: error(Infinity), total: error(30) },
    },
    {
      ...{ tensor: HOSTILE, isOutput: false, node: 'n', order: 2 },
      ...{ layer: 'conv + relu', engineType: 'Int8', nodes: ['n'] },
      ...{ quantization: error(25), fusion: error(40), total: error(24.5) },
      ...{ rewrite: error(45), rewriteTotal: error(39) },
    },
    {
      ...{ tensor: 'y', isOutput: true, node: 'm', order: 3, nodes: ['m'] },
      ...{ quantization: error(20), fusion: error(35.5), total: error(19.5) },
      ...{ rewrite: error(Infinity), rewriteTotal: error(35.5) },
    },
  ],
  ...{ worst: ['y', HOSTILE], firstApart: HOSTILE },
  remarks: [
    { text: 'FP32 or FP16 is decided by timing, and FP32 is taken', names: [HOSTILE, 'b'] },
    { text: 'INT8 without Q/DQ', names: [] },
  ],
  details: [
    {
      tensor: HOSTILE,
      before: { limit: 2, counts: [0, 1, 2, 1] },
      after: { limit: 2, counts: [0, 2, 1, 1] },
      scatter: Float32Array.of(1, 1.25),
    },
  ],
});

/** The hostile report with an engine that was followed. */
export const hostileEngineReport = (): ValidationReport => ({
  ...hostileReport(),
  engine: hostileEngine(),
});
