import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ChangeReport } from '../../src/cli/change-report.ts';
import { openModelFile } from '../../src/cli/open-model-file.ts';
import { PIPELINE } from '../../src/core/passes/pipeline.ts';
import type { Model } from '../../src/core/ir/model.ts';
import { isQuantizer } from '../../src/core/ir/quantizer-nodes.ts';
import { tensorNumbers } from '../../src/core/ir/tensor-values.ts';
import { saveModel } from '../../src/core/onnx/index.ts';
import { stripQuantizers } from '../../src/core/placement/strip-quantizers.ts';
import { modelOf, RESIDUAL, valueOf } from '../core/explain/text-models.ts';
import { cli, scratchFolder } from './cli-harness.ts';

const folder = scratchFolder();
const at = (name: string): string => join(folder, name);

async function write(name: string, model: Model): Promise<string> {
  const blob = valueOf(await saveModel(model));
  writeFileSync(at(name), new Uint8Array(await blob.arrayBuffer()));
  return at(name);
}

/** Opens a written model for a look. */
async function look<T>(path: string, what: (model: Model) => T): Promise<T> {
  const file = await openModelFile(path);
  try {
    return what(file.model);
  } finally {
    await file.close();
  }
}

const residual = await write('residual.onnx', modelOf(RESIDUAL));
const float = await write('float.onnx', valueOf(stripQuantizers(modelOf(RESIDUAL))));

