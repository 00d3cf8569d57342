import type { BuiltLayer, BuiltTensor } from '../../engine/built-engine.ts';
import type { EngineDataType } from '../../sim/predicted-engine.ts';
import { partsOfName } from '../../engine/layer-names.ts';

const TYPE_NAMES: Readonly<Partial<Record<EngineDataType, string>>> = {
  Float: 'FP32',
  Half: 'FP16',
  BFloat16: 'BF16',
};

/** An element type as people write it: `FP32`, `INT8`. */
export const typeText = (type: EngineDataType): string =>
  TYPE_NAMES[type] ?? (type === 'Unknown' ? 'unknown type' : type.toUpperCase());

/** `INT8 CHW32`; the format is left out where the file does not tell. */
export const tensorText = ({
  dataType,
  format,
}: Pick<BuiltTensor, 'dataType' | 'format'>): string =>
  format === 'UNKNOWN' ? typeText(dataType) : `${typeText(dataType)} ${format}`;

/** `12.3 µs`; what is not known says nothing. */
export const timeText = (timeUs: number | null): string =>
  timeUs === null ? '' : `${timeUs >= 100 ? timeUs.toFixed(0) : timeUs.toFixed(1)} µs`;

/** `4.2 %`. */
export const percentText = (share: number): string => `${(share * 100).toFixed(1)} %`;

/**
 * The name by which a sentence calls a layer: of `w + QuantizeLinear_2 + /layer1/conv1/Conv + /layer1/relu/Relu` that is
 * `/layer1/conv1/Conv + Relu`, without weights and quantizers. A copy says where it stands.
 */
export function calledName(layer: Pick<BuiltLayer, 'name' | 'nodes'>): string {
  const copy = COPY_NAME.exec(layer.name);
  if (copy)
    return `the reformat ${copy[1] === 'In' ? 'before' : 'after'} ${shortened(workOf({ ...layer, name: copy[2] ?? '' }))}`;
  return shortened(workOf(layer));
}
/** How TensorRT names the copies that it puts before an input or after an output of a layer. */
const COPY_NAME = /^Reformatting CopyNode for (In|Out)put Tensor \d+ to (.*)$/s;

/** The first node that does work in full, of the others the last parts of their names. */
function workOf({ name, nodes }: Pick<BuiltLayer, 'name' | 'nodes'>): string {
  const text = name.replace(/\s*[\u001e\u001f]+\s*/g, ' + ');
  // Names of point-wise groups are nested: PWN(PWN(a), b).
  const parts = text.includes('PWN(') ? partsOfName(text) : text.split(' + ');
  if (parts.length < 2) return parts[0] ?? text;
  const own = new Set(nodes);
  const isWork = (part: string): boolean => !/quantizelinear/i.test(part);
  const known = parts.filter((part) => own.has(part) && isWork(part));
  const work = known.length > 0 ? known : parts.filter(isWork).slice(-1);
  const [first, ...rest] = work.length > 0 ? work : parts;
  return [first, ...rest.map((part) => part.slice(part.lastIndexOf('/') + 1))].join(' + ');
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, HEAD)}…${text.slice(HEAD - LONGEST + 1)}`;
}
const LONGEST = 80;
const HEAD = 30;

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${String(rest)} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`;
}

/** `1 layer`, `2 layers`. */
export const counted = (count: number, singular: string): string =>
  `${String(count)} ${singular}${count === 1 ? '' : 's'}`;
