import { docs } from '../docs.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A mean or maximum over all spatial axes that keeps them is a global pooling, whose kernels also exist in INT8.
// ONNX GlobalAveragePool and GlobalMaxPool arrive as reductions too.
export const reduceToPoolingFusion = defineSimRule<true>({
  id: 'reduce-to-pooling-fusion',
  pass: 'ReduceToPoolingFusion',
  summary: 'A reduction over all spatial axes becomes a pooling layer',
  docs: [
    docs.fusions('an average over height and width that keeps the dimensions runs as pooling'),
  ],
  evidence: { kind: 'observed', engines: ['se_convs', 'pool_GlobalMaxPool_both_equal'] },
  kinds: ['REDUCE'],
  check(layer) {
    if (layer.op !== 'AVG' && layer.op !== 'MAX') return null;
    const rank = layer.input.dims.length;
    const axes = [...(layer.parameters.reducedAxes ?? [])].sort((a, b) => a - b);
    if (rank < 4 || rank > 5 || axes.join() !== spatialAxes(rank)) return null;
    return layer.parameters.keepDims === true || refuse('the reduced axes are not kept', layer);
  },
  effect(layer, _, edit) {
    layer.kind = 'POOLING';
    layer.op = layer.op === 'AVG' ? 'AVERAGE' : 'MAX';
    edit.say(`Swap the layer type of ${layer.name} from REDUCE to POOLING`, layer);
  },
});

const spatialAxes = (rank: number): string =>
  Array.from({ length: rank - 2 }, (_, i) => i + 2).join();
