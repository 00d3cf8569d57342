import type { BuiltEngine, BuiltLayer, ConvolutionFacts } from '../engine/built-engine.ts';
import type { EngineDataType, Precision } from '../sim/predicted-engine.ts';
import type { EngineFlow } from './engine-flow.ts';
import { isWeighted } from './layer-kind.ts';
import { layerTimeUs, shareOf, sumTimeUs } from './layer-time.ts';
import { layerMemory } from './memory-footprint.ts';
import { tensorCoreUse } from './tensor-core-use.ts';
import type { TensorCoreUse } from './tensor-core-use.ts';

/**
 * A convolution as the matrix product that its kernel computes: `groups` products of m×k by k×n. Multiply-accumulates are
 * groups · m · n · k.
 */
export interface ImplicitGemm {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly groups: number;
}

/** What one convolution, deconvolution or matrix product does, and how fast. Ratios are null without a time. */
export interface ConvolutionFigures {
  readonly index: number;
  readonly name: string;
  readonly layerType: string;
  readonly kind: 'convolution' | 'deconvolution' | 'product';
  readonly precision: Precision;
  readonly gives: EngineDataType | null;
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly gemm: ImplicitGemm;
  /** Multiply-accumulates of one inference. */
  readonly macs: number;
  /** Input, residual, output, weights and bias. */
  readonly bytes: number;
  /** Arithmetic intensity: multiply-accumulates for each byte. */
  readonly macsPerByte: number;
  readonly timeUs: number | null;
  readonly timeShare: number | null;
  readonly macsPerUs: number | null;
  readonly bytesPerUs: number | null;
  readonly tactic: string | null;
  readonly tensorCores: TensorCoreUse;
}

/** The convolutions and matrix products of an engine, and those that cannot be reckoned. */
export interface ConvolutionReport {
  readonly convolutions: readonly ConvolutionFigures[];
  readonly macs: number;
  /** Names of those whose shapes the file does not tell, or not as numbers. */
  readonly unknown: readonly string[];
}

/** Figures of all convolutions (of 1, 2 and 3 spatial dimensions, grouped ones too) and products, in the order of the engine. */
export function convolutionEfficiency(engine: BuiltEngine, flow: EngineFlow): ConvolutionReport {
  const total = sumTimeUs(engine.layers);
  const convolutions: ConvolutionFigures[] = [];
  const unknown: string[] = [];
  for (const layer of engine.layers) {
    const { convolution } = layer;
    if (convolution === null && !isProduct(layer)) continue;
    const gemm = convolution === null ? matrixProduct(layer) : implicitGemm(layer, convolution);
    if (gemm === null) unknown.push(layer.name);
    else convolutions.push(figuresOf(layer, gemm, { flow, total }));
  }
  const macs = convolutions.reduce((sum, figures) => sum + figures.macs, 0);
  return { convolutions, macs, unknown };
}

function figuresOf(
  layer: BuiltLayer,
  gemm: ImplicitGemm,
  { flow, total }: { readonly flow: EngineFlow; readonly total: number | null },
): ConvolutionFigures {
  const facts = layer.convolution;
  const macs = gemm.groups * gemm.m * gemm.n * gemm.k;
  const bytes = layerMemory(layer, flow).totalBytes;
  const timeUs = layerTimeUs(layer);
  const per = (amount: number): number | null =>
    timeUs === null || timeUs === 0 ? null : amount / timeUs;
  return {
    index: layer.index,
    name: layer.name,
    layerType: layer.layerType,
    kind: facts === null ? 'product' : facts.isDeconvolution ? 'deconvolution' : 'convolution',
    precision: layer.precision,
    gives: layer.outputs[0]?.dataType ?? null,
    kernel: facts?.kernel ?? [],
    stride: facts?.stride ?? [],
    inputChannels: facts === null ? gemm.k : (inputChannels(layer) ?? 0),
    outputChannels: facts?.outMaps ?? gemm.n,
    gemm,
    macs,
    bytes,
    macsPerByte: bytes === 0 ? 0 : macs / bytes,
    timeUs,
    timeShare: shareOf(timeUs, total),
    macsPerUs: per(macs),
    bytesPerUs: per(bytes),
    tactic: layer.tactic,
    tensorCores: tensorCoreUse(layer.tactic),
  };
}

