import type { Attribute } from '../ir/attribute.ts';
import type { Graph } from '../ir/graph.ts';
import { onnx } from './proto.ts';
import { frame, Rope } from './rope.ts';
import { writeTensor } from './write-tensor.ts';

const { AttributeType } = onnx.AttributeProto;
const TYPE = {
  float: AttributeType.FLOAT,
  int: AttributeType.INT,
  string: AttributeType.STRING,
  tensor: AttributeType.TENSOR,
  graph: AttributeType.GRAPH,
  floats: AttributeType.FLOATS,
  ints: AttributeType.INTS,
  strings: AttributeType.STRINGS,
  tensors: AttributeType.TENSORS,
  graphs: AttributeType.GRAPHS,
} as const;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A 64-bit integer in the shape that protobufjs encodes without loss: that of the package `long`. */
const toLong = (value: bigint): { low: number; high: number; unsigned: boolean } => ({
  low: Number(BigInt.asIntN(32, value)),
  high: Number(BigInt.asIntN(32, value >> 32n)),
  unsigned: false,
});

/** The AttributeProto of an attribute; `writeGraph` writes subgraphs. */
export function writeAttribute(attribute: Attribute, writeGraph: (graph: Graph) => Rope): Rope {
  const { name, type } = attribute;
  if (type === 'opaque') return new Rope().add(attribute.value);
  const head = (value: object): Rope =>
    new Rope().add(onnx.AttributeProto.encode({ name, type: TYPE[type], ...value }).finish());
  const framed = (number: number, parts: readonly Rope[]): Rope =>
    head({}).add(...parts.flatMap((part) => frame(number, part).chunks));
  switch (type) {
    case 'float':
      return head({ f: attribute.value });
    case 'int':
      return head({ i: toLong(attribute.value) });
    case 'string':
      return head({ s: utf8(attribute.value) });
    case 'floats':
      return head({ floats: attribute.value });
    case 'ints':
      return head({ ints: attribute.value.map(toLong) });
    case 'strings':
      return head({ strings: attribute.value.map(utf8) });
    case 'tensor':
      return framed(5, [writeTensor(attribute.value, attribute.value.name)]);
    case 'tensors':
      return framed(
        10,
        attribute.value.map((tensor) => writeTensor(tensor, tensor.name)),
      );
    case 'graph':
      return framed(6, [writeGraph(attribute.value)]);
    case 'graphs':
      return framed(11, attribute.value.map(writeGraph));
  }
}

/** True when two attributes say the same, so that the bytes of the file can stay. */
export function sameAttribute(a: Attribute, b: Attribute): boolean {
  if (a === b) return true;
  const same = <T>(x: readonly T[], y: readonly T[]): boolean =>
    x.length === y.length && x.every((item, i) => Object.is(item, y[i]));
  if (a.type === 'ints' && b.type === 'ints') return same(a.value, b.value);
  if (a.type === 'floats' && b.type === 'floats') return same(a.value, b.value);
  if (a.type === 'strings' && b.type === 'strings') return same(a.value, b.value);
  return a.type === b.type && Object.is(a.value, b.value);
}
