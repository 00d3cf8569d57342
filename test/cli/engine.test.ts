import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import type { EngineOutput } from '../../src/cli/engine-output.ts';
import { cli, scratchFolder } from './cli-harness.ts';

const folder = scratchFolder();
const tensor = (Name: string, type: string) => ({
  Name,
  Location: 'Device',
  Dimensions: [1, 8, 4, 4],
  'Format/Datatype': type,
});
const layer = (Name: string, input: object, output: object, more: object = {}) => ({
  Name,
  LayerType: 'CaskConvolution',
  Inputs: [input],
  Outputs: [output],
  Metadata: `[ONNX Layer: ${Name}]`,
  ...more,
});

/** Q, convolution, and in `slow` a Q in the middle that no layer took. */
function writeEngine(name: string, slow: boolean): { layers: string; profile: string } {
  const middle = tensor('y', slow ? 'Half' : 'Int8');
  const qdq = { LayerType: 'Reformat', ParameterType: 'Reformat', Origin: 'QDQ' };
  const Layers = [
    layer('Conv_0', tensor('x', 'Int8'), middle),
    ...(slow ? [layer('QuantizeLinear_1', middle, tensor('q', 'Int8'), qdq)] : []),
    layer('Conv_1', slow ? tensor('q', 'Int8') : middle, tensor('z', 'Int8')),
  ];
  const times = slow ? [20, 6, 10] : [18, 10];
  const profile = [
    { count: 10 },
    ...Layers.map(({ Name }, i) => ({
      name: Name,
      timeMs: times[i]! / 100,
      averageMs: times[i]! / 1000,
      medianMs: times[i]! / 1000,
      percentage: 1,
    })),
  ];
  const paths = {
    layers: join(folder, `${name}.layer.json`),
    profile: join(folder, `${name}.profile.json`),
  };
  writeFileSync(paths.layers, JSON.stringify({ Layers, Bindings: ['x', 'z'] }));
  writeFileSync(paths.profile, JSON.stringify(profile));
  return paths;
}
const slow = writeEngine('slow', true);
const fast = writeEngine('fast', false);

test('prints layers with times, the summary and the findings, and ends with 0', async () => {
  const { code, out } = await cli(['engine', slow.layers, '--profile', slow.profile]);
  assert.equal(code, 0);
  assert.match(out, /0 +CaskConvolution +INT8 → FP16 +20\.0 µs +55\.6 % +Conv_0/);
  assert.match(out, /1 +! +Reformat +FP16 → INT8 +6\.0 µs/);
  assert.match(out, /Q\/DQ that no layer took +1 \(6\.0 µs, 16\.7 %\)/);
  assert.match(out, /warning {2}unfused-quantizer/);
  assert.doesNotMatch(out, /\u001b/);
});

