import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { quantizerNames } from '../../../src/core/ir/quantizer-nodes.ts';
import { readBuildLog } from '../../../src/core/engine/read-build-log.ts';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { withProfile } from '../../../src/core/engine/join-profile.ts';
import { readProfile } from '../../../src/core/engine/read-profile.ts';
import { compareWithPrediction } from '../../../src/core/reality/compare-with-prediction.ts';
import type { RealityComparison } from '../../../src/core/reality/reality-comparison.ts';
import { parseOnnxText } from '../../../src/core/onnx/index.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import { predictionFile } from '../../../src/core/sim/prediction-file.ts';
import { givenText } from '../engine/engine-files.ts';
import { enginesFolder, judge, predictGiven, skipEngines } from '../sim/given-engines.ts';

interface Scored {
  readonly file: string;
  readonly comparison: RealityComparison;
  readonly quantizers: ReadonlySet<string>;
}

describe('places where prediction and reality part', () => {
  const FLOAT = 'Row major linear FP32';
  const INT8 = 'Thirty-two wide channel vectorized row major Int8 format';
  const text = `<ir_version: 8, opset_import: ["" : 13]>
agraph (float[1,32,8,8] x) => (float[1,32,8,8] y)
<float[32,32,1,1] w = {1 ...}, float s = {0.1}, int8 z = {0}>
{
  [q] q = QuantizeLinear(x, s, z)
  [d] d = DequantizeLinear(q, s, z)
  [qw] qw = QuantizeLinear(w, s, z)
  [dw] dw = DequantizeLinear(qw, s, z)
  [conv] c = Conv(d, dw)
  [relu] y = Relu(c)
}
`;
  const layer = (
    Name: string,
    LayerType: string,
    [from, to]: [string, string],
    nodes: string[],
  ) => ({
    Name,
    LayerType,
    Inputs: [{ Name: 'i', Dimensions: [1, 32, 8, 8], 'Format/Datatype': from }],
    Outputs: [{ Name: 'o', Dimensions: [1, 32, 8, 8], 'Format/Datatype': to }],
    Metadata: nodes.map((node) => `[ONNX Layer: ${node}]`).join('\u001E'),
    ...(LayerType === 'Reformat' && { Origin: 'QDQ' }),
  });
  const compare = (...Layers: object[]): RealityComparison => {
    const parsed = parseOnnxText(text);
    assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
    const target = parseTarget('trt8.6-sm90', 'best');
    const built = readEngine('e.json', JSON.stringify({ Layers, Bindings: [] }));
    assert.ok(target.ok && built.ok);
    const engine = simulate(parsed.value, target.value);
    const result = compareWithPrediction(engine, built.value, parsed.value.graph);
    assert.ok(result.ok, result.ok ? '' : result.error.message);
    return result.value;
  };
  const QUANTIZE = layer('q', 'Reformat', [FLOAT, INT8], ['q']);

  test('none, where all is as predicted', () => {
    const { figures, disagreements } = compare(
      QUANTIZE,
      layer(
        'w + qw + conv + relu',
        'CaskConvolution',
        [INT8, FLOAT],
        ['qw', 'conv', 'relu', 'd', 'dw'],
      ),
    );
    assert.ok(figures.perfect);
    assert.deepEqual(disagreements, []);
  });

  test('an activation that stayed alone blames the fusion', () => {
    const { figures, disagreements } = compare(
      QUANTIZE,
      layer('w + qw + conv', 'CaskConvolution', [INT8, FLOAT], ['qw', 'conv', 'd', 'dw']),
      layer('relu', 'PointWiseV2', [FLOAT, FLOAT], ['relu']),
    );
    assert.equal(figures.layers, 0);
    const [split, more] = disagreements;
    assert.equal(more, undefined);
    assert.equal(split?.kind, 'split');
    assert.deepEqual(split.nodes, ['conv', 'relu']);
    assert.equal(split.timeUs, null);
    assert.deepEqual(
      split.suspects.map(({ pass, erred, certainty }) => [pass, erred, certainty]),
      [['ConvReluFusion', 'fired', 'only']],
    );
  });

  test('a convolution in float, with its Q/DQ kept', () => {
    const { disagreements } = compare(
      QUANTIZE,
      layer('d', 'Reformat', [INT8, FLOAT], ['d']),
      layer(
        'w + qw + dw + conv + relu',
        'CaskConvolution',
        [FLOAT, FLOAT],
        ['qw', 'dw', 'conv', 'relu'],
      ),
    );
    assert.deepEqual(
      disagreements.map(({ kind, nodes }) => [kind, nodes]),
      [
        ['precision', ['conv', 'relu']],
        ['qdq-kept', ['d']],
      ],
    );
    assert.ok(
      disagreements[0]?.suspects.some(({ pass }) => pass === 'QuantizeDoubleInputNodes'),
      JSON.stringify(disagreements[0]?.suspects),
    );
  });

  test('names alone tell groups, not types', () => {
    const engine = readEngine('e.json', '{"Layers": ["q", "w + qw + conv + relu"]}');
    const parsed = parseOnnxText(text);
    const target = parseTarget('trt8.6-sm90', 'best');
    assert.ok(engine.ok && parsed.ok && target.ok);
    const predicted = simulate(parsed.value, target.value);
    const result = compareWithPrediction(predicted, engine.value, parsed.value.graph);
    assert.ok(result.ok);
    assert.equal(result.value.typesKnown, false);
    assert.equal(result.value.figures.layers, 1);
    assert.deepEqual(result.value.disagreements, []);
    assert.deepEqual(
      result.value.remarks.map(({ code }) => code),
      ['reality/types-unknown'],
    );
  });

  test('an engine of another model is refused', () => {
    const parsed = parseOnnxText(text);
    const target = parseTarget('trt8.6-sm90', 'best');
    const built = readEngine(
      'e.json',
      JSON.stringify({ Layers: [layer('a', 'CaskConvolution', [INT8, INT8], ['a'])] }),
    );
    assert.ok(parsed.ok && target.ok && built.ok);
    const engine = simulate(parsed.value, target.value);
    const result = compareWithPrediction(engine, built.value, parsed.value.graph);
    assert.ok(!result.ok);
    assert.match(result.error.message, /e\.json was not built from this model/);
  });
});

