import assert from 'node:assert/strict';
import { test } from 'node:test';
import onnxProto from 'onnx-proto';
import type { ByteSource } from '../../../src/core/base/byte-source.ts';
import { openModel } from '../../../src/core/onnx/index.ts';
import { generateChain } from '../../support/generate-model.ts';

const { onnx } = onnxProto;

/** A source that, like a file, has to be read. */
const fileSource = (bytes: Uint8Array): ByteSource => ({
  name: 'chain.onnx',
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** What a graph holds, as text. */
async function contents(source: ByteSource, wholeFileLimit: number): Promise<string> {
  const opened = await openModel([source], { wholeFileLimit });
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  const { graph } = opened.value.model;
  const nodes = [...graph.nodes()]
    .map((node) => {
      const names = [node.name, node.opType, ...node.inputs.map((value) => value?.name ?? '')];
      return [...names, ...node.outputs.map(({ name }) => name), node.attributes.size].join(' ');
    })
    .join('\n');
  return `${graph.name}\n${nodes}`;
}

test('a file read by windows is the file read whole, wherever a window ends', async () => {
  for (const nodes of [20, 61, 107, 500]) {
    const inFile = fileSource(generateChain(nodes));
    assert.equal(await contents(inFile, 0), await contents(inFile, Infinity));
  }
});

test('a name that the end of a window cuts off', async () => {
  const proto = onnx.ModelProto.decode(generateChain(300));
  assert.ok(proto.graph);
  proto.graph.name = 'long '.repeat(40_000);
  const bytes = onnx.ModelProto.encode(proto).finish();
  const text = await contents(fileSource(bytes), 0);
  assert.ok(text.startsWith(proto.graph.name));
});

test('a file that was cut off is told so, read by windows as read whole', async () => {
  const whole = generateChain(300);
  for (const length of [whole.length - 8, whole.length >> 1, 400])
    for (const wholeFileLimit of [0, Infinity]) {
      const opened = await openModel([fileSource(whole.subarray(0, length))], { wholeFileLimit });
      assert.equal(opened.ok ? '' : opened.error.code, 'onnx/truncated', `${String(length)} bytes`);
    }
});
