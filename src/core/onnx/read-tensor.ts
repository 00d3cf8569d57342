import { integerTooLarge, tensorSizeMismatch, unsupportedType } from '../base/diagnostics.ts';
import { byteSize, DATA_TYPES } from '../ir/data-type.ts';
import type { DataType } from '../ir/data-type.ts';
import { elementCount } from '../ir/tensor.ts';
import type { Tensor, TensorBytes } from '../ir/tensor.ts';
import type { ByteImage } from './byte-image.ts';
import { BYTES, Fields, readVarint, VARINT } from './fields.ts';
import type { ExternalPlace } from './external-files.ts';
import type { ReadContext } from './read-context.ts';
import { absentBytes, ImageBytes, lazyBytes } from './tensor-bytes.ts';
import { collectRun, typedDataToRaw } from './typed-data.ts';
import type { DataRun } from './typed-data.ts';
import { residentBytes } from '../ir/memory-bytes.ts';

const EXTERNAL = 1;

/** A TensorProto as it stands in the file, before anything is made of it. */
interface RawTensor {
  name: string;
  typeNumber: number;
  dims: bigint[];
  raw: { start: number; end: number } | undefined;
  strings: string[];
  runs: DataRun[];
  external: Map<string, string> | undefined;
  location: number;
}

/** A tensor that was read from a file: a writer copies it from there. */
export class FileTensor implements Tensor {
  readonly name: string;
  readonly dataType: DataType;
  readonly dims: readonly number[];
  readonly bytes: TensorBytes;
  readonly strings?: readonly string[];
  readonly location?: string;
  /** The file, and the payload of the tensor's field in it. */
  readonly image: ByteImage;
  readonly start: number;
  readonly end: number;

  constructor(tensor: Tensor, image: ByteImage, start: number, end: number) {
    this.name = tensor.name;
    this.dataType = tensor.dataType;
    this.dims = tensor.dims;
    this.bytes = tensor.bytes;
    if (tensor.strings) this.strings = tensor.strings;
    if (tensor.location !== undefined) this.location = tensor.location;
    this.image = image;
    this.start = start;
    this.end = end;
  }
}

/** Reads the TensorProto between `start` and `end`; its data stays where it is. Throws a WireError on damage. */
export function readTensor(
  context: ReadContext,
  start: number,
  end: number,
  nameless = '',
): Tensor {
  const raw = scan(context, start, end);
  const name = raw.name || nameless;
  const dataType = typeOf(context, raw, name);
  const dims = dimsOf(context, raw, name);
  const tensor: Tensor = {
    name: raw.name,
    dataType,
    dims,
    bytes: bytesOf(context, raw, dataType, dims),
    ...(dataType === 'string' ? { strings: raw.strings } : {}),
    ...(raw.location === EXTERNAL ? { location: raw.external?.get('location') ?? '' } : {}),
  };
  return new FileTensor(tensor, context.image, start, end);
}

function scan({ image }: ReadContext, start: number, end: number): RawTensor {
  const tensor: RawTensor = {
    name: '',
    typeNumber: 0,
    dims: [],
    raw: undefined,
    strings: [],
    runs: [],
    external: undefined,
    location: 0,
  };
  const fields = new Fields(image, start, end);
  while (fields.next()) takeField(tensor, fields);
  return tensor;
}

function takeField(tensor: RawTensor, fields: Fields): void {
  switch (fields.number) {
    case 1:
      tensor.dims.push(...readDims(fields));
      return;
    case 2:
      tensor.typeNumber = fields.int32();
      return;
    case 6:
      tensor.strings.push(fields.string());
      return;
    case 8:
      tensor.name = fields.string();
      return;
    case 9:
      fields.expect(BYTES);
      tensor.raw = { start: fields.data, end: fields.end };
      return;
    case 13: {
      fields.expect(BYTES);
      const { key, value } = readEntry(fields);
      tensor.external ??= new Map();
      tensor.external.set(key, value);
      return;
    }
    case 14:
      tensor.location = fields.int32();
      return;
    case 4:
    case 5:
    case 7:
    case 10:
    case 11:
      collectRun(fields, tensor.runs);
      return;
  }
}

/** The current field as (a part of) a repeated int64. */
export function readDims(fields: Fields): bigint[] {
  if (fields.wire === VARINT) return [fields.int64()];
  fields.expect(BYTES);
  const bytes = fields.bytes() ?? new Uint8Array();
  const dims: bigint[] = [];
  for (const cursor = { at: 0 }; cursor.at < bytes.length;) dims.push(readVarint(bytes, cursor));
  return dims;
}

/** Reads the current field as a StringStringEntryProto. */
export function readEntry(outer: Fields): { key: string; value: string } {
  const entry = { key: '', value: '' };
  const fields = new Fields(outer.image, outer.data, outer.end);
  while (fields.next()) {
    if (fields.number === 1) entry.key = fields.string();
    else if (fields.number === 2) entry.value = fields.string();
  }
  return entry;
}

function typeOf({ diagnostics }: ReadContext, raw: RawTensor, name: string): DataType {
  const dataType = DATA_TYPES[raw.typeNumber];
  if (dataType === undefined || dataType === 'undefined')
    diagnostics.push(unsupportedType(`The tensor ${name}`, raw.typeNumber, { value: name }));
  return dataType ?? 'undefined';
}

function dimsOf({ diagnostics }: ReadContext, raw: RawTensor, name: string): readonly number[] {
  return raw.dims.map((dim) => {
    const size = Number(dim);
    if (size >= 0 && Number.isSafeInteger(size)) return size;
    diagnostics.push(integerTooLarge(`A dimension of the tensor ${name}`, dim, { value: name }));
    return 0;
  });
}

function bytesOf(
  context: ReadContext,
  raw: RawTensor,
  dataType: DataType,
  dims: readonly number[],
): TensorBytes {
  const { image, diagnostics } = context;
  if (dataType === 'string') return residentBytes(new Uint8Array());
  const wanted = byteSize(dataType, elementCount(dims));
  if (raw.location === EXTERNAL) return externalBytes(context, raw, wanted);
  const { name, runs } = raw;
  if (raw.raw === undefined) {
    if (wanted === undefined)
      return absentBytes(0, unsupportedType(`The tensor ${name}`, raw.typeNumber, {}));
    return lazyBytes(name, wanted, () => typedDataToRaw(image, runs, dataType));
  }
  const { start, end } = raw.raw;
  if (wanted !== undefined && end - start !== wanted) {
    const problem = tensorSizeMismatch(name, wanted, end - start);
    diagnostics.push(problem);
    return absentBytes(wanted, problem);
  }
  return new ImageBytes(image, start, end);
}

function externalBytes(
  context: ReadContext,
  raw: RawTensor,
  wanted: number | undefined,
): TensorBytes {
  const { name } = raw;
  const number = (key: string): number | undefined => {
    const text = raw.external?.get(key);
    const value = text === undefined ? NaN : Number(text);
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  };
  const length = number('length');
  const place: ExternalPlace = {
    location: raw.external?.get('location') ?? '',
    offset: number('offset') ?? 0,
    length,
  };
  if (wanted !== undefined && length !== undefined && length !== wanted) {
    const problem = tensorSizeMismatch(name, wanted, length);
    context.diagnostics.push(problem);
    return absentBytes(wanted, problem);
  }
  return context.external.bytes(name, wanted ?? length ?? 0, place);
}
