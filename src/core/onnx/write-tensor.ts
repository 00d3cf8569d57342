import { DATA_TYPES } from '../ir/data-type.ts';
import type { Tensor } from '../ir/tensor.ts';
import { ExternalTensor } from './external-tensor.ts';
import { Fields } from './fields.ts';
import type { ByteImage } from './byte-image.ts';
import { onnx } from './proto.ts';
import { FileTensor } from './read-tensor.ts';
import { frame, Rope, textField } from './rope.ts';
import { spliceMessage } from './splice-message.ts';
import type { FieldSpan } from './splice-message.ts';

const NAME = 8;
const RAW_DATA = 9;

/** The fields of the message between `start` and `end`. */
export function fieldSpans(image: ByteImage, start: number, end: number): FieldSpan[] {
  const spans: FieldSpan[] = [];
  const fields = new Fields(image, start, end);
  while (fields.next()) spans.push({ number: fields.number, start: fields.start, end: fields.end });
  return spans;
}

/**
 * The TensorProto of a tensor under the name `name`. One that came from a file is copied from there, external data
 * staying where it is; a new one gets its bytes as `raw_data`, read when the file is written.
 */
export function writeTensor(tensor: Tensor, name: string): Rope {
  if (tensor instanceof ExternalTensor) return externalTensor(tensor, name);
  if (!(tensor instanceof FileTensor)) return newTensor(tensor, name);
  const { image, start, end } = tensor;
  if (tensor.name === name) return new Rope().add({ source: image.source, start, end });
  const spans = fieldSpans(image, start, end);
  const original = spans.find((span) => span.number === NAME) ?? null;
  const items = [{ original, content: textField(NAME, name) }];
  return spliceMessage({ source: image.source, fields: spans }, new Map([[NAME, items]]));
}

function externalTensor({ dataType, dims, bytes, location }: ExternalTensor, name: string): Rope {
  const externalData = [
    { key: 'location', value: location },
    { key: 'offset', value: '0' },
    { key: 'length', value: String(bytes.byteLength) },
  ];
  const head = { dims: [...dims], dataType: DATA_TYPES.indexOf(dataType), name };
  return new Rope().add(
    onnx.TensorProto.encode({
      ...head,
      externalData,
      dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
    }).finish(),
  );
}

function newTensor(tensor: Tensor, name: string): Rope {
  const { dataType, dims, strings } = tensor;
  const head = onnx.TensorProto.encode({
    dims: [...dims],
    dataType: DATA_TYPES.indexOf(dataType),
    name,
    ...(strings ? { stringData: strings.map((text) => new TextEncoder().encode(text)) } : {}),
  }).finish();
  if (strings) return new Rope().add(head);
  const data = new Rope().add(tensor.bytes.resident() ?? tensor.bytes);
  return new Rope().add(head, ...frame(RAW_DATA, data).chunks);
}
