import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import onnxProto from 'onnx-proto';
import { writeModel } from '../../src/cli/write-model.ts';
import { openModelFile } from '../../src/cli/open-model-file.ts';
import { applyEdits } from '../../src/core/placement/apply-edits.ts';
import { enginesFolder, skipEngines } from '../core/sim/given-engines.ts';
import { valueOf } from '../core/explain/text-models.ts';
import { sparsePieces } from '../support/sparse-pieces.ts';
import { writeSparseFile } from '../support/write-sparse-file.ts';
import { cli, scratchFolder } from './cli-harness.ts';

const { onnx } = onnxProto;
const folder = scratchFolder();
const at = (name: string): string => join(folder, name);
const given = (name: string): string => join(enginesFolder, 'models', 'real', `${name}.onnx.gz`);

/** Fields of GraphProto. */
const [NODE, INITIALIZER] = [1, 5];
const GRAPH = 7;

interface Field {
  readonly number: number;
  /** The field with its tag. */
  readonly bytes: Buffer;
  readonly payload: Buffer;
}

/** The fields of a message, read by hand so that the test shares no code with what it tests. */
function fieldsOf(bytes: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const start = at;
    const tag = varint();
    const wire = tag % 8;
    let from = at;
    if (wire === 0) varint();
    else if (wire === 2) {
      const length = varint();
      from = at;
      at += length;
    } else at += wire === 1 ? 8 : 4;
    const number = Math.floor(tag / 8);
    fields.push({ number, bytes: bytes.subarray(start, at), payload: bytes.subarray(from, at) });
  }
  return fields;
}

const graphOf = (model: Buffer): readonly Field[] =>
  fieldsOf(fieldsOf(model).find(({ number }) => number === GRAPH)?.payload ?? Buffer.alloc(0));

const messages = (fields: readonly Field[], number: number): readonly string[] =>
  fields.filter((field) => field.number === number).map(({ bytes }) => bytes.toString('latin1'));

/** What of `before` is missing in `after` or stands in another order. */
function touched(before: readonly string[], after: readonly string[]): readonly string[] {
  const gone: string[] = [];
  let next = 0;
  for (const message of before) {
    const place = after.indexOf(message, next);
    if (place < 0) gone.push(message);
    else next = place + 1;
  }
  return gone;
}

const nodeNames = (items: readonly string[]): readonly string[] =>
  items.map((item) => {
    const [field] = fieldsOf(Buffer.from(item, 'latin1'));
    return onnx.NodeProto.decode(field?.payload ?? Buffer.alloc(0)).name;
  });

for (const name of ['resnet18.convs', 'yolov5n.mo', 'bert_mini.short'])
  test(`of ${name} only what a pass changed differs`, { skip: skipEngines }, async () => {
    const out = at(`${name}.onnx`);
    const { code, errors } = await cli([
      ...['optimize', given(name), out, '--quiet', '--budget', '30', '--report', at('r.json')],
    ]);
    assert.ok(code < 2, errors.join('\n'));
    const [before, after] = [gunzipSync(readFileSync(given(name))), readFileSync(out)];
    const [old, fresh] = [graphOf(before), graphOf(after)];
    // Weights: all that are still read stay to the byte and in order.
    const decoded = onnx.ModelProto.decode(after);
    const read = new Set(decoded.graph?.node?.flatMap((node) => node.input ?? []));
    const lost = touched(messages(old, INITIALIZER), messages(fresh, INITIALIZER));
    for (const message of lost) {
      const [field] = fieldsOf(Buffer.from(message, 'latin1'));
      const tensor = onnx.TensorProto.decode(field?.payload ?? Buffer.alloc(0));
      assert.ok(!read.has(tensor.name), `${tensor.name} is read, but was written anew`);
    }
    // Nodes: those that differ are those that read something else now, and their names are the old ones.
    const gone = nodeNames(touched(messages(old, NODE), messages(fresh, NODE)));
    const { changes } = JSON.parse(readFileSync(at('r.json'), 'utf8')) as { changes: unknown[] };
    assert.ok(gone.length <= 8 * changes.length, `${String(gone.length)} nodes differ`);
    assert.ok(gone.length < messages(old, NODE).length / 2);
    // Around the graph nothing changes at all.
    const around = (model: Buffer): readonly string[] =>
      fieldsOf(model)
        .filter(({ number }) => number !== GRAPH)
        .map(({ bytes }) => bytes.toString('latin1'));
    assert.deepEqual(around(after), around(before));
  });

