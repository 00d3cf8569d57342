import { docs } from '../docs.ts';
import { bypass } from '../graph/edits.ts';
import { dequantizeOf } from '../graph/queries.ts';
import type { SimGraph, SimLayer } from '../graph/sim-graph.ts';
import { findRegion } from '../myelin/find-region.ts';
import { foreignNodeName, replaceRegion } from '../myelin/replace-region.ts';
import { splitRegion } from '../myelin/split-region.ts';
import type { SimContext } from '../sim-rule.ts';
import { defineSimRule } from '../sim-rule.ts';
import { compareVersions } from '../target.ts';

interface Match {
  readonly region: readonly SimLayer[];
  readonly half: boolean;
  readonly asWhole: boolean;
}

// Normalizations, products of two computed operands, and in networks with Q/DQ every matrix multiplication go to Myelin,
// a compiler of its own, together with the element-wise layers around them. It makes kernels of its own (gemm, kgen,
// fused attention), in which Q and DQ are part of the arithmetic. Convolutions never go there.
export const myelinRegion = defineSimRule<Match>({
  id: 'myelin-region',
  pass: 'Myelin optimization',
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
      'deit_tiny.mo',
    ],
  },
  kinds: ['MATRIX_MULTIPLY', 'NORMALIZATION', 'REDUCE'],
  check(layer, context) {
    if (!isSeed(layer, context)) return null;
    const region = [...findRegion(layer)];
    const asWhole = compareVersions(context.target.trt, '10.0') < 0;
    return { region, half: choosesHalf(region, context), asWhole };
  },
  effect(_, { region, half, asWhole }, edit) {
    const behindReshape = new Set<SimLayer>();
    const layers = dropReshapes(
      edit.graph,
      inGraphOrder(edit.graph, new Set(region)),
      behindReshape,
    );
    edit.say(foreignNodeName(layers), ...region);
    replaceRegion(edit.graph, splitRegion(edit.graph, { layers, half, behindReshape }), asWhole);
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
/** The share of them that Q/DQ leave in float: with less, all is INT8 and there is nothing to win (deit_tiny.mo). */
const FLOAT_SHARE = 0.01;

/** FP16 or FP32 is a matter of timing; larger regions choose FP16 where it is allowed. */
function choosesHalf(region: readonly SimLayer[], { target }: SimContext): boolean {
  if (target.mode !== 'best' && target.mode !== 'fp16') return false;
  const products = region.filter((layer) => layer.kind === 'MATRIX_MULTIPLY');
  const work = sum(products.map(multiplications));
  const inFloat = sum(products.filter((layer) => !isInt8(layer)).map(multiplications));
  return work >= HALF_FROM && inFloat >= FLOAT_SHARE * work;
}

const isInt8 = ({ inputs }: SimLayer): boolean =>
  inputs.length > 1 && inputs.every((tensor) => dequantizeOf(tensor) !== null);

/** Counts dimensions that are not known as 1. */
function multiplications({ input, output }: SimLayer): number {
  const dims = [...output.dims, input.dims.at(-1)];
  return dims.reduce<number>((n, dim) => n * (typeof dim === 'number' ? dim : 1), 1);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

function inGraphOrder(graph: SimGraph, region: ReadonlySet<SimLayer>): SimLayer[] {
  const ordered: SimLayer[] = [];
  for (const layer of graph.layers()) if (region.has(layer)) ordered.push(layer);
  return ordered;
}

/** A reshape moves nothing; only one behind a transpose is named in that kernel. */
function dropReshapes(
  graph: SimGraph,
  region: readonly SimLayer[],
  behindReshape: Set<SimLayer>,
): SimLayer[] {
  return region.filter((layer) => {
    const isFree =
      layer.kind === 'SHUFFLE' && layer.parameters.transposes === false && !layer.output.isOutput;
    const follows =
      layer.producer?.kind === 'SHUFFLE' && layer.producer.parameters.transposes !== false;
    if (!isFree || follows) return true;
    for (const reader of layer.output.readers) behindReshape.add(reader);
    bypass(graph, layer);
    return false;
  });
}
