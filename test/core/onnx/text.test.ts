import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { parseOnnxText, printOnnxText } from '../../../src/core/onnx/index.ts';
import { openBytes, saveBytes } from './open-bytes.ts';

const TEXT = `<ir_version: 9, opset_import: ["": 17, "com.example": 1], producer_name: "a \\"b\\"", metadata_props: ["k": "v\\nw"]>
main (float[N, 3, ?] x, float s, bool c) => (float[] u)
<
  float[2] w = {1.5, -2.0},
  int8 z = {0},
  float[64, 3] big = {0.1 ...},
  float[9] cut = {...},
  int4[3] four = {-8, 7, 1},
  int64[2] long = {1152921504606846979, -1},
  float16[4] half = {0.5, inf, -inf, nan},
  string[2] words = {"a", "b\\"c"},
  double[1] d = {0.1},
  uint8[N, ?] v,
  float[] y
>
{
  [first] v, , "/odd name" = QuantizeLinear <axis = 0> (x, s, z)
  y = com.example.Op <a = 1, b = 1.0, c = "t", d = [1, -2], e: ints = [], f = float[1] {2.0}, g = [0.5, 1.0], h = ["p", "q"], i: strings = [], j: opaque = "0a0161"> (v, , w,)
  u = If <then_branch = g (float[1] p) => (t)
  {
    t = Mul(y, k)
  }, else_branch = h () => (t)
  <
    float[1] q = {3.0}
  >
  {
    t = Neg(y)
  }> (c)
  k = Constant <value = int64[1] named = {5}> ()
}
`;

function parse(text: string): Model {
  const parsed = parseOnnxText(text);
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
  return parsed.value;
}
const numbers = (model: Model, name: string): number[] => {
  const tensor = model.graph.value(name)?.tensor;
  return [...((tensor && tensorNumbers(tensor)) ?? [])];
};

test('a text that uses everything prints as it was written', () => {
  assert.equal(printOnnxText(parse(TEXT)), TEXT);
});

test('what the text says is what the model holds', () => {
  const model = parse(TEXT);
  const { graph } = model;
  assert.deepEqual(
    [...model.opsets],
    [
      ['', 17],
      ['com.example', 1],
    ],
  );
  assert.equal(model.producerName, 'a "b"');
  assert.deepEqual([...model.metadata], [['k', 'v\nw']]);
  assert.deepEqual(
    graph.inputs.map(({ name, dataType }) => [name, dataType]),
    [
      ['x', 'float32'],
      ['s', 'float32'],
      ['c', 'bool'],
    ],
  );
  assert.deepEqual(graph.value('s')?.shape, []);
  assert.equal(graph.value('u')?.shape, undefined);
  assert.deepEqual(numbers(model, 'four'), [-8, 7, 1]);
  assert.deepEqual(numbers(model, 'half'), [0.5, Infinity, -Infinity, NaN]);
  assert.deepEqual(numbers(model, 'big'), Array<number>(192).fill(Math.fround(0.1)));
  assert.equal(graph.value('cut')?.tensor?.bytes.resident(), undefined);
  assert.equal(graph.value('cut')?.tensor?.bytes.byteLength, 36);
  assert.deepEqual(graph.value('words')?.tensor?.strings, ['a', 'b"c']);
  const op = graph.node('node_of_y');
  assert.deepEqual(
    op?.inputs.map((value) => value?.name),
    ['v', undefined, 'w', undefined],
  );
  assert.deepEqual([op.opType, op.domain], ['Op', 'com.example']);
  assert.deepEqual(
    [...op.attributes.values()].map(({ type }) => type),
    ['int', 'float', 'string', 'ints', 'ints', 'tensor', 'floats', 'strings', 'strings', 'opaque'],
  );
  assert.deepEqual(
    graph.node('node_of_u')?.captures.map(({ name }) => name),
    ['y', 'k'],
  );
});