test(
  'new nodes say where they come from and have names that say where they stand',
  { skip: skipEngines },
  async () => {
    const out = at('named.onnx');
    await cli(['optimize', given('resnet18.convs'), out, '--quiet', '--budget', '30']);
    const names = new Set<string>();
    for (const node of onnx.ModelProto.decode(readFileSync(out)).graph?.node ?? [])
      if (node.docString?.startsWith('qdq-lab: ') === true) names.add(node.name ?? '');
    assert.ok(names.has('/layer2/layer2.0/Add_input2_QuantizeLinear'), [...names].join('\n'));
  },
);

const python = process.env['QDQ_LAB_PYTHON'] ?? 'python3';
const hasOnnx = spawnSync(python, ['-c', 'import onnx']).status === 0;

test(
  "ONNX's own checker takes what is written",
  {
    skip: skipEngines || (hasOnnx ? false : `${python} has no onnx (QDQ_LAB_PYTHON names another)`),
  },
  async () => {
    const data = ['--calib', 'random:1', '--samples', '1', '--quiet', '--budget', '20'];
    await cli(['optimize', given('yolov5n.convs'), at('c1.onnx'), ...data]);
    await cli(['quantize', given('resnet18.fp'), at('c2.onnx'), ...data]);
    await cli([
      'placement',
      given('resnet18.fp'),
      '--apply',
      await stored(),
      '--to',
      at('c3.onnx'),
    ]);
    const script =
      'import onnx, sys\nfor path in sys.argv[1:]: onnx.checker.check_model(path, full_check=True)';
    const files = ['c1.onnx', 'c2.onnx', 'c3.onnx'].map(at);
    const { status, stderr } = spawnSync(python, ['-c', script, ...files], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  },
);

async function stored(): Promise<string> {
  await cli(['placement', given('resnet18.mo'), '--out', at('mo.yaml')]);
  return at('mo.yaml');
}

test('a model above 2 GB is written in constant memory, new scales in it', async () => {
  const HOLE = 2.2e9;
  const info = (name: string): object => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 4 }] } } },
  });
  const model = onnx.ModelProto.fromObject({
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    graph: {
      node: [
        { name: 'add', opType: 'Add', input: ['x', 'w'], output: ['a'] },
        { name: 'relu', opType: 'Relu', input: ['a'], output: ['y'] },
      ],
      input: [info('x')],
      output: [info('y')],
      initializer: [{ name: 'w', dataType: 1, dims: [HOLE / 4] }],
    },
  });
  const [input, out] = [at('big.onnx'), at('big-out.onnx')];
  const size = writeSparseFile(input, sparsePieces(model, new Map([['w', HOLE]])));
  assert.ok(size > 2 ** 31);
  const file = await openModelFile(input);
  const edited = valueOf(
    applyEdits(file.model, [
      { kind: 'add-pair', value: 'a', scale: { kind: 'given', scales: [0.5] } },
    ]),
  );
  const start = process.memoryUsage().rss;
  let most = start;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  await writeModel(edited, out, { input, force: false });
  clearInterval(watch);
  await file.close();
  assert.ok(most - start < 400e6, `${String((most - start) / 1e6)} MB more in memory`);
  const again = await openModelFile(out);
  const names = [...again.model.graph.nodes()].map((node) => node.name);
  assert.deepEqual(names, [
    'add',
    'relu_input_QuantizeLinear',
    'relu_input_DequantizeLinear',
    'relu',
  ]);
  assert.equal(again.model.graph.value('w')?.tensor?.bytes.byteLength, HOLE);
  await again.close();
  writeFileSync(out, '');
});
