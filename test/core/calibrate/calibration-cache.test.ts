import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readCalibrationCache,
  writeCalibrationCache,
} from '../../../src/core/calibrate/calibration-cache.ts';
import type { ScaleTable } from '../../../src/core/calibrate/scale-table.ts';
import { valueOf } from '../explain/text-models.ts';

const table = (entries: readonly (readonly [string, number])[], more = {}): ScaleTable => ({
  method: 'entropy',
  type: 'int8',
  scales: new Map(entries),
  ...more,
});

test('a cache as TensorRT writes it', () => {
  const text =
    'TRT-8401-EntropyCalibration2\ninput: 3caa54fc\n(Unnamed Layer* 64) [Shuffle]_output: 0\na::b:0: 3d5c11b5\n';
  const { table: read, warnings } = valueOf(readCalibrationCache('c.cache', text));
  assert.deepEqual(warnings, []);
  assert.equal(read.method, 'EntropyCalibration2');
  assert.equal(read.type, 'int8');
  // 0x3caa54fc: exponent 2^-6, mantissa 1 + 0x2a54fc / 2^23.
  assert.equal(read.scales.get('input'), (1 + 0x2a54fc / 2 ** 23) / 64);
  assert.deepEqual([...read.scales.keys()], ['input', 'a::b:0']);
});

test('line ends of Windows, a byte order mark, and a number without leading zeros', () => {
  const text = '\uFEFFTRT-100600-MinMaxCalibration\r\nx: 3f800000\r\n\r\ny: 800000\r\n';
  const { table: read, warnings } = valueOf(readCalibrationCache('c', text));
  assert.deepEqual(
    [...read.scales],
    [
      ['x', 1],
      ['y', 2 ** -126],
    ],
  );
  assert.deepEqual([warnings, read.method], [[], 'MinMaxCalibration']);
});

test('damaged lines are left out, and named', () => {
  const lines = [
    'TRT-100600-EntropyCalibration2',
    'x 3f800000',
    'y: 3f80000g',
    'z: 3f8000001',
    'n: 7fc00000',
    'm: bf800000',
    'ok: 40000000',
    ': 3f800000',
    'ok: 3f800000',
  ];
  const { table: read, warnings } = valueOf(readCalibrationCache('c.cache', lines.join('\n')));
  assert.deepEqual([...read.scales], [['ok', 1]]);
  assert.deepEqual(
    warnings.map(({ code, message }) => [code, /^Line (\d+) of c\.cache/.exec(message)?.[1]]),
    [2, 3, 4, 5, 6, 8, 9].map((line) => [
      line === 9 ? 'calibrate/cache-double' : 'calibrate/cache-line',
      String(line),
    ]),
  );
});

test('what is no cache is refused', () => {
  for (const text of ['', 'x: 3f800000', 'TRT-EntropyCalibration2\n', '{}']) {
    const read = readCalibrationCache('c', text);
    assert.equal(!read.ok && read.error.code, 'calibrate/not-a-scale-file', text);
  }
});

test('written and read again: the same float32 numbers, in order', () => {
  const scales = [
    ['/model.0/conv/Conv_output_0', 0.0123],
    ['a: b', 3e-39],
    ['z', 123456],
  ].map(([name, scale]) => [String(name), Math.fround(Number(scale))] as const);
  const text = valueOf(writeCalibrationCache(table(scales)));
  assert.ok(text.startsWith('TRT-100600-EntropyCalibration2\n/model.0/conv/Conv_output_0: 3c49'));
  const { table: read, warnings } = valueOf(readCalibrationCache('c', text));
  assert.deepEqual([[...read.scales], warnings], [scales, []]);
  const again = valueOf(writeCalibrationCache(read));
  assert.equal(again, text);
});

test('the header says the calibrator and the version', () => {
  assert.match(
    valueOf(writeCalibrationCache(table([], { method: 'max' }), 8601)),
    /^TRT-8601-MinMaxCalibration\n$/,
  );
  assert.match(
    valueOf(writeCalibrationCache(table([], { method: 'mse' }))),
    /^TRT-100600-EntropyCalibration2\n$/,
  );
});

test('scales of E4M3 are written for INT8: the range stays', () => {
  const text = valueOf(writeCalibrationCache(table([['x', 127]], { type: 'float8e4m3fn' })));
  assert.equal(valueOf(readCalibrationCache('c', text)).table.scales.get('x'), 448);
});

test('a name with a line break cannot be written', () => {
  const written = writeCalibrationCache(table([['a\nb', 1]]));
  assert.equal(!written.ok && written.error.code, 'calibrate/cache-name');
});
