import type { Graph } from '../ir/graph.ts';
import { isDequantizeNode, quantizeOf } from '../ir/quantizer-nodes.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';

/**
 * The edit with scales that calibration can answer for. The scale of a quantizer fits another value only by chance: a pair
 * on that value gets one of its own, or, where equal scales are what helps, one for both. Both wait for calibration.
 */
export function honestScales(edit: PlacementEdit, graph: Graph): readonly PlacementEdit[] {
  if (edit.kind !== 'add-pair' || edit.scale.kind !== 'same-as') return [edit];
  const { quantizer } = edit.scale;
  const node = graph.node(quantizer);
  const source = node && isDequantizeNode(node) ? quantizeOf(node) : node;
  if (source?.inputs[0]?.name === edit.value) return [edit];
  return [
    { ...edit, scale: { kind: 'to-calibrate' } },
    { ...edit, scale: { kind: 'shared-with', quantizer } },
  ];
}
