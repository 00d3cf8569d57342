import { tensorWithoutData } from '../../base/diagnostics.ts';
import { byteSize, isFloatType } from '../../ir/data-type.ts';
import type { DataType } from '../../ir/data-type.ts';
import { encodeNumbers } from '../../ir/encode-numbers.ts';
import { elementCount } from '../../ir/tensor.ts';
import type { Tensor } from '../../ir/tensor.ts';
import { absentBytes, lazyBytes } from '../tensor-bytes.ts';
import type { TokenStream } from './token-stream.ts';
import { residentBytes } from '../../ir/memory-bytes.ts';

/** What stands in braces: elements as words, or one for all, or nothing known. */
interface Data {
  readonly words: readonly string[];
  readonly rest: boolean;
}

/** What is known of a tensor before its data. */
export interface TensorHead {
  readonly name: string;
  readonly dataType: DataType;
  readonly dims: readonly number[];
}

/** Larger splats would be a mistake in a golden, and would fill the memory. */
const MAX_BYTES = 1 << 28;

/** Reads the braces with the data of a tensor. Throws a WireError. */
export function parseTensor(stream: TokenStream, head: TensorHead): Tensor {
  const { name, dataType, dims } = head;
  const count = elementCount(dims);
  const size = byteSize(dataType, count);
  const data = parseData(stream, dataType);
  const { words, rest } = data;
  if (!rest && words.length !== count)
    throw stream.mistake(`${name} wants ${count} elements and has ${words.length}`);
  if (rest && words.length > 1) throw stream.mistake('"..." follows one element, or none');
  if (dataType === 'string')
    return { ...head, bytes: residentBytes(new Uint8Array()), strings: words };
  if (rest && words.length === 0)
    return { ...head, bytes: absentBytes(size ?? 0, tensorWithoutData(name)) };
  if (size === undefined || size > MAX_BYTES)
    throw stream.mistake(`${name} is too large to write down`);
  const [first] = words;
  const all = rest && first !== undefined ? Array<string>(count).fill(first) : words;
  if (encodeWords(dataType, words) === undefined)
    throw stream.mistake(`${name} cannot be written down`);
  return { ...head, bytes: lazyBytes(name, size, () => encodeWords(dataType, all)) };
}

function parseData(stream: TokenStream, dataType: DataType): Data {
  stream.expect('{');
  const words: string[] = [];
  if (stream.accept('}')) return { words, rest: false };
  for (;;) {
    if (stream.accept('...')) break;
    words.push(dataType === 'string' ? stream.string() : parseNumberWord(stream, dataType));
    if (stream.accept(',') || stream.sees('...')) continue;
    stream.expect('}');
    return { words, rest: false };
  }
  stream.expect('}');
  return { words, rest: true };
}

function parseNumberWord(stream: TokenStream, dataType: DataType): string {
  const { kind, text } = stream.peek();
  const isNumber = kind === 'number' || (kind === 'name' && (text === 'inf' || text === 'nan'));
  if (!isNumber) throw stream.wanted('a number');
  if (!isFloatType(dataType) && !/^[-+]?\d+$/.test(text)) throw stream.wanted('an integer');
  return stream.take().text;
}

/** The number that a word stands for. */
export const toNumber = (word: string): number =>
  Number(word.replace('inf', 'Infinity').replace('nan', 'NaN'));

function encodeWords(dataType: DataType, words: readonly string[]): Uint8Array | undefined {
  if (dataType !== 'int64' && dataType !== 'uint64')
    return encodeNumbers(dataType, words.map(toNumber));
  const view = new DataView(new ArrayBuffer(8 * words.length));
  words.forEach((word, i) => view.setBigInt64(8 * i, BigInt(word), true));
  return new Uint8Array(view.buffer);
}
