/** Protobuf messages made by hand, so that tests can hold what no library writes. */

/** A field: its tag and its payload. */
export type Field = Uint8Array;

const utf8 = new TextEncoder();

/** A varint; negative numbers take ten bytes, as int64. */
export function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** One array of many. */
export const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(parts));

/** A length-delimited field: text, bytes, or a message of fields. */
export function field(number: number, ...payload: readonly (string | Uint8Array)[]): Field {
  const body = join(
    ...payload.map((part) => (typeof part === 'string' ? utf8.encode(part) : part)),
  );
  return join(varint(number * 8 + 2), varint(body.length), body);
}

/** An integer field. */
export const integer = (number: number, value: number | bigint): Field =>
  join(varint(number * 8), varint(value));

/** A float field. */
export function float32(number: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join(varint(number * 8 + 5), bytes);
}

/** A 64-bit field. */
export const fixed64 = (number: number, bytes: Uint8Array): Field =>
  join(varint(number * 8 + 1), bytes);

/** ModelProto of IR 10 and opset 21 with the given graph fields. */
export const modelOf = (...graph: readonly Field[]): Uint8Array =>
  join(integer(1, 10), field(7, ...graph), field(8, integer(2, 21)));

/** NodeProto field of a graph. */
export const nodeOf = (
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  ...more: readonly Field[]
): Field =>
  field(
    1,
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, opType),
    ...more,
  );

/** ValueInfoProto as graph field `number`: a float tensor of the given dimensions. */
export const infoOf = (number: number, name: string, dims: readonly number[] = [1]): Field =>
  field(
    number,
    field(1, name),
    field(2, field(1, integer(1, 1), field(2, ...dims.map((dim) => field(1, integer(1, dim)))))),
  );

/** Initializer field of a graph. */
export const tensorOf = (
  name: string,
  dataType: number,
  dims: readonly number[],
  ...data: readonly Field[]
): Field =>
  field(5, ...dims.map((dim) => integer(1, dim)), integer(2, dataType), field(8, name), ...data);
