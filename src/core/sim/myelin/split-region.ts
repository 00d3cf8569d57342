import { dequantizeOf, isWeightTensor } from '../graph/queries.ts';
import type { SimLayer, SimTensor } from '../graph/sim-graph.ts';
import { Groups } from './groups.ts';

/** One kernel of a Myelin region. `gemm`: matrix multiplication with its epilogue; `mha`: fused attention; `kgen`: generated. */
export interface Kernel {
  readonly kind: 'gemm' | 'mha' | 'kgen';
  /** In the order of the graph; constants and layers that vanish are left out. */
  readonly layers: readonly SimLayer[];
}

/**
 * Splits a region into kernels as real engines show them: each matrix multiplication takes its dequantizers, bias and
 * epilogue; siblings on one input become one; Softmax stands alone or inside fused attention; what is left joins its
 * neighbours; reshapes and transposes vanish unless they end in a Q.
 */
export function splitRegion(region: readonly SimLayer[], half: boolean): Kernel[] {
  return new Splitter(region, half).run();
}

class Splitter {
  private readonly groups = new Groups<SimLayer>();
  private readonly gemms = new Set<SimLayer>();
  private readonly fused = new Set<SimLayer>();
  private readonly inRegion: ReadonlySet<SimLayer>;
  private readonly region: readonly SimLayer[];
  private readonly half: boolean;

  constructor(region: readonly SimLayer[], half: boolean) {
    this.region = region;
    this.half = half;
    this.inRegion = new Set(region);
  }

  run(): Kernel[] {
    for (const layer of this.region) if (layer.kind === 'MATRIX_MULTIPLY') this.gemm(layer);
    this.mergeSiblings();
    for (const layer of this.region) if (layer.kind === 'SOFTMAX') this.attention(layer);
    for (const layer of this.region) this.pointwise(layer);
    return this.kernels();
  }

  /** A matrix multiplication takes the DQs of both operands, its bias, and what follows element by element. */
  private gemm(gemm: SimLayer): void {
    this.gemms.add(gemm);
    this.groups.add(gemm);
    const dqs = gemm.inputs.map(dequantizeOf);
    gemm.quantized = gemm.inputs.length > 1 && dqs.every((dq) => dq !== null);
    if (gemm.quantized) for (const dq of dqs) if (dq) this.take(gemm, dq);
    for (const maker of weightMakers(gemm)) this.take(gemm, maker);
    for (const maker of this.scaleMakers(gemm)) this.take(gemm, maker);
    this.epilogue(gemm);
  }

  /** A product with one number in front of an operand becomes the factor of the multiplication. */
  private scaleMakers(gemm: SimLayer): SimLayer[] {
    return gemm.inputs.flatMap((tensor) => {
      let maker = tensor.producer;
      while (maker && isMoving(maker) && maker.output.soleReader()) maker = maker.producer;
      return maker && this.inRegion.has(maker) && isScalarFactor(maker) && maker.output.soleReader()
        ? [maker]
        : [];
    });
  }

  private epilogue(gemm: SimLayer): void {
    let end = this.follow(gemm, gemm, isConstantOperand);
    if (!(this.half && gemm.quantized)) end = this.activation(gemm, end);
    if (!gemm.quantized) return;
    const residual = this.sole(end);
    if (residual && isResidualAdd(residual, end) && !this.leadsToNormalization(residual)) {
      this.take(gemm, residual);
      return;
    }
    this.quantizeBehind(gemm, end);
  }

  /** Takes followers of one data input as long as `fits` says so; gives the last layer taken. */
  private follow(
    gemm: SimLayer,
    from: SimLayer,
    fits: (next: SimLayer, end: SimLayer) => boolean,
  ): SimLayer {
    let end = from;
    for (let next = this.sole(end); next && fits(next, end); next = this.sole(end)) {
      this.take(gemm, next);
      end = next;
    }
    return end;
  }

  /** An activation is a bundle of element-wise layers with one way in and one way out, such as GELU. */
  private activation(gemm: SimLayer, end: SimLayer): SimLayer {
    const bundle = new Set<SimLayer>();
    let out = end;
    const open = [...end.output.readers];
    for (let next = open.shift(); next; next = open.shift()) {
      if (bundle.has(next)) continue;
      const inside = next.inputs.every(
        ({ producer }) =>
          producer === end || (producer && bundle.has(producer)) || producer?.kind === 'CONSTANT',
      );
      if (!this.inRegion.has(next) || !isElementwise(next) || !inside) continue;
      bundle.add(next);
      out = next;
      open.push(...next.output.readers);
    }
    const leaks = [end, ...bundle].some(
      (layer) => layer !== out && layer.output.readers.some((reader) => !bundle.has(reader)),
    );
    if (leaks || bundle.size === 0) return end;
    for (const layer of bundle) this.take(gemm, layer);
    return out;
  }

