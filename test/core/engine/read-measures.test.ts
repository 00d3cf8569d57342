import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BuiltEngine } from '../../../src/core/engine/built-engine.ts';
import { withProfile } from '../../../src/core/engine/join-profile.ts';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { readProfile } from '../../../src/core/engine/read-profile.ts';
import type { EngineProfile } from '../../../src/core/engine/read-profile.ts';
import { readTimes } from '../../../src/core/engine/read-times.ts';

const profileOf = (json: unknown): EngineProfile => {
  const profile = readProfile('p.json', JSON.stringify(json));
  assert.ok(profile.ok, profile.ok ? '' : profile.error.message);
  return profile.value;
};
const engineOf = (...names: string[]): BuiltEngine => {
  const Layers = names.map((Name) => ({
    Name,
    LayerType: Name.startsWith('const') ? 'Constant' : 'X',
    Inputs: [],
    Outputs: [],
    Metadata: `[ONNX Layer: ${Name}]`,
  }));
  const engine = readEngine('e.json', JSON.stringify({ Layers, Bindings: [] }));
  assert.ok(engine.ok);
  return engine.value;
};

describe('profiles', () => {
  test('8.2: no medians, a count of runs', () => {
    const profile = profileOf([
      { count: 10 },
      { name: 'a', timeMs: 30, averageMs: 3, percentage: 75 },
      { name: 'b', timeMs: 10, averageMs: 1, percentage: 25 },
    ]);
    assert.equal(profile.runs, 10);
    assert.deepEqual(profile.records, [
      { layer: 'a', time: { averageUs: 3000, medianUs: null, share: 0.75 } },
      { layer: 'b', time: { averageUs: 1000, medianUs: null, share: 0.25 } },
    ]);
  });

  test('8.4 and later: medians', () => {
    const [record] = profileOf([{ name: 'a', timeMs: 6, averageMs: 3, medianMs: 2 }]).records;
    assert.deepEqual(record?.time, { averageUs: 3000, medianUs: 2000, share: 1 });
  });

  test('sums alone are divided by the runs; medians alone stand for both', () => {
    assert.equal(
      profileOf([{ count: 4 }, { name: 'a', timeMs: 8 }]).records[0]?.time.averageUs,
      2000,
    );
    assert.equal(profileOf([{ name: 'a', medianMs: 8 }]).records[0]?.time.averageUs, 8000);
  });

  test('a profile of no runs is refused', () => {
    const result = readProfile('p.json', '[{"count": 0}]');
    assert.ok(!result.ok);
    assert.match(result.error.message, /p\.json holds no times/);
  });

  test('layers in place of a profile are named', () => {
    const result = readProfile('l.json', '{"Layers": []}');
    assert.ok(!result.ok);
    assert.match(result.error.message, /l\.json is not a profile: .*layers/);
    assert.match(result.error.advice, /exportProfile/);
  });
});

describe('a profile joined to an engine', () => {
  const record = (name: string, averageMs: number) => ({ name, averageMs });

  test('names that repeat take their times in order, also where the file has control characters', () => {
    const engine = withProfile(
      engineOf('a', 'b\u001Ec', 'a'),
      profileOf([{ count: 7 }, record('a', 1), record('b\u001Ec', 2), record('a', 3)]),
    );
    assert.deepEqual(
      engine.layers.map(({ time }) => time?.averageUs),
      [1000, 2000, 3000],
    );
    assert.equal(engine.profiledRuns, 7);
    assert.deepEqual(
      engine.remarks.map(({ code }) => code),
      ['engine/names-repeated'],
    );
  });

  test('what did not match is named on both sides; constants need no time', () => {
    const engine = withProfile(
      engineOf('a', 'b', 'c', 'const'),
      profileOf([record('a', 1), record('b', 1), record('z', 2)]),
    );
    assert.deepEqual(
      engine.layers.map(({ time }) => time?.averageUs ?? null),
      [1000, 1000, null, null],
    );
    const [remark] = engine.remarks;
    assert.equal(remark?.severity, 'warning');
    assert.match(remark.message, /times of z.*no time of c\./);
  });

  test('a profile of another engine gives no times, loudly', () => {
    const engine = withProfile(engineOf('a', 'b'), profileOf([record('x', 1), record('y', 2)]));
    assert.ok(engine.layers.every(({ time }) => time === null));
    assert.equal(engine.profiledRuns, null);
    assert.equal(engine.remarks[0]?.severity, 'error');
    assert.match(engine.remarks[0].message, /belongs to another engine: none of its 2 layers/);
  });
});

describe('times of inferences', () => {
  const run = (computeMs: number, latencyMs: number, more: object = {}) => ({
    startEnqMs: 0,
    startComputeMs: 1,
    endComputeMs: 1 + computeMs,
    computeMs,
    latencyMs,
    ...more,
  });

  test('medians and the 95th percentile, in microseconds', () => {
    const runs = Array.from({ length: 100 }, (_, i) => run(i + 1, i + 2, { endToEndMs: 9 }));
    const times = readTimes('t.json', JSON.stringify(runs));
    assert.ok(times.ok);
    assert.deepEqual(times.value, {
      runs: 100,
      computeMedianUs: 50_500,
      computeP95Us: 95_000,
      latencyMedianUs: 51_500,
    });
  });

  test('a profile in their place is named', () => {
    const times = readTimes('p.json', '[{"name": "a", "averageMs": 1}]');
    assert.ok(!times.ok);
    assert.match(times.error.message, /p\.json is not a file of times: .*profile/);
  });
});
