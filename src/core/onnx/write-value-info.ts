import { DATA_TYPES } from '../ir/data-type.ts';
import type { Dim, Value } from '../ir/graph.ts';
import type { ByteImage } from './byte-image.ts';
import { Fields } from './fields.ts';
import { onnx } from './proto.ts';
import { frame, Rope, textField } from './rope.ts';
import { NO_MESSAGE, spliceMessage } from './splice-message.ts';
import type { FieldSpan, Item } from './splice-message.ts';
import { fieldSpans } from './write-tensor.ts';

const NAME = 1;
const TYPE = 2;

/** Names that the reader gives to dimensions about which the file says nothing. */
const isUnknown = (dim: Dim): boolean => typeof dim === 'string' && /^unk__\d+$/.test(dim);

function typeField({ dataType, shape }: Value): Rope {
  if (dataType === undefined) return new Rope();
  const dim = shape?.map((size) => {
    if (isUnknown(size)) return {};
    return typeof size === 'number' ? { dimValue: size } : { dimParam: size };
  });
  const tensorType = { elemType: DATA_TYPES.indexOf(dataType), ...(dim ? { shape: { dim } } : {}) };
  return frame(TYPE, onnx.TypeProto.encode({ tensorType }).finish());
}

/** The field `number` that tells name, type and shape of a value, made from nothing. */
export function newValueInfo(number: number, value: Value): Rope {
  const groups = new Map<number, readonly Item[]>([
    [NAME, [{ original: null, content: textField(NAME, value.name) }]],
    [TYPE, [{ original: null, content: typeField(value) }]],
  ]);
  return frame(number, spliceMessage(NO_MESSAGE, groups));
}

/** The value info in `field` brought up to date; null when the file says it all already. */
export function updateValueInfo(image: ByteImage, field: FieldSpan, value: Value): Rope | null {
  const groups = new Map<number, readonly Item[]>();
  if (value.name !== value.fileName)
    groups.set(NAME, [{ original: null, content: textField(NAME, value.name) }]);
  if (value.retyped) groups.set(TYPE, [{ original: null, content: typeField(value) }]);
  if (groups.size === 0) return null;
  const outer = new Fields(image, field.start, field.end);
  outer.next();
  const fields = fieldSpans(image, outer.data, outer.end);
  return frame(field.number, spliceMessage({ source: image.source, fields }, groups));
}