/** Channels of the first input; null where the file does not tell. */
export function inputChannels(layer: BuiltLayer): number | null {
  const channels = layer.inputs[0]?.dims[1];
  return typeof channels === 'number' && channels > 0 ? channels : null;
}

/** Myelin's products, and its fusions whose kernel is one. */
const isProduct = (layer: BuiltLayer): boolean =>
  isWeighted(layer) || (layer.layerType === 'fusion' && (layer.tactic ?? '').includes('_gemm_'));

/** A product m×k by k×n, or a batch of them: the second operand may be stored either way round. */
function matrixProduct({ inputs, outputs }: BuiltLayer): ImplicitGemm | null {
  const [a, b] = [numbers(inputs[0]?.dims), numbers(inputs[1]?.dims)];
  const output = numbers(outputs[0]?.dims);
  const k = a?.at(-1);
  const n = output?.at(-1);
  if (!b || !output || k === undefined || n === undefined || b.length < 2 || n === 0) return null;
  const [rows, columns] = b.slice(-2);
  const fits = (rows === k && columns === n) || (rows === n && columns === k);
  const groups = product(b.slice(0, -2));
  const m = product(output) / n / groups;
  return fits && Number.isInteger(m) && m > 0 ? { m, n, k, groups } : null;
}

/**
 * A convolution sums over C/G · kernel for each output pixel and output channel. A deconvolution spreads each input pixel over
 * kernel · K/G values, so that its m counts input pixels.
 */
function implicitGemm(layer: BuiltLayer, facts: ConvolutionFacts): ImplicitGemm | null {
  const { kernel, groups, outMaps, isDeconvolution } = facts;
  const channels = inputChannels(layer);
  const input = numbers(layer.inputs[0]?.dims);
  if (channels === null || input === null || kernel.length === 0 || groups < 1) return null;
  const batch = input[0] ?? 1;
  const taps = product(kernel);
  if (isDeconvolution)
    return {
      m: batch * product(input.slice(2)),
      n: (outMaps / groups) * taps,
      k: channels / groups,
      groups,
    };
  const pixels = outputPixels(layer, facts, input);
  return pixels === null
    ? null
    : { m: batch * pixels, n: outMaps / groups, k: (channels / groups) * taps, groups };
}

/** Pooling behind the convolution makes the output smaller: there the parameters tell how many pixels are computed. */
function outputPixels(
  { layerType, parameterType, outputs }: BuiltLayer,
  facts: ConvolutionFacts,
  input: readonly number[],
): number | null {
  const pooled = /pool/i.test(layerType) || /pool/i.test(parameterType ?? '');
  const output = numbers(outputs[0]?.dims);
  if (!pooled) return output === null ? null : product(output.slice(2));
  const { kernel, stride, dilation, prePadding, postPadding } = facts;
  const spatial = input.slice(2);
  if (spatial.length !== kernel.length) return null;
  return product(
    spatial.map((size, i) => {
      const padded = size + (prePadding[i] ?? 0) + (postPadding[i] ?? 0);
      const reach = (dilation[i] ?? 1) * ((kernel[i] ?? 1) - 1) + 1;
      return Math.floor((padded - reach) / (stride[i] ?? 1)) + 1;
    }),
  );
}

const product = (numbers: readonly number[]): number =>
  numbers.reduce((result, factor) => result * factor, 1);

/** Dimensions as numbers; null where one is symbolic or not settled (-1). */
function numbers(dims: BuiltLayer['inputs'][number]['dims'] | undefined): readonly number[] | null {
  if (dims === undefined) return null;
  const known = dims.filter((dim): dim is number => typeof dim === 'number' && dim >= 0);
  return known.length === dims.length ? known : null;
}