  /** An INT8 product with Qs behind it, over shuffles and slices or not, gives INT8 out. */
  private quantizeBehind(gemm: SimLayer, end: SimLayer): void {
    const found: SimLayer[] = [];
    const passed: SimLayer[] = [];
    const open = [...end.output.readers];
    for (let next = open.pop(); next; next = open.pop()) {
      if (!this.inRegion.has(next)) return;
      if (next.kind === 'QUANTIZE') found.push(next);
      else if (isMoving(next) || isScalarFactor(next)) {
        passed.push(next);
        open.push(...next.output.readers);
      } else return;
    }
    for (const q of found) this.take(gemm, q);
    for (const layer of passed) this.fused.add(layer);
  }

  private mergeSiblings(): void {
    const byInput = new Map<SimTensor, SimLayer>();
    for (const gemm of this.gemms) {
      if (gemm.parameters.constantWeights !== true) continue;
      const source = sourceOf(gemm.input);
      const sibling = byInput.get(source);
      if (sibling && sibling.quantized === gemm.quantized) this.groups.join(sibling, gemm);
      else byInput.set(source, gemm);
    }
  }

  /** Softmax between two products of computed operands: one kernel in FP16 or when a Q feeds the second, else three. */
  private attention(softmax: SimLayer): void {
    const first = this.upToGemm(softmax);
    const [second, quantized] = this.downToGemm(softmax);
    this.fused.add(softmax);
    if (!first || !second || !(this.half || quantized)) return;
    if (quantized && !first.quantized) return;
    this.groups.join(first, softmax);
    this.groups.join(first, second);
    for (const layer of this.between(first, softmax)) this.take(first, layer);
    for (const layer of this.between(softmax, second)) this.take(first, layer);
    this.quantizeBehind(second, second);
  }

  private upToGemm(layer: SimLayer): SimLayer | null {
    let at: SimLayer | null = layer.producer;
    for (let steps = 0; at && steps < 8; steps++) {
      if (at.kind === 'MATRIX_MULTIPLY') return at;
      at =
        at.inputs
          .map((tensor) => tensor.producer)
          .find((maker) => maker && maker.kind !== 'CONSTANT') ?? null;
    }
    return null;
  }

  private downToGemm(layer: SimLayer): readonly [SimLayer | null, boolean] {
    let quantized = false;
    let at = this.sole(layer);
    for (; at && at.kind !== 'MATRIX_MULTIPLY'; at = this.sole(at))
      quantized ||= at.kind === 'QUANTIZE';
    return [at, quantized];
  }

  private *between(from: SimLayer, to: SimLayer): Generator<SimLayer> {
    for (let at = this.sole(from); at && at !== to; at = this.sole(at)) yield at;
  }

  /** What no product took joins the neighbours that it reads from; a Q starts or ends such a chain. */
  private pointwise(layer: SimLayer): void {
    if (this.isTaken(layer) || layer.kind === 'CONSTANT') return;
    if (layer.kind === 'SHUFFLE' || layer.kind === 'SLICE') return this.shuffle(layer);
    for (const { producer } of layer.inputs)
      if (
        producer &&
        this.inRegion.has(producer) &&
        !this.isTaken(producer) &&
        producer.kind !== 'CONSTANT'
      )
        if (!standsAlone(producer) && !standsAlone(layer)) this.groups.join(producer, layer);
    this.groups.add(layer);
  }

  /** Moves elements only: part of a Q's or a normalization's kernel, else folded into strides of its reader. */
  private shuffle(layer: SimLayer): void {
    const reader = this.sole(layer);
    const leads =
      reader && (isMoving(reader) || reader.kind === 'QUANTIZE' || reader.kind === 'NORMALIZATION');
    const maker = layer.producer;
    const follows = maker?.kind === 'NORMALIZATION' && this.inRegion.has(maker);
    if (follows) this.groups.join(maker, layer);
    else if (leads && endsInWork(layer, this.inRegion)) {
      this.groups.add(layer);
      if (maker && isMoving(maker) && !this.isTaken(maker)) this.groups.join(maker, layer);
    } else this.fused.add(layer);
  }

