import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import onnxProto from 'onnx-proto';
import { generateChain } from '../support/generate-model.ts';
import { cli, scratchFolder } from './cli-harness.ts';

const { onnx } = onnxProto;
const folder = scratchFolder();
const bytes = generateChain(40);
const model = join(folder, 'chain.onnx');
writeFileSync(model, bytes);

const at = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

interface LayerJson {
  readonly Name: string;
  readonly LayerType: string;
  readonly Inputs: readonly { readonly Name: string; readonly 'Format/Datatype': string }[];
  readonly Metadata: string;
}
interface EngineJson {
  readonly Layers: readonly LayerJson[];
  readonly Bindings: readonly string[];
  readonly Predicted: { readonly target: string; readonly mode: string };
}
const parse = (text: string) => JSON.parse(text) as EngineJson;

test('a table: title, a line for each layer, a summary', async () => {
  const { code, out, errors } = await cli(['predict', model]);
  assert.deepEqual([code, errors], [0, []]);
  const lines = out.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /chain\.onnx {2}trt10\.6-sm90 best, 4[0-9] nodes$/);
  assert.match(lines[1] ?? '', /#.*type.*in → out.*layer/);
  const layers = lines.filter((line) => /^ *\d+ {2}/.test(line));
  const summary = lines.find((line) => /^\d+ layers: /.test(line));
  assert.ok(summary?.startsWith(`${layers.length} layers: `), summary);
  assert.ok(
    layers.some((line) => /Conv.* int8 → /.test(line) && line.includes('/stage0/block1/conv/Conv')),
  );
});

test('the table keeps to the width, names lose their middle', async () => {
  for (const columns of [60, 80, 100]) {
    const { out } = await cli(['predict', model], { columns });
    const rows = out.split('\n').filter((line) => /^ *\d+ {2}/.test(line));
    assert.ok(rows.length > 5);
    assert.ok(rows.length > 0);
    for (const line of out.split('\n')) assert.ok([...line].length <= columns, line);
    assert.ok(rows.some((row) => row.includes('…')));
  }
  const narrow = await cli(['predict', model], { columns: 10 });
  assert.ok(
    narrow.out.split('\n').every((line) => [...line].length < 120 || line.includes(folder)),
  );
});

