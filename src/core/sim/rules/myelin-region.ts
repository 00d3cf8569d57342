import { docs } from '../docs.ts';
import { isWeightTensor } from '../graph/queries.ts';
import type { SimGraph, SimLayer, SimTensor } from '../graph/sim-graph.ts';
import { findRegion } from '../myelin/find-region.ts';
import type { Kernel } from '../myelin/split-region.ts';
import { splitRegion } from '../myelin/split-region.ts';
import type { SimContext } from '../sim-rule.ts';
import { defineSimRule } from '../sim-rule.ts';

interface Match {
  readonly region: readonly SimLayer[];
  readonly half: boolean;
}

// Normalizations, products of two computed operands, and in networks with Q/DQ every matrix multiplication go to Myelin,
// a compiler of its own, together with the element-wise layers around them. It makes kernels of its own (gemm, kgen,
// fused attention), in which Q and DQ are part of the arithmetic. Convolutions never go there.
export const myelinRegion = defineSimRule<Match>({
  id: 'myelin-region',
  pass: 'Myelin',
  summary: 'Matrix multiplications, normalizations and what surrounds them are compiled by Myelin',
  docs: [docs.fusions('attention, normalization and matrix multiplication are compiled together')],
  evidence: {
    kind: 'observed',
    engines: [
      'gemm_q',
      'ln17_q',
      'attention_bmm',
      'mlp_GeluErf_q',
      'move_InstanceNorm_both',
      'bert_mini.convs',
    ],
  },
  kinds: ['MATRIX_MULTIPLY', 'NORMALIZATION', 'REDUCE'],
  check(layer, context) {
    if (!isSeed(layer, context)) return null;
    const region = [...findRegion(layer)];
    return { region, half: choosesHalf(region, context) };
  },
  effect(_, { region, half }, edit) {
    const ordered = inGraphOrder(edit.graph, new Set(region));
    for (const kernel of splitRegion(ordered, half)) replace(edit.graph, kernel);
    const [first, last] = [ordered[0], ordered.at(-1)];
    edit.say(`{ForeignNode[${first?.name ?? ''}...${last?.name ?? ''}]}`);
    removeRest(edit.graph, ordered);
  },
});

function isSeed(layer: SimLayer, { explicit }: SimContext): boolean {
  if (layer.kind === 'NORMALIZATION') return true;
  if (layer.kind === 'REDUCE') return isDecomposedNormalization(layer);
  return explicit || layer.parameters.constantWeights !== true;
}

/** LayerNorm written out: a mean, the difference to it, its square, and the mean of that. */
function isDecomposedNormalization(mean: SimLayer): boolean {
  const difference = mean.output.readers.find((reader) => reader.op === 'SUB');
  const square = difference?.output.readers.find(
    (reader) => reader.op === 'POW' || reader.op === 'PROD',
  );
  return (
    mean.op === 'AVG' && square?.output.readers.some((reader) => reader.kind === 'REDUCE') === true
  );
}

/** Multiplications that make FP16 kernels worth their casts; between a small attention block and a small BERT. */
const HALF_FROM = 1e8;

/** FP16 or FP32 is a matter of timing; larger regions choose FP16 where it is allowed. */
function choosesHalf(region: readonly SimLayer[], { target }: SimContext): boolean {
  if (target.mode !== 'best' && target.mode !== 'fp16') return false;
  const known = (dim: number | string | undefined): number => (typeof dim === 'number' ? dim : 1);
  const work = region
    .filter((layer) => layer.kind === 'MATRIX_MULTIPLY')
    .reduce(
      (sum, { input, output }) =>
        sum + output.dims.reduce<number>((n, dim) => n * known(dim), known(input.dims.at(-1))),
      0,
    );
  return work >= HALF_FROM;
}

function inGraphOrder(graph: SimGraph, region: ReadonlySet<SimLayer>): SimLayer[] {
  const ordered: SimLayer[] = [];
  for (const layer of graph.layers()) if (region.has(layer)) ordered.push(layer);
  return ordered;
}

/** Puts one layer in place of a kernel's layers: it reads what comes from outside and makes what goes outside. */
function replace(graph: SimGraph, { kind, layers }: Kernel): void {
  const members = new Set(layers);
  const reads = new Set<SimTensor>();
  const makes = new Set<SimTensor>();
  for (const layer of layers) {
    for (const tensor of layer.inputs) {
      const source = throughMoving(tensor, members);
      if (!source.producer || !members.has(source.producer)) reads.add(source);
    }
    for (const tensor of layer.outputs)
      if (tensor.isOutput || tensor.readers.some((reader) => !members.has(reader)))
        makes.add(tensor);
  }
  const last = layers.at(-1);
  if (!last) return;
  const kernel = graph.add(
    {
      kind: 'MYELIN',
      op: kind === 'gemm' ? 'gemm' : 'kgen',
      name: kernelName(kind, layers),
      nodes: layers.flatMap((layer) => layer.nodes),
      inputs: inputsInOrder(reads, layers),
      outputs: [],
    },
    last.next,
  );
  kernel.quantized = layers.some((layer) => layer.quantized);
  kernel.notes.push(...layers.flatMap((layer) => layer.notes));
  [...makes].forEach((tensor, index) => {
    graph.setOutput(kernel, index, tensor);
  });
}

/** As the inspector lists them: the residual of a product with a fused Add stands before its operands. */
function inputsInOrder(reads: ReadonlySet<SimTensor>, layers: readonly SimLayer[]): SimTensor[] {
  const residual = layers.findLast(
    (layer) => layer.kind === 'ELEMENTWISE' && layer.op === 'SUM',
  )?.inputs;
  const first = layers.some((layer) => layer.kind === 'MATRIX_MULTIPLY') ? (residual ?? []) : [];
  const data = [...reads].filter((tensor) => !isWeightTensor(tensor));
  return [
    ...data.filter((tensor) => first.includes(tensor)),
    ...data.filter((tensor) => !first.includes(tensor)),
  ];
}

/** Reshapes and transposes that vanished are read through. */
function throughMoving(tensor: SimTensor, members: ReadonlySet<SimLayer>): SimTensor {
  const maker = tensor.producer;
  return maker && !members.has(maker) && maker.kind === 'SHUFFLE' && maker.alive
    ? maker.input
    : tensor;
}

function kernelName(kind: Kernel['kind'], layers: readonly SimLayer[]): string {
  if (kind === 'mha') return '_gemm_mha_v2';
  const products = layers
    .filter((layer) => layer.kind === 'MATRIX_MULTIPLY')
    .map((layer) => layer.name);
  if (kind === 'gemm') return products.join('+');
  return `__myl_${layers.map((layer) => layer.op.slice(0, 3)).join('')}`;
}

function removeRest(graph: SimGraph, layers: readonly SimLayer[]): void {
  for (const layer of [...layers].reverse()) {
    const outputs = [...layer.outputs];
    const makers = outputs.map((tensor) => tensor.producer);
    graph.remove(layer);
    outputs.forEach((tensor, i) => {
      tensor.producer = makers[i] === layer ? null : (makers[i] ?? null);
    });
  }
}
