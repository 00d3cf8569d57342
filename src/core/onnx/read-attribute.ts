import type { Attribute } from '../ir/attribute.ts';
import type { Graph } from '../ir/graph.ts';
import type { Tensor } from '../ir/tensor.ts';
import { BYTES, Fields, FIXED32, VARINT } from './fields.ts';
import { onnx } from './proto.ts';
import type { ReadContext } from './read-context.ts';

/** Numbers of `AttributeProto.AttributeType` that we understand. */
const KINDS = [
  'undefined',
  'float',
  'int',
  'string',
  'tensor',
  'graph',
  'floats',
  'ints',
  'strings',
  'tensors',
  'graphs',
] as const;
type Kind = (typeof KINDS)[number];

/** The field that carries the value of each kind. */
const VALUE_FIELD: Readonly<Record<number, Kind>> = {
  2: 'float',
  3: 'int',
  4: 'string',
  5: 'tensor',
  6: 'graph',
  7: 'floats',
  8: 'ints',
  9: 'strings',
  10: 'tensors',
  11: 'graphs',
};
/** Fields of AttributeProto that hold messages or text, and must be length delimited. */
const DELIMITED: ReadonlySet<number> = new Set([1, 4, 5, 6, 9, 10, 11, 13, 14, 15, 21, 22, 23]);

/** An attribute as found by a first look: enough to check it, to find subgraphs, and to decode it later. */
export interface AttributeSpan {
  readonly name: string;
  readonly kind: Kind | 'opaque';
  /** The payload of the attribute field in its node. */
  readonly start: number;
  readonly end: number;
  /** Payloads of its tensors or graphs. */
  readonly parts: readonly { readonly start: number; readonly end: number }[];
}

/** Looks at one AttributeProto and checks its wire types. Throws a WireError on damage. */
export function scanAttribute(outer: Fields): AttributeSpan {
  outer.expect(BYTES);
  const { image, data: start, end } = outer;
  const parts: { start: number; end: number }[] = [];
  let name = '';
  let declared: number | undefined;
  let found: Kind = 'undefined';
  let isReference = false;
  const fields = new Fields(image, start, end);
  while (fields.next()) {
    checkWire(fields);
    const { number } = fields;
    if (number === 1) name = fields.string();
    else if (number === 20) declared = fields.int32();
    else if (number === 21) isReference = true;
    found = VALUE_FIELD[number] ?? found;
    if (number === 5 || number === 6 || number === 10 || number === 11)
      parts.push({ start: fields.data, end: fields.end });
  }
  const kind = declared === undefined || declared === 0 ? found : (KINDS[declared] ?? 'undefined');
  return { name, kind: isReference || kind === 'undefined' ? 'opaque' : kind, start, end, parts };
}

function checkWire(fields: Fields): void {
  const { number, wire } = fields;
  if (DELIMITED.has(number)) fields.expect(BYTES);
  else if (number === 2) fields.expect(FIXED32);
  else if (number === 3 || number === 20) fields.expect(VARINT);
  else if (number === 7 && wire !== BYTES) fields.expect(FIXED32);
  else if (number === 8 && wire !== BYTES) fields.expect(VARINT);
}

/** Messages in an attribute, read before. */
export interface AttributeParts {
  readonly graphs: readonly Graph[];
  readonly tensors: readonly Tensor[];
}

/**
 * Decodes an attribute. What cannot be decoded after all, or was not loaded because it is huge, stays `opaque`: its bytes
 * are kept, only nobody can read them.
 */
export function decodeAttribute(
  context: ReadContext,
  span: AttributeSpan,
  { graphs, tensors }: AttributeParts,
): Attribute {
  const { name, kind } = span;
  const [graph] = graphs;
  const [tensor] = tensors;
  if (kind === 'graph' && graph) return { name, type: 'graph', value: graph };
  if (kind === 'graphs') return { name, type: 'graphs', value: graphs };
  if (kind === 'tensor' && tensor) return { name, type: 'tensor', value: tensor };
  if (kind === 'tensors') return { name, type: 'tensors', value: tensors };
  const bytes = context.image.bytes(span.start, span.end) ?? new Uint8Array();
  return decodePlain(name, kind, bytes) ?? { name, type: 'opaque', value: bytes };
}

function decodePlain(
  name: string,
  kind: AttributeSpan['kind'],
  bytes: Uint8Array,
): Attribute | undefined {
  let proto;
  try {
    proto = onnx.AttributeProto.decode(bytes);
  } catch {
    return undefined;
  }
  const text = (utf8: Uint8Array): string => new TextDecoder().decode(utf8);
  switch (kind) {
    case 'float':
      return { name, type: kind, value: proto.f };
    case 'int':
      return { name, type: kind, value: toBigInt(proto.i) };
    case 'string':
      return { name, type: kind, value: text(proto.s) };
    case 'floats':
      return { name, type: kind, value: proto.floats };
    case 'ints':
      return { name, type: kind, value: proto.ints.map(toBigInt) };
    case 'strings':
      return { name, type: kind, value: proto.strings.map(text) };
    default:
      return undefined;
  }
}

/** onnx-proto gives 64-bit integers as `Long` objects, whose types are not installed. */
function toBigInt(value: unknown): bigint {
  if (typeof value === 'number') return BigInt(value);
  const { high, low } = value as { readonly high: number; readonly low: number };
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}