describe('predictions held against the given engines', { skip: skipEngines }, () => {
  test('figures are those of the judge; a perfect one has no disagreement that counts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qdq-lab-reality-'));
    try {
      const ours: Scored[] = [];
      for await (const { row, model, engine } of predictGiven()) {
        const file = `${row.target}/${row.kind}/${row.model}.${row.mode}`;
        const built = readEngine(file, givenText(`${file}.layer.json`));
        const profile = readProfile(file, givenText(`${file}.profile.json`));
        const log = readBuildLog(file, givenText(`${file}.log`));
        assert.ok(built.ok && profile.ok && log.ok);
        const timed = { ...withProfile(built.value, profile.value), passes: log.value.passes };
        const result = compareWithPrediction(engine, timed, model.graph);
        assert.ok(result.ok, file);
        ours.push({ file, comparison: result.value, quantizers: quantizerNames(model.graph) });
        const path = join(folder, `${file}.layer.json`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, JSON.stringify(predictionFile(engine)));
      }
      const said = spawnSync(process.execPath, [judge, enginesFolder, folder, '--json'], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
      const { rows } = JSON.parse(said.stdout) as { rows: Record<string, string | number>[] };
      assert.equal(rows.length, 287);
      for (const row of rows) {
        const file = `${row['target']}/${row['kind']}/${row['model']}.${row['mode']}`;
        const found = ours.find((one) => one.file === file)!;
        const { layers, precision, qdq, perfect } = found.comparison.figures;
        assert.deepEqual(
          [layers, precision, qdq, perfect ? 1 : 0],
          [row['layers'], row['precision'], row['qdq'], row['perfect']],
          file,
        );
        holdsTogether(found);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Figures below 1 and disagreements say the same; reformats and merged Q/DQ are seen by disagreements alone. */
function holdsTogether({ file, comparison, quantizers }: Scored): void {
  const { figures, disagreements } = comparison;
  const counted = disagreements.filter(
    ({ kind, nodes }) =>
      !kind.startsWith('reformat') &&
      (kind.startsWith('qdq') || nodes.some((node) => !quantizers.has(node))),
  );
  assert.equal(counted.length === 0, figures.perfect, file);
  for (const { text, built, timeUs } of disagreements) {
    assert.ok(text.length > 10, file);
    if (built.length === 0) assert.equal(timeUs, 0, file);
    else assert.ok(timeUs !== null && timeUs > 0, `${file}: ${text}`);
  }
}