  private take(gemm: SimLayer, layer: SimLayer): void {
    this.groups.join(gemm, layer);
    this.fused.add(layer);
  }
  private isTaken(layer: SimLayer): boolean {
    return this.gemms.has(layer) || this.fused.has(layer);
  }
  private sole(layer: SimLayer): SimLayer | null {
    const reader = layer.output.soleReader();
    return reader && this.inRegion.has(reader) ? reader : null;
  }
  private leadsToNormalization(layer: SimLayer): boolean {
    return layer.output.readers.some(
      (reader) => reader.kind === 'NORMALIZATION' || reader.kind === 'REDUCE',
    );
  }

  private kernels(): Kernel[] {
    const kernels = new Map<SimLayer, SimLayer[]>();
    for (const layer of this.region) {
      if (layer.kind === 'CONSTANT') continue;
      const root = this.groups.rootOf(layer) ?? (layer.kind === 'SOFTMAX' ? layer : null);
      if (!root) continue;
      const members = kernels.get(root);
      if (members) members.push(layer);
      else kernels.set(root, [layer]);
    }
    return [...kernels.values()].map((layers) => ({ kind: kindOf(layers), layers }));
  }
}

function kindOf(layers: readonly SimLayer[]): Kernel['kind'] {
  const gemms = layers.filter((layer) => layer.kind === 'MATRIX_MULTIPLY').length;
  if (gemms === 0) return 'kgen';
  return layers.some((layer) => layer.kind === 'SOFTMAX') ? 'mha' : 'gemm';
}

/** Q and DQ on constant weights. */
function weightMakers(gemm: SimLayer): SimLayer[] {
  const makers: SimLayer[] = [];
  for (const tensor of gemm.inputs.filter(isWeightTensor))
    for (let maker = tensor.producer; maker && maker.kind !== 'CONSTANT'; maker = maker.producer)
      makers.push(maker);
  return makers;
}

const isScalarFactor = (layer: SimLayer): boolean =>
  layer.kind === 'ELEMENTWISE' &&
  (layer.op === 'PROD' || layer.op === 'DIV') &&
  layer.inputs.some(
    ({ producer }) => producer?.kind === 'CONSTANT' && producer.parameters.elements === 1,
  );

/** The tensor behind Q and DQ. */
function sourceOf(tensor: SimTensor): SimTensor {
  let source = tensor;
  for (;;) {
    const maker = source.producer;
    if (maker?.kind !== 'QUANTIZE' && maker?.kind !== 'DEQUANTIZE') return source;
    source = maker.input;
  }
}

const ELEMENT_KINDS: ReadonlySet<string> = new Set([
  'ELEMENTWISE',
  'ACTIVATION',
  'UNARY',
  'POINTWISE',
  'SCALE',
]);
const isElementwise = (layer: SimLayer): boolean => ELEMENT_KINDS.has(layer.kind);
const isMoving = (layer: SimLayer): boolean => layer.kind === 'SHUFFLE' || layer.kind === 'SLICE';
const standsAlone = (layer: SimLayer): boolean =>
  layer.kind === 'SOFTMAX' ||
  (layer.kind === 'NORMALIZATION' && layer.op === 'InstanceNormalization');

/** A bias or a scale: an element-wise layer whose other operand is constant. */
const isConstantOperand = (next: SimLayer, end: SimLayer): boolean =>
  next.kind === 'ELEMENTWISE' &&
  next.inputs.length === 2 &&
  next.inputs.every((tensor) => tensor === end.output || tensor.producer?.kind === 'CONSTANT');

const isResidualAdd = (next: SimLayer, end: SimLayer): boolean =>
  next.kind === 'ELEMENTWISE' &&
  next.op === 'SUM' &&
  next.inputs.some((tensor) => tensor !== end.output && tensor.producer?.kind !== 'CONSTANT');

/** Whether a chain of moving layers ends in a layer that computes: a Q or a normalization. */
function endsInWork(layer: SimLayer, region: ReadonlySet<SimLayer>): boolean {
  let at = layer.output.soleReader();
  while (at && isMoving(at)) at = at.output.soleReader();
  return at !== null && region.has(at) && (at.kind === 'QUANTIZE' || at.kind === 'NORMALIZATION');
}
