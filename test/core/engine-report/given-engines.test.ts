import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyseEngine } from '../../../src/core/engine-report/engine-analysis.ts';
import type { EngineAnalysis } from '../../../src/core/engine-report/engine-analysis.ts';
import { compareEngines } from '../../../src/core/engine-report/compare/compare-engines.ts';
import { givenFiles, skipGiven } from '../engine/engine-files.ts';
import { givenEngine } from './given-report-engines.ts';

const REAL = 'trt10.6.0-h100/real';

/** Figures reckoned from the same files by another program in another language. */
interface Expected {
  readonly layers: number;
  readonly timeUs: number;
  readonly macs: number;
  readonly products: number;
  readonly weightBytes: number;
  readonly activationBytes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly lowLayers: number;
  readonly lowUs: number;
  readonly types: Readonly<Record<string, readonly [number, number]>>;
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  [`${REAL}/resnet18.convs.best`]: {
    layers: 35,
    timeUs: 265.184,
    // 20 convolutions and one product of 512 by 1000.
    macs: 1813561344 + 512000,
    products: 21,
    weightBytes: 11710116,
    activationBytes: 9765792,
    readBytes: 11618304,
    writtenBytes: 9163680,
    lowLayers: 21,
    lowUs: 185.184,
    types: {
      Convolution: [20, 178.432],
      'Q/DQ': [10, 56.352 + 3.456],
      Pooling: [2, 11.328],
      Reformat: [1, 7.552],
      gemm: [1, 6.752],
      shape_call: [1, 1.312],
    },
  },
  [`${REAL}/resnet18.mo.best`]: {
    layers: 26,
    timeUs: 184.48,
    macs: 1813561344,
    products: 20,
    weightBytes: 12212112,
    activationBytes: 2789792,
    readBytes: 3714048,
    writtenBytes: 2187680,
    lowLayers: 20,
    lowUs: 158.24,
    types: {
      Convolution: [19, 152.096],
      'Q/DQ': [2, 9.472],
      ConvActPool: [1, 6.144],
      Reformat: [1, 5.856],
      Pooling: [1, 5.312],
      kgen: [1, 4.288],
      shape_call: [1, 1.312],
    },
  },
  [`${REAL}/yolov5n.mo.best`]: {
    layers: 85,
    timeUs: 524.032,
    macs: 544998400,
    products: 60,
    // With shift and scale of two Scale layers.
    weightBytes: 1883428 + 16,
    activationBytes: 8273200,
    readBytes: 7577600,
    writtenBytes: 7044400,
    lowLayers: 72,
    lowUs: 462.464 - 9.92,
    types: {
      Convolution: [60, 386.112],
      PointWise: [9, 45.6],
      'Concat copy': [6, 30.016],
      Pooling: [3, 21.824],
      'Q/DQ': [3, 9.92 + 6.752],
      Reformat: [2, 14.432],
      Resize: [2, 9.376],
    },
  },
  [`${REAL}/bert_mini.convs.best`]: {
    layers: 21,
    timeUs: 103.872,
    // Two blocks of 128 tokens: queries, keys, values and output 256 by 256, then 256 by 1024 and back.
    macs: 2 * 128 * (4 * 256 * 256 + 2 * 256 * 1024),
    products: 8,
    weightBytes: 3224604,
    activationBytes: 2163712,
    readBytes: 1901568,
    writtenBytes: 2162688,
    lowLayers: 10,
    lowUs: 58.272,
    types: {
      gemm: [8, 50.24],
      kgen: [11, 48.832],
      Reformat: [1, 3.584],
      shape_call: [1, 1.216],
    },
  },
  'trt8.6.1-h100/real/bert_mini.fp.fp16': {
    layers: 2,
    timeUs: 66.592,
    macs: 0,
    products: 0,
    weightBytes: 0,
    activationBytes: 197120,
    readBytes: 66048,
    writtenBytes: 196608,
    lowLayers: 0,
    lowUs: 0,
    types: { Myelin: [1, 62.816], Reformat: [1, 3.776] },
  },
};

const about = (have: number | null, want: number, what: string): void => {
  assert.ok(
    have !== null && Math.abs(have - want) < 1e-6,
    `${what}: ${String(have)}, not ${String(want)}`,
  );
};

function expectFigures(analysis: EngineAnalysis, expected: Expected): void {
  const { figures, memory, convolutions, latency } = analysis;
  assert.equal(figures.layers, expected.layers);
  about(figures.layerTimeUs, expected.timeUs, 'time');
  assert.equal(convolutions.macs, expected.macs);
  assert.equal(convolutions.convolutions.length, expected.products);
  assert.deepEqual(convolutions.unknown, []);
  assert.equal(figures.weightBytes, expected.weightBytes);
  assert.equal(figures.activationBytes, expected.activationBytes);
  assert.equal(memory.inputBytes, expected.readBytes);
  assert.equal(memory.outputBytes, expected.writtenBytes);
  assert.equal(figures.low.layers, expected.lowLayers);
  about(figures.low.timeUs, expected.lowUs, 'INT8');
  assert.deepEqual(
    latency.byType.map(({ type }) => type).sort(),
    Object.keys(expected.types).sort(),
  );
  for (const { type, layers, timeUs } of latency.byType) {
    const [count, time] = expected.types[type]!;
    assert.equal(layers, count, type);
    about(timeUs, time, type);
  }
}

