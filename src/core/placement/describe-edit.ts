import { assertNever } from '../base/assert.ts';
import type { PlacementEdit, ScaleSource } from './placement-edit.ts';

/** The edit as the beginning of a sentence, without a full stop: `Add Q/DQ on Relu_0_out where Add_0 reads it, …`. */
export function describeEdit(edit: PlacementEdit): string {
  switch (edit.kind) {
    case 'add-pair': {
      const where = edit.reader ? ` where ${edit.reader.node} reads it` : '';
      return `Add Q/DQ on ${edit.value}${where}, ${describeScale(edit.scale)}`;
    }
    case 'remove-pair':
      return `Remove ${edit.quantize} and the DequantizeLinear behind it`;
    case 'share-scale':
      return `Give ${edit.quantizers.join(' and ')} the scale of ${edit.from}`;
    case 'move-pair':
      return `Move ${edit.quantize} and its DequantizeLinear to the other side of ${edit.over}`;
    case 'remove-relu':
      return `Take ${edit.node} out (this changes the numbers: retrain, or prove that the values never fall below 0)`;
    default:
      return assertNever(edit);
  }
}

function describeScale(scale: ScaleSource): string {
  if (scale.kind === 'same-as') return `with the scale of ${scale.quantizer}`;
  if (scale.kind === 'shared-with')
    return `with one scale for it and ${scale.quantizer}, which calibration must give`;
  if (scale.kind === 'from-constant')
    return scale.axis === undefined
      ? 'with a scale from its own values'
      : `with scales from its own values along axis ${String(scale.axis)}`;
  if (scale.kind === 'to-calibrate') return 'with a scale that calibration must give';
  const [first] = scale.scales;
  return scale.scales.length === 1
    ? `with scale ${String(first)}`
    : `with ${String(scale.scales.length)} scales`;
}