test('fits a narrow terminal, and sorts and cuts by request', async () => {
  const words = ['engine', slow.layers, slow.profile, '--top', '1', '--sort', 'time'];
  const { out } = await cli(words, { columns: 70, colour: true });
  assert.match(out, /and 2 more layers/);
  assert.match(out, /\u001b\[32m/);
});

test('compares: who won, by what change', async () => {
  const words = ['engine', slow.layers, slow.profile];
  for (const path of [fast.layers, fast.profile]) words.push('--compare', path);
  const { code, out } = await cli(words);
  assert.equal(code, 0);
  assert.match(out, /fast against slow: −8\.0 µs/);
  assert.match(out, /−6\.0 µs +copies +INT8 → INT8 +INT8 → INT8 +Conv_1/);
  assert.match(out, /−2\.0 µs +precision +INT8 → FP16 +INT8 → INT8 +Conv_0/);
});

test('a broken budget ends with 1 and says what is broken', async () => {
  const keeps = await cli(['engine', slow.layers, slow.profile, '--max-reformats', '1']);
  assert.equal(keeps.code, 0);
  for (const budget of [
    ['--max-reformats', '0'],
    ['--min-int8-share', '90'],
    ['--max-latency-us', '35.9'],
  ]) {
    const { code, errors } = await cli(['engine', slow.layers, slow.profile, ...budget]);
    assert.equal(code, 1, budget[0]);
    assert.ok(errors.some((line) => line.includes(budget[0]!)));
  }
});

test('bad use and bad input end with 2', async () => {
  const broken = join(folder, 'broken.layer.json');
  writeFileSync(broken, '{"Layers": [');
  for (const words of [
    [],
    [join(folder, 'absent.json')],
    [broken],
    [slow.layers, '--max-latency-us', '9'],
    [slow.layers, '--min-int8-share', '180'],
    [slow.layers, '--sort', 'colour'],
    [slow.layers, '--top', '0'],
  ]) {
    const { code, out } = await cli(['engine', ...words]);
    assert.equal(code, 2, words.join(' '));
    assert.equal(out, '');
  }
});

test('a folder is an engine, and every file is written', async () => {
  const files = ['svg', 'html', 'csv', 'xlsx'].map((end) => join(folder, 'out', `a.${end}`));
  const options = files.flatMap((file) => [`--${file.slice(file.lastIndexOf('.') + 1)}`, file]);
  const { code, out } = await cli(['engine', slow.layers, slow.profile, ...options, '--json']);
  assert.equal(code, 0);
  const report = JSON.parse(out) as { format: string; engines: readonly { name: string }[] };
  assert.equal(report.format, 'qdq-lab-engine-report');
  assert.equal(report.engines.length, 1);
  const [svg, html, csv, xlsx] = files.map((file) => readFileSync(file));
  assert.ok(svg?.toString().startsWith('<svg '));
  assert.ok(html?.toString().startsWith('<!doctype html>'));
  assert.ok(csv?.toString().startsWith('\ufeff#,layer,'));
  assert.equal(xlsx?.subarray(0, 2).toString(), 'PK');
  const both = await cli(['engine', folder, '--json']);
  assert.equal(both.code, 0, both.errors.join('\n'));
});

describe('an engine beside the prediction of its model', () => {
  const built = fileURLToPath(new URL('../engines/built/', import.meta.url));
  const files = (stem: string): string[] =>
    ['layer.json.gz', 'profile.json.gz', 'build.log.gz', 'manifest.json'].map((end) =>
      join(built, `${stem}.${end}`),
    );
  const model = (name: string): string => join(built, `${name}.onnx.gz`);

  test('that agrees ends with 0', async () => {
    const words = ['engine', ...files('concat_none.best'), '--model', model('concat_none')];
    const { code, out } = await cli(words);
    assert.equal(code, 0);
    assert.match(out, /layers that agree +100\.0 %/);
    assert.match(out, /Prediction and engine agree/);
  });

  test('of another model ends with 1, names the places and writes a report without names', async () => {
    const zip = join(folder, 'differs.zip');
    const words = [
      'engine',
      ...files('concat_none.best'),
      '--model',
      model('concat_unequal_after'),
    ];
    const { code, out } = await cli([...words, '--bug-report', zip, '--strip-names']);
    assert.equal(code, 1);
    assert.match(out, /places? where they part/);
    const parts = unzipSync(readFileSync(zip));
    assert.ok(Object.keys(parts).some((name) => name.endsWith('.onnx')));
    for (const bytes of Object.values(parts))
      assert.ok(!Buffer.from(bytes).includes('QuantizeLinear_1'));
  });

  test('the log among the files tells which rule erred for sure', async () => {
    const words = ['engine', ...files('mixnet_s.opt.best'), '--model', model('mixnet_s.opt')];
    const { code, out } = await cli([...words, '--json']);
    const { prediction } = JSON.parse(out) as EngineOutput;
    assert.equal(code, 1);
    const suspects = prediction?.disagreements.flatMap((place) => place.suspects) ?? [];
    assert.ok(suspects.some(({ certainty }) => certainty === 'log'));
  });

  test('a bug report wants the model', async () => {
    const { code, errors } = await cli(['engine', ...files('concat_none.best'), '--strip-names']);
    assert.equal(code, 2);
    assert.match(errors.join('\n'), /--strip-names needs --model/);
  });
});