test('optimize rewrites, explains and reports', async () => {
  const out = at('better.onnx');
  const words = ['optimize', residual, out, '--calib', 'random:1', '--samples', '2'];
  const more = ['--placement', at('better.yaml'), '--report', at('better.md'), '--budget', '60'];
  const { code, out: text, errors } = await cli([...words, ...more]);
  assert.equal(code, 0, errors.join('\n'));
  assert.match(text, /^\d+ changes?\n {2}1\. /);
  assert.match(text, /\n\d+ → \d+ layers, .* surviving Q\/DQ/);
  assert.match(text, /\nwritten: .*better\.onnx\n$/);
  assert.ok(
    errors.every((line) => /^qdq-lab: .* …$/.test(line)),
    errors.join('\n'),
  );
  const same = await cli(['diff', out, at('better.yaml')]);
  assert.equal(same.code, 0, same.out);
  const report = readFileSync(at('better.md'), 'utf8');
  for (const part of [/^# optimize `/, /\n\| layers \| \d+ \| \d+ \|\n/, /\n## \d+ changes?\n/])
    assert.match(report, part);
});

test('the report as JSON holds the changes, and the same seed gives the same', async () => {
  const run = async (): Promise<ChangeReport> => {
    const { out } = await cli(['optimize', residual, '--json', '--quiet', '--seed', '7']);
    return JSON.parse(out) as ChangeReport;
  };
  const [a, b] = [await run(), await run()];
  assert.deepEqual(a, b);
  assert.equal(a.output, null);
  assert.ok(a.changes.length > 0 && a.after.survivingQdq <= a.before.survivingQdq);
  const numerics = new Set(['bit-exact', 'one-step', 'approximate']);
  assert.ok(a.changes.every((change) => change.reason !== '' && numerics.has(change.numerics)));
});

test('scales that are missing are told, and end with 1', async () => {
  const { code, out, errors } = await cli(['optimize', residual, '--json', '--quiet']);
  const { toCalibrate } = JSON.parse(out) as ChangeReport;
  assert.equal(code, toCalibrate.length > 0 ? 1 : 0);
  assert.equal(errors.length, toCalibrate.length > 0 ? 1 : 0);
});

test('passes are listed, chosen and left out', async () => {
  const list = await cli(['optimize', '--list-passes']);
  assert.equal(list.code, 0);
  for (const { id } of PIPELINE) assert.ok(list.out.includes(id), id);
  const none = await cli([
    'optimize',
    residual,
    '--passes',
    'remove-identity',
    '--no-search',
    '--quiet',
  ]);
  assert.match(none.out, /^No change gains anything\.\n/);
  const bad = await cli(['optimize', residual, '--without', 'remove-identiti']);
  assert.equal(bad.code, 2);
  assert.match(bad.errors.join(), /--without does not know "remove-identiti".*remove-identity/);
});

test('quantize places and calibrates a float model', async () => {
  const out = at('quantized.onnx');
  const data = ['--calib', 'random:3', '--samples', '2', '--method', 'max', '--quiet'];
  const {
    code,
    out: text,
    errors,
  } = await cli([
    ...['quantize', float, out, ...data, '--cache', at('scales.json'), '--sensitivity'],
    ...['--report', at('quantized.json'), '--budget', '40'],
  ]);
  assert.deepEqual([code, errors], [0, []], errors.join('\n'));
  assert.match(text, /Sensitivity, each layer quantized alone \(2 batches\)/);
  const kinds = await look(out, ({ graph }) => [...graph.nodes()].filter(isQuantizer).length);
  assert.ok(kinds >= 12, `${String(kinds)} Q/DQ`);
  const report = JSON.parse(readFileSync(at('quantized.json'), 'utf8')) as ChangeReport;
  assert.equal(report.sensitivity?.layers.length, 3);
  assert.ok(report.scales && Object.keys(report.scales.scales).length > 0);
  // The cache does instead of data, and gives the same model.
  const again = await cli([
    'quantize',
    float,
    at('again.onnx'),
    '--cache',
    at('scales.json'),
    '--quiet',
    '--budget',
    '40',
  ]);
  assert.equal(again.code, 0, again.errors.join('\n'));
  assert.deepEqual(readFileSync(at('again.onnx')), readFileSync(out));
});

test('quantize leaves out what it is told to, and can make FP8', async () => {
  const words = ['--calib', 'random:3', '--samples', '1', '--quiet', '--no-search'];
  await cli(['quantize', float, at('less.onnx'), ...words, '--exclude', 'conv1,type:Add']);
  const readsFloat = await look(at('less.onnx'), ({ graph }) => {
    const weight = graph.node('conv1')?.inputs[1];
    return [weight?.producer()?.opType, graph.node('conv0')?.inputs[1]?.producer()?.opType];
  });
  assert.deepEqual(readsFloat, [undefined, 'DequantizeLinear']);
  const fp8 = await cli([
    'quantize',
    float,
    at('fp8.onnx'),
    ...words,
    '--type',
    'fp8',
    '--target',
    'trt10.6-sm89',
  ]);
  assert.equal(fp8.code, 0, fp8.errors.join('\n'));
  const types = await look(at('fp8.onnx'), ({ graph }) =>
    [...graph.nodes()]
      .filter(({ opType }) => opType === 'QuantizeLinear')
      .map(({ inputs }) => inputs[2]?.dataType),
  );
  assert.ok(types.length > 0 && types.every((type) => type === 'float8e4m3fn'), types.join());
});

test('lint --fix cures what passes can, and tells what is left', async () => {
  const out = at('fixed.onnx');
  const words = [
    'lint',
    residual,
    '--fix',
    out,
    '--calib',
    'random:1',
    '--samples',
    '1',
    '--quiet',
  ];
  const fixed = await cli([...words, '--json']);
  const told = JSON.parse(fixed.out) as {
    before: unknown[];
    findings: { severity: string }[];
    changes: unknown[];
  };
  assert.ok(told.changes.length > 0);
  assert.ok(told.findings.length <= told.before.length);
  const isClean = told.findings.every(({ severity }) => severity === 'info');
  assert.equal(fixed.code, isClean ? 0 : 1);
  const scales = await look(out, ({ graph }) =>
    [...graph.nodes()].filter(isQuantizer).map(({ inputs }) => {
      const tensor = inputs[1]?.tensor;
      return tensor && tensorNumbers(tensor)?.[0];
    }),
  );
  assert.ok(scales.every((scale) => scale !== undefined && scale !== 1));
});

test('bad use is refused in one line, with nothing written', async () => {
  const before = readdirSync(folder).sort();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['optimize'], /optimize wants a model/],
    [['quantize', float], /quantize wants a model, and where to write it/],
    [['quantize', float, at('x.onnx')], /needs data or scales/],
    [
      ['quantize', float, at('x.onnx'), '--cache', at('s'), '--sensitivity'],
      /--sensitivity needs --calib/,
    ],
    [['quantize', residual, at('x.onnx'), '--calib', 'random:1'], /quantized already/],
    [['quantize', float, float, '--calib', 'random:1', '--samples', '1'], /written over/],
    [['quantize', float, at('x.onnx'), '--calib', at('nowhere')], /nowhere/],
    [['lint', residual, residual, '--fix', at('x.onnx')], /lint --fix wants one model/],
    [['lint', residual, '--calib', 'random:1'], /--calib needs --fix/],
  ];
  for (const [words, expected] of cases) {
    const { code, out, errors } = await cli(
      [...words, '--budget=4', '--quiet'].filter(
        (word) => words[0] !== 'lint' || !word.startsWith('--budget'),
      ),
    );
    assert.deepEqual([code, out], [2, ''], words.join(' '));
    assert.match(errors.join('\n'), expected);
  }
  assert.deepEqual(readdirSync(folder).sort(), before);
  assert.ok(!existsSync(at('x.onnx')));
});
