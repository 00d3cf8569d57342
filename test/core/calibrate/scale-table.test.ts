import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScales, writeScaleFile } from '../../../src/core/calibrate/scale-table.ts';
import type { ScaleTable } from '../../../src/core/calibrate/scale-table.ts';
import { valueOf } from '../explain/text-models.ts';

test('written and read again', () => {
  const table: ScaleTable = {
    method: 'percentile',
    type: 'float8e4m3fn',
    scales: new Map([
      ['b', 0.5],
      ['a', 0.1],
      ['__proto__', 2],
    ]),
  };
  const text = writeScaleFile(table);
  const { table: read, warnings } = valueOf(readScales('s.json', text));
  assert.deepEqual(new Map([...read.scales].sort()), new Map([...table.scales].sort()));
  assert.deepEqual([read.method, read.type, warnings], ['percentile', 'float8e4m3fn', []]);
  assert.equal(writeScaleFile(read), text);
  const json = JSON.parse(text) as { amax: Record<string, number> };
  assert.equal(json.amax['b'], 224);
});

test('amax alone is enough; a scale beside it counts more', () => {
  const text = '{"amax": {"x": 254, "y": 254}, "scales": {"y": 3}}';
  const { table } = valueOf(readScales('s.json', text));
  assert.deepEqual(
    [...table.scales],
    [
      ['x', 2],
      ['y', 3],
    ],
  );
  assert.deepEqual([table.method, table.type], ['', 'int8']);
});

test('entries that are no scales are left out, each with a warning', () => {
  const text = '{"scales": {"a": 0, "b": -1, "c": "1", "d": null, "e": 1e999, "f": 1}}';
  const { table, warnings } = valueOf(readScales('s.json', text));
  assert.deepEqual([...table.scales], [['f', 1]]);
  assert.deepEqual(
    warnings.map(({ place }) => place?.value),
    ['a', 'b', 'c', 'd', 'e'],
  );
});

test('both forms are told apart', () => {
  assert.equal(valueOf(readScales('s', 'TRT-1-X\na: 3f800000\n')).table.scales.get('a'), 1);
  assert.equal(valueOf(readScales('s', '\uFEFF {"scales": {"a": 2}}')).table.scales.get('a'), 2);
  for (const text of ['{', '[]', '{"scales": 3}', '{"type": "int4", "scales": {}}', 'null', '']) {
    const read = readScales('s', text);
    assert.equal(!read.ok && read.error.code, 'calibrate/not-a-scale-file', text);
  }
});
