import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { assembleEngine } from '../../../src/core/engine/assemble-engine.ts';
import type { BuildManifest } from '../../../src/core/engine/build-manifest.ts';
import type { BuiltEngine } from '../../../src/core/engine/built-engine.ts';
import { readManifest } from '../../../src/core/engine/read-manifest.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { compareWithPrediction } from '../../../src/core/reality/compare-with-prediction.ts';
import type { RealityComparison } from '../../../src/core/reality/reality-comparison.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import type { BuildMode } from '../../../src/core/sim/target.ts';
import { readModel } from '../sim/given-engines.ts';

const FOLDER = new URL('../../engines/built/', import.meta.url);
/** How well each engine is predicted: rewritten by `npm run golden -- --update`, and its diff is reviewed. */
const AGREEMENT = new URL('agreement.tsv', FOLDER);
const HEADING = 'model\tmode\tlayers\tprecision\tqdq\tperfect';

const text = (name: string): string => {
  const bytes = readFileSync(new URL(name, FOLDER));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
};
const stems = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.manifest.json'))
  .map((name) => name.slice(0, -'.manifest.json'.length))
  .sort();

function manifestOf(stem: string): BuildManifest {
  const name = `${stem}.manifest.json`;
  const read = readManifest(name, text(name));
  assert.ok(read.ok, stem);
  return read.value;
}

/** The engine as a user would open it: all files of the build at once. */
function engineOf(stem: string): BuiltEngine {
  const files = ['layer.json', 'profile.json', 'build.log'].map((ending) => ({
    name: `${stem}.${ending}`,
    text: text(`${stem}.${ending}.gz`),
  }));
  const manifest = { name: `${stem}.manifest.json`, text: text(`${stem}.manifest.json`) };
  const read = assembleEngine([...files, manifest]);
  assert.ok(read.ok, stem);
  const [engine, ...others] = read.value;
  assert.ok(engine && others.length === 0, stem);
  return engine;
}

async function compare(stem: string, engine: BuiltEngine): Promise<RealityComparison> {
  const model = await readModel(new URL(`${stem.replace(/\.[^.]+$/, '')}.onnx.gz`, FOLDER));
  const target = parseTarget('trt10.6-sm90', manifestOf(stem).mode as BuildMode);
  assert.ok(target.ok);
  const inferred = inferShapes(model);
  const predicted = simulate(model, target.value, inferred);
  const compared = compareWithPrediction(predicted, engine, model.graph);
  assert.ok(compared.ok, stem);
  return compared.value;
}

describe('engines that `qdq-lab build` built with TensorRT 10.6 on an H100', () => {
  const built = stems.filter((stem) => manifestOf(stem).outcome === 'built');
  const comparisons = new Map<string, RealityComparison>();

  before(async () => {
    for (const stem of built) comparisons.set(stem, await compare(stem, engineOf(stem)));
  });

  test('there are more than forty models, each with layers, times and a manifest', () => {
    assert.ok(new Set(built.map((stem) => manifestOf(stem).model.name)).size > 40);
    for (const stem of built) {
      const engine = engineOf(stem);
      assert.equal(engine.trtVersion, '10.6.0', stem);
      assert.match(engine.gpu ?? '', /H100/, stem);
      assert.ok(
        engine.layers.some(({ time }) => (time?.averageUs ?? 0) > 0),
        stem,
      );
      assert.deepEqual(
        engine.remarks.filter(({ severity }) => severity === 'error'),
        [],
      );
    }
  });

  test('what TensorRT refused says so in its words', () => {
    const refused = stems.map(manifestOf).filter(({ outcome }) => outcome !== 'built');
    const words = refused.map(({ model, reason }) => `${model.name}: ${reason ?? ''}`);
    assert.equal(words.length, 3);
    assert.match(words.find((line) => line.startsWith('bad_uint8')) ?? '', /zero point/);
    assert.match(words.find((line) => line.startsWith('fp8_conv_chain')) ?? '', /FP8/);
    const mobile = words.find((line) => line.startsWith('mobilevit_xs')) ?? '';
    assert.match(mobile, /Could not find any implementation/);
  });

  test('every disagreement is told with its nodes and, where one is known, the rule that erred', () => {
    const told = [...comparisons.values()].flatMap(({ disagreements }) => disagreements);
    for (const { text: words, nodes, kind } of told) {
      assert.notEqual(words, '');
      // A copy at a region whose file names no node has none either.
      if (!kind.startsWith('reformat')) assert.ok(nodes.length > 0, words);
    }
    const blamed = told.filter(({ suspects }) => suspects.some((s) => s.certainty === 'log'));
    assert.ok(blamed.length > 0);
  });

  test('they are predicted as well as is written down', () => {
    const rows = [...comparisons].map(([stem, { figures }]) => {
      const [, model = '', mode = ''] = /^(.*)\.([^.]+)$/.exec(stem) ?? [];
      const numbers = [figures.layers, figures.precision, figures.qdq].map((n) => n.toFixed(3));
      return [model, mode, ...numbers, figures.perfect ? 'yes' : 'no'].join('\t');
    });
    const found = `${[HEADING, ...rows].join('\n')}\n`;
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(AGREEMENT, found);
    assert.equal(found, readFileSync(AGREEMENT, 'utf8'));
  });
});
