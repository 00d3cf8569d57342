import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { generateChain } from '../support/generate-model.ts';
import { cli, scratchFolder } from './cli-harness.ts';

const folder = scratchFolder();
const truth = join(folder, 'truth');
mkdirSync(join(truth, 'models/micro'), { recursive: true });
const packed = gzipSync(generateChain(20));
for (const name of ['one', 'two'])
  writeFileSync(join(truth, `models/micro/${name}.onnx.gz`), packed);
writeFileSync(join(truth, 'models/micro/broken.onnx.gz'), gzipSync('no model'));

const rows = [
  'trt10.6.0-h100\tmicro\tone\tbest\t0.1',
  'trt10.6.0-h100\tmicro\ttwo\tstrong\t0.1',
  'trt8.6.1-h100\tmicro\tone\tbest\t0.1',
];
const table = (lines: readonly string[]) => {
  writeFileSync(
    join(truth, 'index.tsv'),
    `${['target\tkind\tmodel\tmode\tgpu_ms', ...lines].join('\n')}\n`,
  );
};

const read = (path: string) =>
  (JSON.parse(readFileSync(path, 'utf8')) as { Predicted: { target: string; mode: string } })
    .Predicted;

test('writes a prediction for each row, at the place that the scorer looks for', async () => {
  table(rows);
  const out = join(folder, 'all');
  const result = await cli(['predict-corpus', truth, out]);
  assert.deepEqual([result.code, result.errors], [0, []]);
  assert.match(result.out, /^3 predictions written to .*, 0 failed\n$/);
  const best = read(join(out, 'trt10.6.0-h100/micro/one.best.layer.json'));
  assert.deepEqual([best.target, best.mode], ['trt10.6-sm90', 'best']);
  const old = read(join(out, 'trt8.6.1-h100/micro/one.best.layer.json'));
  assert.equal(old.target, 'trt8.6-sm90');
  assert.equal(read(join(out, 'trt10.6.0-h100/micro/two.strong.layer.json')).mode, 'strong');
});

test('filters choose rows; filters that fit nothing say what there is', async () => {
  table(rows);
  const out = join(folder, 'some');
  const result = await cli(['predict-corpus', truth, out, '--mode', 'strong', '--json']);
  assert.deepEqual(JSON.parse(result.out), { written: 1, failed: 0 });
  assert.ok(!existsSync(join(out, 'trt8.6.1-h100')));
  const none = await cli(['predict-corpus', truth, out, '--kind', 'real']);
  assert.equal(none.code, 2);
  assert.match(none.errors.join('\n'), /No row fits the filters\. It has .*kind micro/);
});

test('a failing model is told, the rest goes on, exit code 1', async () => {
  table([
    'trt10.6.0-h100\tmicro\tbroken\tbest',
    'trt10.6.0-h100\tmicro\tabsent\tbest',
    'trt10.6.0-h100\tmicro\tone\tquick',
    'trt10.6.0-mystery\tmicro\tone\tbest',
    ...rows,
  ]);
  const out = join(folder, 'partial');
  const result = await cli(['predict-corpus', truth, out]);
  assert.equal(result.code, 1);
  assert.match(result.out, /^3 predictions written to .*, 4 failed\n$/);
  assert.equal(result.errors.length, 4);
  for (const pattern of [/broken/, /absent.*no such file/, /"quick"/, /mystery.*not a target/])
    assert.ok(
      result.errors.some((line) => pattern.test(line)),
      String(pattern),
    );
  assert.ok(existsSync(join(out, 'trt10.6.0-h100/micro/one.best.layer.json')));
});

test('a table without the needed columns, and no table', async () => {
  writeFileSync(join(truth, 'index.tsv'), 'target\tkind\tmodel\n');
  const wrong = await cli(['predict-corpus', truth, folder]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.errors.join('\n'), /index\.tsv: The table has no column mode\./);
  const absent = await cli(['predict-corpus', folder, folder]);
  assert.match(absent.errors.join('\n'), /index\.tsv: Cannot be read: there is no such file/);
});