test('colours only where they are wanted, and the same text', async () => {
  const plain = await cli(['predict', model]);
  const coloured = await cli(['predict', model], { colour: true });
  assert.ok(!plain.out.includes('\u001b'));
  assert.ok(coloured.out.includes('\u001b['));

  assert.equal(coloured.out.replace(/\u001b\[[\d;]*m/g, ''), plain.out);
});

test('--json is one document in the shape of layer.json', async () => {
  const { code, out } = await cli(['predict', model, '--json', '--target', 'trt8.6-a100']);
  assert.equal(code, 0);
  const engine = parse(out);
  assert.ok(engine.Layers.length > 5);
  for (const layer of engine.Layers) {
    assert.equal(typeof layer.Name, 'string');
    assert.equal(typeof layer.LayerType, 'string');
    for (const tensor of layer.Inputs) assert.match(tensor['Format/Datatype'], / format$/);
  }
  assert.ok(engine.Layers.some((layer) => layer.Metadata.includes('[ONNX Layer: /stage0/')));
  assert.deepEqual(engine.Bindings[0], 'input');
  assert.deepEqual(engine.Predicted.target, 'trt8.6-sm80');
});

test('--json of several models is an array, null where one failed; exit code 1', async () => {
  const bad = at('bad.onnx', '{}');
  const { code, out, errors } = await cli(['predict', model, bad, model, '--json']);
  assert.equal(code, 1);
  assert.equal(errors.length, 1);
  const list = JSON.parse(out) as unknown[];
  assert.deepEqual(
    list.map((entry) => entry === null),
    [false, true, false],
  );
  const none = await cli(['predict', bad, bad]);
  assert.equal(none.code, 2, 'nothing was done');
});

test('--out writes the prediction, whole', async () => {
  const out = join(folder, 'new', 'deep');
  const { code, out: text } = await cli([
    'predict',
    model,
    '--out',
    out,
    '--json',
    '--mode',
    'int8',
  ]);
  assert.equal(code, 0);
  const file = join(out, 'chain.int8.layer.json');
  assert.deepEqual(JSON.parse(text), [{ model, file }]);
  assert.equal(parse(readFileSync(file, 'utf8')).Predicted.mode, 'int8');
  assert.deepEqual(readdirSync(out), ['chain.int8.layer.json'], 'no part is left behind');
  const table = await cli(['predict', model, '--out', out]);
  assert.match(table.out, /layers: [\s\S]*written: .*chain\.best\.layer\.json\n$/);
});

test('--out into a place that takes no files', async () => {
  const { code, errors } = await cli(['predict', model, '--out', model]);
  assert.equal(code, 2);
  assert.match(
    errors.join('\n'),
    /^qdq-lab: .* cannot be written: a part of its path is a file\. Check the path\.$/,
  );
});

test('--trace tells phases, what ran and what was refused', async () => {
  const { code, out } = await cli(['predict', model, '--trace']);
  assert.equal(code, 0);
  assert.match(out, /^QDQ graph optimizer .*\n(?:Running|Refused): \S+ on \S+/m);
  assert.match(out, /^After .+: \d+ layers$/m);
  assert.doesNotMatch(out, /After After/);
  assert.match(out, /^\d+ layers: /m, 'the summary is last');
});

test('gzip is unpacked, by what the file begins with', async () => {
  const { Layers } = parse((await cli(['predict', model, '--json'])).out);
  for (const name of ['packed.onnx.gz', 'packed.onnx']) {
    const { code, out } = await cli(['predict', at(name, gzipSync(bytes)), '--json']);
    assert.equal(code, 0);
    assert.deepEqual(parse(out).Layers, Layers);
  }
});

test('bad input of each kind: one line, exit code 2', async () => {
  mkdirSync(join(folder, 'folder.onnx'), { recursive: true });
  const cases: readonly (readonly [string, RegExp])[] = [
    [join(folder, 'absent.onnx'), /absent\.onnx: Cannot be read: there is no such file\./],
    [join(folder, 'folder.onnx'), /it is not a regular file/],
    [at('empty.onnx', ''), /empty\.onnx is empty\./],
    [at('text.onnx', 'hello, this is no model at all\n'), /text\.onnx/],
    [at('cut.onnx', bytes.subarray(0, bytes.length - 100)), /cut\.onnx/],
    [at('cut.onnx.gz', gzipSync(bytes).subarray(0, 500)), /The gzip data is damaged: /],
    [
      at(
        'noise.onnx',
        new Uint8Array(5000).map((_, i) => (i * 7919) >> 3),
      ),
      /noise\.onnx/,
    ],
  ];
  for (const [path, pattern] of cases) {
    const { code, out, errors } = await cli(['predict', path]);
    assert.deepEqual([code, out, errors.length], [2, '', 1], `${path}\n${errors.join('\n')}`);
    assert.match(errors[0] ?? '', pattern);
    assert.match(errors[0] ?? '', /^qdq-lab: .+\. .+\.$/);
    assert.doesNotMatch(errors[0] ?? '', /\n|internal|defect/);
  }
});

test(
  'a file that may not be read',
  { skip: process.getuid?.() === 0 && 'root may read all' },
  async () => {
    const path = at('secret.onnx', bytes);
    chmodSync(path, 0);
    const { errors } = await cli(['predict', path]);
    assert.match(errors[0] ?? '', /reading it is not permitted/);
  },
);

test('a version that is not known is said to be replaced', async () => {
  const { code, errors, out } = await cli(['predict', model, '--target', 'trt10.9.0-h100']);
  assert.equal(code, 0);
  assert.match(
    errors.join('\n'),
    /^qdq-lab: note: TensorRT 10\.9 is not known; 10\.6.* is taken\.$/,
  );
  assert.match(out, /trt10\.6-sm90 best/);
});

/** The chain with the data of its first convolution in the file `location`. */
function withExternalData(location: string): {
  readonly model: Uint8Array;
  readonly data: Uint8Array;
} {
  const proto = onnx.ModelProto.decode(bytes);
  const weight = proto.graph?.initializer?.find(({ name }) => name?.endsWith('conv.weight'));
  assert.ok(weight?.rawData);
  const data = Uint8Array.from(weight.rawData);
  weight.rawData = new Uint8Array();
  weight.dataLocation = onnx.TensorProto.DataLocation.EXTERNAL;
  weight.externalData = [{ key: 'location', value: location }];
  return { model: onnx.ModelProto.encode(proto).finish(), data };
}

test('external data beside the model is found, its absence is told, outside is not looked', async () => {
  const inside = withExternalData('data/weights.bin');
  const path = at('external.onnx', inside.model);
  const without = await cli(['predict', path]);
  assert.equal(without.code, 0, 'a prediction needs no weights');
  assert.match(without.errors.join('\n'), /warning: .*data\/weights\.bin/);
  mkdirSync(join(folder, 'data'), { recursive: true });
  at('data/weights.bin', inside.data);
  assert.deepEqual((await cli(['predict', path])).errors, []);
  for (const location of ['../outside.bin', join(folder, 'outside.bin')]) {
    const outside = withExternalData(location);
    at('outside.bin', outside.data);
    mkdirSync(join(folder, 'sub'), { recursive: true });
    assert.ok(existsSync(join(folder, 'outside.bin')));
    const { errors } = await cli(['predict', at('sub/external.onnx', outside.model)]);
    assert.match(errors.join('\n'), /warning: .*outside\.bin/);
  }
});

test('names from the file cannot steer the terminal', async () => {
  const proto = onnx.ModelProto.decode(bytes);
  const conv = proto.graph?.node?.find(({ opType }) => opType === 'Conv');
  assert.ok(conv);
  conv.name = 'evil\u001b[2J\nname';
  const { out } = await cli(['predict', at('evil.onnx', onnx.ModelProto.encode(proto).finish())]);
  assert.ok(!out.includes('\u001b'));
  assert.ok(out.includes('evil\\u001b[2J\\u000aname'));
});
