import type { SceneBox, SceneEdge } from '../../api/scene.ts';
import { PRECISION_NAME } from '../state/precision-text.ts';
import type { GraphIndex, GraphItem } from './graph-index.ts';

const BADGE_NAME = {
  Q: 'quantize',
  DQ: 'dequantize',
  'Q·DQ': 'quantize and dequantize',
} as const;

/** What a screen reader says of an item: `CaskConvolution conv1, INT8, 2 of 21`. */
export function spoken(
  index: GraphIndex,
  item: GraphItem,
  /** Its precision or error in words. */
  about: string | undefined,
): string {
  if (item.badge !== undefined) {
    const edge = index.edgeOfBadge(item.id);
    const where = edge === undefined ? '' : ` on ${edge.label}`;
    return `${BADGE_NAME[item.badge.text]}${where}, scale ${item.badge.scale}`;
  }
  const { box } = item;
  if (box === undefined) return item.id;
  const parts = [`${box.title} ${box.subtitle}`.trim()];
  if (about !== undefined) parts.push(about);
  if (box.uncertain === true) parts.push('decided by timing');
  parts.push(`${String(index.position(box.id))} of ${String(index.scene.boxes.length)}`);
  return parts.join(', ');
}

/** Lines of the tooltip of a box or badge. */
export function itemTip(index: GraphIndex, item: GraphItem): string[] {
  if (item.badge !== undefined) {
    const label = index.edgeOfBadge(item.id)?.label;
    return [
      `${item.badge.text} on ${label ?? ''}`,
      `scale ${item.badge.scale}`,
      ...item.badge.nodes,
    ];
  }
  return item.box === undefined ? [item.id] : boxTip(item.box);
}

/** Names beyond this are only counted. */
const NAMES_SHOWN = 6;

function boxTip(box: SceneBox): string[] {
  const lines = [box.title];
  if (box.kind === 'badge') lines.push(`scale ${box.subtitle}`);
  else if (box.subtitle !== '') lines.push(box.subtitle);
  if (box.kind === 'fold') lines.push('+ or a double click unfolds it');
  if (box.uncertain === true) lines.push('TensorRT decides this by timing');
  lines.push(...box.nodes.slice(0, NAMES_SHOWN));
  const more = box.nodes.length - NAMES_SHOWN;
  if (more > 0) lines.push(`and ${String(more)} more`);
  return [...new Set(lines)];
}

/** Lines of the tooltip of an edge. */
export const edgeTip = (edge: SceneEdge): string[] =>
  edge.precision === undefined ? [edge.label] : [edge.label, PRECISION_NAME[edge.precision]];