test('text, saved as a file and opened again, prints the same', async () => {
  const text = TEXT.replace(/ {2}float\[9\] cut = .*\n/, '').replace(', j: opaque = "0a0161"', '');
  const { model } = await openBytes(await saveBytes(parse(text)));
  assert.equal(printOnnxText(model), text);
});

test('the shortest form has defaults, and attributes may stand on either side of the inputs', () => {
  const model = parse('g (x) => (y) { y = Relu(x) }');
  assert.deepEqual([model.irVersion, [...model.opsets]], [10, [['', 21]]]);
  const twice = parse('g (x) => (y) { y = Op <a = 1> (x) <b = 2> }');
  assert.deepEqual([...(twice.graph.node('node_of_y')?.attributes.keys() ?? [])], ['a', 'b']);
});

test('long data prints as one element or not at all', () => {
  const list = (count: number, of: (i: number) => number): string =>
    Array.from({ length: count }, (_, i) => of(i)).join(', ');
  const model = parse(
    `g (x) => (x) <int8[40] a = {${list(40, () => 7)}}, int8[40] b = {${list(40, (i) => i)}}> {}`,
  );
  assert.match(printOnnxText(model), /int8\[40\] a = \{7 \.\.\.\}/);
  assert.match(printOnnxText(model), /int8\[40\] b = \{\.\.\.\}/);
  assert.match(printOnnxText(model, { maxElements: 40 }), /int8\[40\] b = \{0, 1, 2,/);
});

test('mistakes tell line and column', () => {
  const cases: readonly (readonly [text: string, want: RegExp])[] = [
    ['g (x) => (y) {\n y = Relu x) }', /Line 2, column 11: "\(" is wanted/],
    ['g (x) => (y) { y = Relu(x) ', /a value is wanted, not the end|is wanted, not the end/],
    ['g (x) => (y) { y = Relu(x) } more', /the end is wanted/],
    ['g (x) => (y) <float[2] w = {1}> { y = Relu(x) }', /w wants 2 elements and has 1/],
    ['g (x) => (y) <int8[1] w = {1.5}> { y = Relu(x) }', /an integer is wanted/],
    ['g (x) => (y) <float[N] w = {1}> { y = Relu(x) }', /needs a type and known dimensions/],
    ['g (x) => (y) { y = Op <e = []> (x) }', /needs a type/],
    ['g (x) => (y) { y = Relu(x) y = Relu(x) }', /the value y is made twice/],
    ['g (x) => (y) { [n] y = Relu(x) [n] z = Relu(x) }', /node name n is taken/],
    ['g (x) => (y) § { }', /starts no word/],
    ['<colour: 1> g (x) => (y) { }', /key colour is unknown/],
    ['', /a graph name is wanted, not the end/],
  ];
  for (const [text, want] of cases) {
    const parsed = parseOnnxText(text);
    assert.ok(!parsed.ok, text);
    assert.equal(parsed.error.code, 'onnx/text-syntax');
    assert.match(parsed.error.message, want);
  }
});

test('a text with a broken graph is refused like a file', () => {
  const code = (text: string): string => {
    const parsed = parseOnnxText(text);
    return parsed.ok ? 'parsed' : parsed.error.code;
  };
  assert.equal(code('g (x) => (y) { y = Relu(nobody) }'), 'onnx/missing-input');
  assert.equal(code('g (x) => (y) { y = Add(x, z) z = Relu(y) }'), 'onnx/cycle');
});

test('damaged text neither throws nor hangs', () => {
  let state = 1;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let i = 0; i < 2000; i++) {
    const at = next(TEXT.length);
    const text =
      TEXT.slice(0, at) + '<>{}()[]",=.:-9x '.charAt(next(17)) + TEXT.slice(at + next(3));
    const parsed = parseOnnxText(text);
    if (parsed.ok) printOnnxText(parsed.value);
    else assert.match(parsed.error.code, /^onnx\//);
  }
});
