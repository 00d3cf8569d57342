import type { EngineFileKind, IoTensor, LatencyFigures } from '../../core/engine/built-engine.ts';
import type {
  ConvolutionFigures,
  ConvolutionReport,
  ImplicitGemm,
} from '../../core/engine-report/convolution-efficiency.ts';
import type { EngineFigures, LayerSum } from '../../core/engine-report/engine-summary.ts';
import type {
  LatencyBreakdown,
  PrecisionLatency,
  TypeLatency,
} from '../../core/engine-report/latency-breakdown.ts';
import type { LayerLine, TypeAndFormat } from '../../core/engine-report/layer-lines.ts';
import type { EngineFinding, FindingLayer } from '../../core/engine-report/lint/engine-finding.ts';
import type { EngineMemory, LayerMemory } from '../../core/engine-report/memory-footprint.ts';
import type { ReportedEngine } from '../../core/engine-report/report/engine-report.ts';
import type { TacticUse } from '../../core/engine-report/tactic-table.ts';
import type { TensorCoreUse } from '../../core/engine-report/tensor-core-use.ts';
import type { LayerRole, Precision, TensorFormat } from '../../core/sim/predicted-engine.ts';
import type { DocLink } from '../../core/sim/sim-rule.ts';
import type { EngineOutput } from '../engine-output.ts';
import { engineComparisonSchema } from './engine-comparison-schema.ts';
import { REALITY } from './reality-schema.ts';
import {
  about,
  anyOf,
  constant,
  integer,
  list,
  number,
  object,
  oneOf,
  orNull,
  text,
  textOf,
} from './schema.ts';
import type { Schema } from './schema.ts';
import { DIAGNOSTIC, ENGINE_TYPE, SEVERITY } from './shared-schemas.ts';

const TIME = about('microseconds; null without a profile', orNull(number));
const SHARE = about('of the time of all layers, 0 to 1; null without a profile', orNull(number));
const PRECISION: Schema<Precision> = textOf<Precision>();
const ROLE: Schema<LayerRole> = textOf<LayerRole>();
const TENSOR_CORES: Schema<TensorCoreUse> = oneOf<TensorCoreUse>({
  yes: true,
  no: true,
  unknown: true,
});

const SUM_FIELDS = { layers: integer, timeUs: TIME, timeShare: SHARE } as const;
const SUM: Schema<LayerSum> = object(SUM_FIELDS);

const TYPE_AND_FORMAT: Schema<TypeAndFormat> = object({
  dataType: ENGINE_TYPE,
  format: textOf<TensorFormat>(),
});

const LINE: Schema<LayerLine> = object({
  index: integer,
  name: text,
  layerType: text,
  type: text,
  role: ROLE,
  precision: PRECISION,
  takes: orNull(TYPE_AND_FORMAT),
  gives: orNull(TYPE_AND_FORMAT),
  tactic: orNull(text),
  nodes: list(text),
  timeUs: TIME,
  timeShare: SHARE,
  activationBytes: number,
  weightBytes: number,
});

const IO: Schema<IoTensor> = object({
  name: text,
  mode: orNull(oneOf<'input' | 'output'>({ input: true, output: true })),
  dataType: ENGINE_TYPE,
  dims: list(anyOf<IoTensor['dims'][number]>(number, text)),
});

const LATENCY: Schema<LatencyFigures> = object({
  runs: integer,
  computeMedianUs: number,
  computeP95Us: number,
  latencyMedianUs: number,
});

const FIGURES: Schema<EngineFigures> = object({
  name: text,
  trtVersion: orNull(text),
  gpu: orNull(text),
  inputs: list(IO),
  outputs: list(IO),
  layers: integer,
  layerTimeUs: TIME,
  latency: orNull(LATENCY),
  profiledRuns: orNull(integer),
  compute: SUM,
  low: about('layers that compute in INT8, FP8 or narrower', SUM),
  lowShare: orNull(number),
  untold: SUM,
  reformats: SUM,
  quantizers: about('Q and DQ that no layer took', SUM),
  noops: integer,
  weightBytes: number,
  activationBytes: number,
  untimedLayers: integer,
});

const PRECISION_LATENCY: Schema<PrecisionLatency> = object({ precision: PRECISION, ...SUM_FIELDS });
const TYPE_LATENCY: Schema<TypeLatency> = object({
  type: text,
  precisions: list(PRECISION_LATENCY),
  ...SUM_FIELDS,
});
const BREAKDOWN: Schema<LatencyBreakdown> = object({
  byType: list(TYPE_LATENCY),
  byPrecision: list(PRECISION_LATENCY),
});

const TACTIC: Schema<TacticUse> = object({
  tactic: orNull(text),
  tensorCores: TENSOR_CORES,
  indices: list(integer),
  ...SUM_FIELDS,
});

const LAYER_MEMORY: Schema<LayerMemory> = object({
  index: integer,
  name: text,
  layerType: text,
  inputBytes: number,
  outputBytes: number,
  weightBytes: number,
  totalBytes: number,
  unknownTensors: integer,
});
const MEMORY: Schema<EngineMemory> = object({
  layers: list(LAYER_MEMORY),
  inputBytes: number,
  outputBytes: number,
  weightBytes: number,
  unknownTensors: integer,
  activationBytes: number,
});

const GEMM: Schema<ImplicitGemm> = object({ m: number, n: number, k: number, groups: integer });
const CONVOLUTION: Schema<ConvolutionFigures> = object({
  index: integer,
  name: text,
  layerType: text,
  kind: oneOf<ConvolutionFigures['kind']>({
    convolution: true,
    deconvolution: true,
    product: true,
  }),
  precision: PRECISION,
  gives: orNull(ENGINE_TYPE),
  kernel: list(integer),
  stride: list(integer),
  inputChannels: integer,
  outputChannels: integer,
  gemm: GEMM,
  macs: about('multiply-accumulates of one inference', number),
  bytes: number,
  macsPerByte: number,
  timeUs: TIME,
  timeShare: SHARE,
  macsPerUs: orNull(number),
  bytesPerUs: orNull(number),
  tactic: orNull(text),
  tensorCores: TENSOR_CORES,
});
const CONVOLUTIONS: Schema<ConvolutionReport> = object({
  convolutions: list(CONVOLUTION),
  macs: number,
  unknown: list(text),
});

const FINDING_LAYER: Schema<FindingLayer> = object({ index: integer, name: text });
const DOC: Schema<DocLink> = object({ title: text, url: text, says: text });
const FINDING: Schema<EngineFinding> = object({
  ruleId: text,
  title: text,
  severity: SEVERITY,
  layers: list(FINDING_LAYER),
  message: text,
  consequence: text,
  advice: text,
  lostUs: about('microseconds that the cure gives back at most', orNull(number)),
  docs: list(DOC),
});

const ENGINE: Schema<ReportedEngine> = object({
  name: text,
  fileKind: textOf<EngineFileKind>(),
  remarks: list(DIAGNOSTIC),
  figures: FIGURES,
  layers: list(LINE),
  latency: BREAKDOWN,
  tactics: list(TACTIC),
  memory: MEMORY,
  convolutions: CONVOLUTIONS,
  findings: list(FINDING),
});

/** What `engine --json` prints. */
export const ENGINE_SCHEMA: Schema<EngineOutput> = object({
  format: constant('qdq-lab-engine-report'),
  version: constant(1),
  engines: list(ENGINE),
  comparison: orNull(
    engineComparisonSchema({ figures: FIGURES, line: LINE, sum: SUM, precision: PRECISION }),
  ),
  prediction: about('null without --model', orNull(REALITY)),
});
