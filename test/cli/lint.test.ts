import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseOnnxText, saveModel } from '../../src/core/onnx/index.ts';
import { cli, scratchFolder } from './cli-harness.ts';

const folder = scratchFolder();

/** Writes a model with one quantized convolution, whose input has this zero point, and gives its path. */
async function model(name: string, zeroPoint: number, quantizeWeight = true): Promise<string> {
  const weight = quantizeWeight
    ? '[Q_w] wq = QuantizeLinear (w, s, z)\n  [DQ_w] wd = DequantizeLinear (wq, s, z)'
    : '[Pass] wd = Identity (w)';
  const parsed = parseOnnxText(`<ir_version: 10, opset_import: ["": 17]>
g (float[1, 64, 8, 8] x) => (float[] y)
<float s = {0.1}, int8 z = {0}, int8 zx = {${String(zeroPoint)}}, float[64, 64, 1, 1] w = {0.5 ...}>
{
  [Q_x] xq = QuantizeLinear (x, s, zx)
  [DQ_x] xd = DequantizeLinear (xq, s, zx)
  ${weight}
  [Conv] y = Conv (xd, wd)
}`);
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
  const saved = await saveModel(parsed.value);
  assert.ok(saved.ok);
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, new Uint8Array(await saved.value.arrayBuffer()));
  return path;
}
const clean = await model('clean', 0);
const refused = await model('refused', 3);
const lopsided = await model('lopsided', 0, false);

test('a clean model: one line, exit code 0', async () => {
  const { code, out, errors } = await cli(['lint', clean]);
  assert.deepEqual([code, errors], [0, []]);
  assert.match(out, /clean\.onnx {2}trt10\.6-sm90 best: nothing found\n$/);
});

test('a refused model: the place, why, TensorRT’s words, what to do; exit code 1', async () => {
  const { code, out } = await cli(['lint', refused]);
  assert.equal(code, 1);
  const lines = out.split('\n');
  assert.match(lines[0] ?? '', /refused\.onnx {2}trt10\.6-sm90 best: 1 error$/);
  assert.ok(lines.includes('error  nonzero-zero-point'));
  assert.ok(lines.includes('  Q_x and DQ_x have zero point 3; TensorRT takes 0 only.'));
  assert.match(out, /why: The parser stops at this node/);
  assert.match(out, /TensorRT says: Assertion failed: shiftIsAllZeros\(zeroPoint\)/);
  assert.match(out, /do: {2}Quantize x to INT8 with zero point 0/);
});

test('warnings count, infos do not', async () => {
  const { code, out } = await cli(['lint', lopsided]);
  assert.equal(code, 1);
  assert.match(out, /warning {2}one-sided-quantization\n {2}Conv runs in /);
  assert.ok(out.indexOf('\nwarning') < out.indexOf('\ninfo'), 'warnings come first');
  const deep = await cli(['lint', clean, '--mode', 'strong']);
  assert.doesNotMatch(deep.out, /error|warning/);
  assert.equal(deep.code, 0);
});

test('several models: each has its part, the worst decides the exit code', async () => {
  const { code, out } = await cli(['lint', clean, refused]);
  assert.equal(code, 1);
  assert.ok(out.indexOf('clean.onnx') < out.indexOf('refused.onnx'));
  const broken = await cli(['lint', join(folder, 'absent.onnx'), clean]);
  assert.equal(broken.code, 2);
  assert.match(broken.errors.join('\n'), /absent\.onnx: Cannot be read/);
  assert.match(broken.out, /clean\.onnx.*nothing found/);
});

test('--json is a list with all findings of each model', async () => {
  const { code, out } = await cli(['lint', refused, join(folder, 'absent.onnx'), '--json']);
  assert.equal(code, 2);
  const reports = JSON.parse(out) as {
    readonly model: string;
    readonly target: { readonly trt: string };
    readonly findings: readonly { readonly ruleId: string; readonly severity: string }[] | null;
  }[];
  assert.equal(reports.length, 2);
  assert.equal(reports[0]?.target.trt, '10.6');
  assert.deepEqual(
    reports[0].findings?.map(({ ruleId, severity }) => [ruleId, severity]),
    [['nonzero-zero-point', 'error']],
  );
  assert.equal(reports[1]?.findings, null);
});

test('the target decides', async () => {
  const { code, out } = await cli(['lint', clean, '--mode', 'fp16']);
  assert.equal(code, 1);
  assert.match(out, /int8-not-allowed/);
  const later = await cli(['lint', refused, '--target', 'trt11.0-h100']);
  assert.match(later.out, /TensorRT says: Non-zero zero point is not supported/);
});

test('colours only where they are wanted', async () => {
  const plain = await cli(['lint', refused]);
  const coloured = await cli(['lint', refused], { colour: true });
  assert.ok(!plain.out.includes('\u001b'));
  assert.ok(coloured.out.includes('\u001b['));
  assert.equal(coloured.out.replace(/\u001b\[[\d;]*m/g, ''), plain.out);
});

test('predict says in one line that TensorRT will refuse the model', async () => {
  const { code, errors } = await cli(['predict', refused]);
  assert.equal(code, 0);
  assert.equal(errors.length, 1);
  assert.match(
    errors[0] ?? '',
    /^qdq-lab: .*refused\.onnx: TensorRT will refuse this model: Q_x and DQ_x have zero point 3/,
  );
  assert.deepEqual((await cli(['predict', lopsided])).errors, [], 'warnings are for lint');
});

test('bad use', async () => {
  for (const words of [['lint'], ['lint', clean, '--deep'], ['lint', clean, '--mode', 'fast']]) {
    const { code, out, errors } = await cli(words);
    assert.deepEqual([code, out, errors.length], [2, '', 1]);
  }
});
