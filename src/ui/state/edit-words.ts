import type { EditOption } from '../../api/rewrite-api.ts';
import { numberText } from './format-text.ts';

/** The edit as a list of the history tells it: no full stop. */
export function optionTitle({ role, about, edit }: EditOption): string {
  switch (role) {
    case 'add':
      return `Add Q/DQ on ${about}`;
    case 'add-input': {
      const reader = edit.kind === 'add-pair' ? edit.reader?.node : undefined;
      return `Add Q/DQ on ${about} for ${reader ?? 'one reader'}`;
    }
    case 'remove':
      return `Remove ${about} and its DequantizeLinear`;
    case 'share': {
      const taker = edit.kind === 'share-scale' ? edit.quantizers.join(', ') : '';
      return `Give ${taker} the scale of ${about}`;
    }
    case 'move': {
      const moved = edit.kind === 'move-pair' ? edit.quantize : '';
      return `Move ${moved} over ${about}`;
    }
  }
}

/** What a button says: the place is given by the card that it stands in. */
export function optionLabel({ role, about, input }: EditOption): string {
  switch (role) {
    case 'add':
      return 'Add Q/DQ for all who read it';
    case 'add-input':
      return `Add Q/DQ on input ${String((input ?? 0) + 1)} only`;
    case 'remove':
      return input === undefined ? 'Remove Q/DQ' : `Remove Q/DQ on input ${String(input + 1)}`;
    case 'share':
      return `Take the scale of ${about}`;
    case 'move':
      return `Move over ${about}`;
  }
}

/** Where the scale of an edit comes from. */
export function scaleWords({ edit, scale }: EditOption): string {
  if (scale !== undefined && edit.kind !== 'remove-pair') return `scale ${numberText(scale)}`;
  if (edit.kind !== 'add-pair') return '';
  if (edit.scale.kind === 'from-constant') return 'scales from its own values';
  return edit.scale.kind === 'to-calibrate' ? 'its scale waits for calibration' : '';
}

/** The edit that a key stands for: `add` takes an input where no output offers a pair. */
export function optionFor(
  options: readonly EditOption[],
  role: EditOption['role'],
): EditOption | undefined {
  const first = options.find((option) => option.role === role);
  return first ?? (role === 'add' ? options.find((option) => option.role === 'add-input') : first);
}