describe('the given engines', { skip: skipGiven }, () => {
  for (const [name, expected] of Object.entries(EXPECTED))
    test(`${name} has the figures that another program finds`, () => {
      expectFigures(analyseEngine(givenEngine(name)), expected);
    });

  test('all are analysed: parts add up to the whole, findings name layers that there are', () => {
    const files = givenFiles('.layer.json');
    assert.equal(files.length, 287);
    for (const { name } of files) {
      const engine = givenEngine(name.replace('.layer.json', ''));
      const { figures, latency, layers, findings } = analyseEngine(engine);
      const total = figures.layerTimeUs ?? NaN;
      const sum = (parts: readonly { readonly timeUs: number | null }[]): number =>
        parts.reduce((all, { timeUs }) => all + (timeUs ?? 0), 0);
      for (const parts of [latency.byType, latency.byPrecision, layers])
        assert.ok(Math.abs(sum(parts) - total) < 1e-6, name);
      for (const finding of findings) {
        assert.ok(finding.layers.length > 0, name);
        for (const { index, name: layer } of finding.layers)
          assert.equal(engine.layers[index]?.name, layer);
        assert.ok((finding.lostUs ?? 0) <= total + 1e-9, `${name}: ${finding.message}`);
        assert.doesNotMatch(finding.message, /undefined|NaN|\[object/);
      }
    }
  });

  test('a placement without pairs on the shortcuts: its findings name the sums that stay float', () => {
    const { findings } = analyseEngine(givenEngine(`${REAL}/resnet18.convs.best`));
    const of = (ruleId: string): readonly string[] =>
      findings
        .filter((f) => f.ruleId === ruleId && f.severity === 'warning')
        .map(({ message }) => message);
    assert.equal(of('unfused-quantizer').length, 9);
    assert.equal(of('float-output').length, 7);
    assert.equal(of('float-island').length, 2);
    assert.match(
      of('float-output')[0]!,
      /^\/layer2\/layer2\.0\/downsample\/downsample\.0\/Conv \+ Add \+ Relu takes INT8 and writes FP32; QuantizeLinear_17 converts it to INT8 in 7\.0 µs\.$/,
    );
    const better = analyseEngine(givenEngine(`${REAL}/resnet18.mo.best`)).findings;
    assert.equal(better.filter(({ ruleId }) => ruleId === 'float-output').length, 0);
  });
});

describe('comparison of given engines', { skip: skipGiven }, () => {
  const [convs, mo] = skipGiven
    ? []
    : [givenEngine(`${REAL}/resnet18.convs.best`), givenEngine(`${REAL}/resnet18.mo.best`)];

  test('names the groups that won time, and all of it adds up', () => {
    const { groups, unaligned } = compareEngines([convs!, mo!]);
    const deltas = groups.map(({ sides }) => sides[1]!.deltaUs ?? 0);
    about(
      deltas.reduce((a, b) => a + b, 0),
      184.48 - 265.184,
      'won',
    );
    assert.deepEqual(
      unaligned.map(({ layers }) => layers),
      [0, 0],
    );
    const [first, second] = groups;
    // Convolution, ReLU and pooling became one layer.
    assert.deepEqual(first?.nodes, ['/conv1/Conv', '/relu/Relu', '/maxpool/MaxPool']);
    assert.deepEqual(first.sides[1]?.changes, ['merged']);
    assert.deepEqual(second?.sides[1]?.changes, ['precision', 'copies']);
    assert.equal(second.title, '/layer1/layer1.0/conv2/Conv + Add + Relu');
    assert.deepEqual(
      second.sides.map(({ layers, copies }) => [layers[0]?.gives?.dataType, copies.length]),
      [
        ['Half', 1],
        ['Int8', 0],
      ],
    );
    const moved = groups.find(({ nodes }) => nodes.includes('/layer3/layer3.0/conv2/Conv'));
    // The sum moved from the shortcut's convolution into the main one.
    assert.deepEqual(moved?.sides[1]?.changes, ['regrouped', 'copies']);
    assert.ok((moved.sides[1].deltaUs ?? 0) > 0);
  });

  test('an engine does not differ from itself', () => {
    const { groups, byType } = compareEngines([convs!, convs!]);
    for (const { sides } of groups) {
      assert.deepEqual(sides[1]?.changes, []);
      assert.equal(sides[1].deltaUs, 0);
    }
    for (const { sides } of byType) assert.deepEqual(sides[0], sides[1]);
  });

  test('every layer of every engine stands in exactly one group', () => {
    const engines = ['convs', 'short', 'both', 'mo'].map((placement) =>
      givenEngine(`${REAL}/yolov5n.${placement}.best`),
    );
    const { groups } = compareEngines(engines);
    engines.forEach(({ layers }, i) => {
      const indices = groups
        .flatMap(({ sides }) => [...sides[i]!.layers, ...sides[i]!.copies])
        .map(({ index }) => index);
      assert.deepEqual(
        [...indices].sort((a, b) => a - b),
        layers.map(({ index }) => index),
      );
    });
    assert.ok(groups.filter(({ alignedBy }) => alignedBy === 'nodes').length > 60);
  });

  test('without names, shapes align most of an engine with itself and with another placement', () => {
    const bare = {
      ...mo!,
      layers: mo!.layers.map((layer) => ({
        ...layer,
        nodes: layer.nodes.map((node) => `other_${node}`),
      })),
    };
    const { groups, namesDiffer, unaligned } = compareEngines([convs!, bare]);
    assert.deepEqual(namesDiffer, [false, true]);
    const byShape = groups.filter(({ alignedBy }) => alignedBy === 'shape');
    assert.ok(byShape.length >= 18, String(byShape.length));
    for (const { sides } of byShape) {
      const [a, b] = sides.map(({ layers }) => layers[0]);
      assert.equal(a?.gives === undefined, b?.gives === undefined);
    }
    assert.ok(unaligned[1]!.layers > 0);
    const total = groups.reduce((sum, { sides }) => sum + (sides[1]!.timeUs ?? 0), 0);
    about(total, 184.48, 'all of the time is in groups');
  });
});
