import { isWeightTensor } from '../graph/queries.ts';
import type { SimGraph, SimLayer } from '../graph/sim-graph.ts';
import { SimTensor } from '../graph/sim-graph.ts';
import { isRowProduct } from './layer-roles.ts';
import type { Kernel, RegionPlan } from './region-plan.ts';

/**
 * Puts one layer in place of each kernel, and takes the region's own layers out. Before TensorRT 10 the inspector lists a
 * region as one layer, `asWhole`.
 */
export function replaceRegion(graph: SimGraph, plan: RegionPlan, asWhole: boolean): void {
  const whole = { layers: plan.layers, borrowed: [] };
  for (const kernel of asWhole ? [whole] : plan.kernels())
    replaceKernel(graph, plan, kernel, asWhole);
  for (const layer of [...plan.layers].reverse()) {
    const made = layer.outputs.map((tensor) => [tensor, tensor.producer] as const);
    graph.remove(layer);
    for (const [tensor, producer] of made) if (producer !== layer) tensor.producer = producer;
  }
}

function replaceKernel(
  graph: SimGraph,
  plan: RegionPlan,
  { layers, borrowed }: Kernel,
  asWhole: boolean,
): void {
  const members = new Set(layers);
  const reads = new Set<SimTensor>();
  const makes = new Set<SimTensor>();
  for (const layer of layers) {
    for (const tensor of layer.inputs) {
      const source = throughVanished(plan, tensor);
      if (!source.producer || !members.has(source.producer)) reads.add(source);
    }
    for (const tensor of layer.outputs) if (isReadOutside(plan, tensor, members)) makes.add(tensor);
  }
  const kind = asWhole ? 'Myelin' : kernelKind(layers);
  const kernel = graph.add(
    {
      kind: 'MYELIN',
      op: kind === 'mha' ? 'kgen' : kind,
      name: kernelName(kind, layers),
      nodes: [...borrowed, ...layers.flatMap((layer) => layer.nodes)],
      inputs: inputsInOrder(reads, layers),
      outputs: [],
    },
    placeOf(layers, makes),
  );
  kernel.quantized = layers.some((layer) => layer.quantized);
  kernel.notes.push(...layers.flatMap((layer) => layer.notes));
  outputsInOrder(plan, makes).forEach((tensor, index) => {
    graph.setOutput(kernel, index, tensor);
  });
}

/** Behind the last layer of the kernel, or before the first that reads it: a Q at its end may stand late in the order. */
function placeOf(layers: readonly SimLayer[], makes: ReadonlySet<SimTensor>): SimLayer | null {
  const last = layers.at(-1);
  for (let at = layers[0] ?? null; at && at !== last; at = at.next)
    if (!layers.includes(at) && at.inputs.some((tensor) => makes.has(tensor))) return at;
  return last?.next ?? null;
}

/** What a vanished layer gives is read where it read. */
function throughVanished(plan: RegionPlan, tensor: SimTensor): SimTensor {
  let source = tensor;
  for (
    let maker = source.producer;
    maker && plan.isVanished(maker) && maker.alive;
    maker = source.producer
  )
    source = maker.kind === 'QUANTIZE' ? twinOutput(plan, maker) : maker.input;
  return source;
}

/** The output of the quantizer that computes for its equal. */
function twinOutput(plan: RegionPlan, layer: SimLayer): SimTensor {
  const twin = layer.input.readers.find(
    (other) =>
      other.kind === 'QUANTIZE' &&
      !plan.isVanished(other) &&
      other.quantizer?.key === layer.quantizer?.key,
  );
  return twin?.output ?? layer.input;
}

function isReadOutside(
  plan: RegionPlan,
  tensor: SimTensor,
  members: ReadonlySet<SimLayer>,
): boolean {
  if (tensor.isOutput) return true;
  return tensor.readers.some((reader) => {
    if (!plan.isVanished(reader)) return !members.has(reader) && reader.kind !== 'MYELIN';
    if (reader.kind === 'QUANTIZE') return false;
    return reader.outputs.some((next) => isReadOutside(plan, next, members));
  });
}

type KernelKind = 'gemm' | 'mha' | 'kgen' | 'Myelin';

function kernelKind(layers: readonly SimLayer[]): KernelKind {
  if (!layers.some((layer) => layer.kind === 'MATRIX_MULTIPLY' && !isRowProduct(layer)))
    return 'kgen';
  return layers.some((layer) => layer.kind === 'SOFTMAX') ? 'mha' : 'gemm';
}

function kernelName(kind: KernelKind, layers: readonly SimLayer[]): string {
  if (kind === 'Myelin') return foreignNodeName(layers);
  if (kind === 'mha') return '_gemm_mha_v2';
  if (kind === 'kgen') return `__myl_${layers.map((layer) => layer.op.slice(0, 3)).join('')}`;
  return layers
    .flatMap((layer) => (layer.kind === 'MATRIX_MULTIPLY' ? [layer.name] : []))
    .join('+');
}

/** As the inspector lists them: what a Q makes stands first, unless a reshape stood before that Q. */
function outputsInOrder(plan: RegionPlan, makes: ReadonlySet<SimTensor>): SimTensor[] {
  const isFirst = ({ producer }: SimTensor): boolean =>
    producer?.kind === 'QUANTIZE' && !plan.isBehindReshape(producer);
  return [...[...makes].filter(isFirst), ...[...makes].filter((tensor) => !isFirst(tensor))];
}

/**
 * As the inspector lists them: the residual of a product with a fused Add stands before its operands, and float tensors
 * before INT8 ones in a generated kernel.
 */
function inputsInOrder(reads: ReadonlySet<SimTensor>, layers: readonly SimLayer[]): SimTensor[] {
  const isGemm = kernelKind(layers) !== 'kgen';
  const add = layers.findLast((layer) => layer.kind === 'ELEMENTWISE' && layer.op === 'SUM');
  const first = isGemm && add ? add.inputs : [];
  const tables = new Set(
    layers.filter((layer) => layer.kind === 'GATHER').map((layer) => layer.input),
  );
  const data = [...reads].filter((tensor) => tables.has(tensor) || !isWeightTensor(tensor));
  const rank = (tensor: SimTensor): number =>
    (first.includes(tensor) ? 0 : 2) + (!isGemm && tensor.dataType === 'Int8' ? 1 : 0);
  data.sort((a, b) => rank(a) - rank(b));
  const scale = isGemm ? null : scaleBefore(data[0], layers);
  return scale ? [scale, ...data] : data;
}

/** Generated kernels list constants before INT8 data: the scale of the DQ that reads it. */
function scaleBefore(data: SimTensor | undefined, layers: readonly SimLayer[]): SimTensor | null {
  if (data?.dataType !== 'Int8') return null;
  const dq = layers.find((layer) => layer.kind === 'DEQUANTIZE');
  if (dq?.quantizer?.constantScale !== true) return null;
  return new SimTensor(dq.quantizer.scaleName, [], 'Float');
}

/** The builder's name of a region: its first and last layer. */
export function foreignNodeName(layers: readonly SimLayer[]): string {
  const nameOf = (layer: SimLayer | undefined): string =>
    layer?.kind === 'NORMALIZATION' ? '(Unnamed Layer*) [Normalization]' : (layer?.name ?? '');
  return `{ForeignNode[${nameOf(layers[0])}...${nameOf(layers.at(-1))}]}`;
}
