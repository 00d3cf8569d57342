import { npyDamaged, npyTypeUnsupported } from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { elementCount } from '../ir/tensor.ts';
import { arrayOverBytes, bytesOf, isRunDataType, RUN_ARRAYS } from './run-arrays.ts';
import type { RunDataType } from './run-arrays.ts';
import type { RunTensor } from './run-tensor.ts';

/*
 * The .npy format: magic, version, length of the header, header (the text of a Python dictionary), data.
 * Source: numpy/lib/format.py, "Format Version 1.0" to "3.0".
 */

const MAGIC = '\x93NUMPY';
/** The data begins at a multiple of this, which numpy pads the header for. */
const ALIGNMENT = 64;

const TYPES: Readonly<Record<string, RunDataType>> = {
  f4: 'float32',
  f8: 'float64',
  f2: 'float16',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
};

interface Header {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly dims: readonly number[];
  /** Where the data begins, in bytes. */
  readonly dataAt: number;
}

/** Reads a .npy file; `file` is its name in messages. Data in C order on a little-endian machine is shared, not copied. */
export function readNpy(file: string, bytes: Uint8Array): Result<RunTensor> {
  const header = readHeader(file, bytes);
  if (!header.ok) return header;
  const { descr, fortranOrder, dims, dataAt } = header.value;
  const dataType = TYPES[descr.slice(1)];
  if (dataType === undefined || !'<>|='.includes(descr.charAt(0)))
    return fail(npyTypeUnsupported(file, descr));
  const width = RUN_ARRAYS[dataType].BYTES_PER_ELEMENT;
  const want = elementCount(dims) * width;
  const have = bytes.length - dataAt;
  if (have < want)
    return fail(npyDamaged(file, `it has ${have} bytes of data and should have ${want}`));
  let data = bytes.subarray(dataAt, dataAt + want);
  if (descr.startsWith('>')) data = swapped(data, width);
  if (fortranOrder && dims.length > 1) data = toRowMajor(data, dims, width);
  return ok({ dataType, dims, data: arrayOverBytes(dataType, data) });
}

function readHeader(file: string, bytes: Uint8Array): Result<Header> {
  const [major = 0] = bytes.subarray(6, 7);
  const start = major === 1 ? 10 : 12;
  if (latin1(bytes.subarray(0, 6)) !== MAGIC || bytes.length < start)
    return fail(npyDamaged(file, 'it does not begin as one'));
  if (major < 1 || major > 3) return fail(npyDamaged(file, `version ${major} is not known`));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataAt = start + length;
  if (dataAt > bytes.length) return fail(npyDamaged(file, 'it ends inside its header'));
  const text = new TextDecoder().decode(bytes.subarray(start, dataAt));
  return parseHeader(file, text, dataAt);
}

function parseHeader(file: string, text: string, dataAt: number): Result<Header> {
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (order === undefined || shape === undefined)
    return fail(npyDamaged(file, 'its header lacks an entry'));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  // Anything but a plain text here is an array of records.
  if (descr === undefined) return fail(npyTypeUnsupported(file, 'of records'));
  const dims = shape
    .split(',')
    .map((word) => word.trim().replace(/L$/, ''))
    .filter((word) => word !== '')
    .map(Number);
  if (!dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0))
    return fail(npyDamaged(file, `its shape is (${shape})`));
  return ok({ descr, fortranOrder: order === 'True', dims, dataAt });
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** A copy with the bytes of each element turned round. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += width)
    for (let i = 0; i < width; i++) turned[at + i] = bytes[at + width - 1 - i]!;
  return turned;
}

/** Column-major bytes in row-major order. */
function toRowMajor(bytes: Uint8Array, dims: readonly number[], width: number): Uint8Array {
  const sorted = new Uint8Array(bytes.length);
  const strides: number[] = [];
  dims.reduce((stride, dim) => (strides.push(stride), stride * dim), width);
  const index = dims.map(() => 0);
  let from = 0;
  for (let to = 0; to < bytes.length; to += width) {
    for (let i = 0; i < width; i++) sorted[to + i] = bytes[from + i]!;
    // Counts on like a milometer: the last dimension is the fastest.
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      from -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return sorted;
}

/** A tensor as a .npy file of version 1.0, in C order. Fails on types that numpy does not have. */
export function writeNpy(name: string, { dataType, dims, data }: RunTensor): Result<Uint8Array> {
  const code = Object.keys(TYPES).find((key) => TYPES[key] === dataType);
  if (code === undefined || !isRunDataType(dataType))
    return fail(npyTypeUnsupported(name, dataType));
  const endian = code.endsWith('1') ? '|' : '<';
  const shape = dims.length === 1 ? `${dims[0]!},` : dims.join(', ');
  const dictionary = `{'descr': '${endian}${code}', 'fortran_order': False, 'shape': (${shape}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(length + data.byteLength).fill(0x20, 0, length - 1);
  const head = `${MAGIC}\x01\x00${String.fromCharCode((length - 10) & 255, (length - 10) >> 8)}${dictionary}`;
  for (let i = 0; i < head.length; i++) file[i] = head.charCodeAt(i);
  file[length - 1] = 0x0a;
  file.set(bytesOf(data), length);
  return ok(file);
}
