import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assembleEngine } from '../../../src/core/engine/assemble-engine.ts';
import type { BuiltEngine } from '../../../src/core/engine/built-engine.ts';
import { kindOfEngineFile } from '../../../src/core/engine/engine-file-kind.ts';
import { stemOf } from '../../../src/core/engine/file-stem.ts';
import { readManifest } from '../../../src/core/engine/read-manifest.ts';
import { readTrexMetadata } from '../../../src/core/engine/read-trex-metadata.ts';
import { givenFiles, skipGiven } from './engine-files.ts';

const json = (value: unknown): string => JSON.stringify(value);
const layers = (...names: string[]): string =>
  json({
    Layers: names.map((Name) => ({
      Name,
      LayerType: 'X',
      Inputs: [],
      Outputs: [],
      Metadata: `[ONNX Layer: ${Name}]`,
    })),
    Bindings: [],
  });
const profile = (...names: string[]): string =>
  json(names.map((name, i) => ({ name, averageMs: i + 1 })));
const TIMES = json([{ computeMs: 1, latencyMs: 2 }]);
const LOG = `&&&& RUNNING TensorRT.trtexec [TensorRT v100600] # trtexec
[I] === Device Information ===
[I] Selected Device: NVIDIA H100
[V] Engine Layer Information:
Layer(X): a, Tactic: 0x1, in (Int8[1,8]) -> out (Half[1,8])
`;
const MANIFEST = {
  format: 'qdq-lab-build',
  version: 1,
  model: { name: 'net.onnx', sha256: '00', sizeBytes: 3 },
  outcome: 'built',
  reason: null,
  mode: 'best',
  backend: 'python',
  trtVersion: '10.6.0',
  gpu: {
    name: 'NVIDIA L4',
    sm: 89,
    driver: null,
    memoryBytes: 1,
    smClockMhz: null,
    memoryClockMhz: null,
  },
  command: ['python', 'engine.py'],
  host: null,
  startedAt: '2026-11-27T10:00:00Z',
  buildSeconds: 3,
  engineBytes: 4,
  latency: { runs: 5, computeMedianUs: 6, computeP95Us: 7, latencyMedianUs: 8 },
  artefacts: { layers: 'net.layer.json' },
  producer: 'qdq-lab 0.1.0',
};

const assemble = (files: Record<string, string>): readonly BuiltEngine[] => {
  const engines = assembleEngine(Object.entries(files).map(([name, text]) => ({ name, text })));
  assert.ok(engines.ok, engines.ok ? '' : engines.error.message);
  return engines.value;
};
const refused = (files: Record<string, string>) => {
  const engines = assembleEngine(Object.entries(files).map(([name, text]) => ({ name, text })));
  assert.ok(!engines.ok);
  return engines.error;
};
const times = ({ layers: all }: BuiltEngine): (number | null)[] =>
  all.map(({ time }) => time?.averageUs ?? null);

describe('files of engines put together', () => {
  test('names of files tell engines apart', () => {
    const [a, b] = assemble({
      'out/a.profile.json': profile('x', 'y'),
      'out/a.layer.json': layers('x', 'y'),
      'out/b.layer.json': layers('x', 'y'),
      'out/b.profile.json': profile('y', 'x'),
      'out/b.times.json': TIMES,
    });
    assert.deepEqual(times(a!), [1000, 2000]);
    assert.deepEqual(times(b!), [2000, 1000]);
    assert.equal(a?.latency, null);
    assert.equal(b?.latency?.computeMedianUs, 1000);
  });

  test('passes of a log go with the engine of its name, and a log without any takes none away', () => {
    const found = assemble({
      'a.layer.json': layers('x'),
      'b.layer.json': layers('x'),
      'b.build.log': `${LOG}[V] Running: ConvReluFusion on Conv_0\n`,
      'b.log': LOG,
    });
    const passes = found.map((engine) => engine.passes?.map(({ pass, node }) => [pass, node]));
    assert.deepEqual(passes, [undefined, [['ConvReluFusion', 'Conv_0']]]);
  });

  test('one engine takes all, whatever they are called', () => {
    const [engine, more] = assemble({
      'layers.txt.json': layers('x'),
      'p.json': profile('x'),
      'measured.json': TIMES,
      'stdout.log': LOG,
      'm.json': json(MANIFEST),
    });
    assert.equal(more, undefined);
    assert.deepEqual(times(engine!), [1000]);
    assert.equal(engine?.trtVersion, '10.6.0');
    assert.equal(engine.gpu, 'NVIDIA L4');
    assert.equal(engine.latency?.runs, 1);
    assert.deepEqual(engine.remarks, []);
  });

  test('among several, layers tell where a profile of another name belongs', () => {
    const [a, b] = assemble({
      '1.json': layers('x', 'y'),
      '2.json': layers('z', 'w'),
      '3.json': profile('z', 'w'),
      '4.json': TIMES,
    });
    assert.deepEqual(times(a!), [null, null]);
    assert.deepEqual(times(b!), [1000, 2000]);
    assert.match(a?.remarks[0]?.message ?? '', /4\.json was left aside/);
  });

  test('a log alone gives the layers that it lists', () => {
    const [engine] = assemble({ 'net.build.log': LOG });
    assert.equal(engine?.layers[0]?.precision, 'int8');
    assert.equal(engine.gpu, 'NVIDIA H100');
    assert.equal(engine.trtVersion, '10.6.0');
  });

  test('a log fills in an engine of bare names', () => {
    const [engine] = assemble({
      'net.layer.json': json({ Layers: ['a'], Bindings: ['in', 'out'] }),
      'net.log': LOG,
      'net.profile.json': profile('a'),
      'net.manifest.json': json(MANIFEST),
    });
    assert.equal(engine?.layers[0]?.outputs[0]?.dataType, 'Half');
    assert.deepEqual(times(engine), [1000]);
    assert.equal(engine.gpu, 'NVIDIA L4');
    assert.ok(!engine.remarks.some(({ code }) => code === 'engine/names-only'));
  });

  test('without layers, what is there is named', () => {
    assert.match(refused({ 'a.json': profile('x') }).message, /no layers .* a profile/);
    assert.match(refused({ 'a.log': '[V] Original: 3 layers' }).advice, /Engine Layer Information/);
    assert.match(refused({ 'a.bin': 'ftrt\u0000' }).message, /TensorRT plan/);
    assert.match(refused({}).message, /no file/);
  });

  test('a file that is none is a remark', () => {
    const [engine] = assemble({ 'a.layer.json': layers('x'), 'readme.txt': 'hello' });
    assert.match(engine?.remarks[0]?.message ?? '', /readme\.txt.*plain text/);
  });

  test('the given engines, all at once', { skip: skipGiven }, () => {
    const files = ['.layer.json', '.profile.json', '.log']
      .flatMap((ending) => givenFiles(ending))
      .filter(({ name }) => name.includes('/real/'))
      .map(({ name, text }) => ({ name, text: text() }));
    const engines = assembleEngine(files);
    assert.ok(engines.ok);
    assert.equal(engines.value.length, files.length / 3);
    for (const engine of engines.value)
      assert.ok(
        engine.layers.some(({ time }) => time !== null),
        engine.name,
      );
  });
});

test('what the names of files have in common', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['out/net.best.layer.json', 'out/net.best'],
    ['net.engine.graph.json', 'net'],
    ['net.engine.profile.metadata.json', 'net'],
    ['net.build.log', 'net'],
    ['layers_net-v2.json', 'net-v2'],
    ['net_layer_info.json.gz', 'net'],
    ['profile.json', ''],
    ['a/layers.json', 'a/'],
    ['net.prediction.json', 'net.prediction'],
  ];
  for (const [file, stem] of cases) assert.equal(stemOf(file), stem, file);
});

test('kinds of files', () => {
  const kind = (text: string) => kindOfEngineFile('any', text);
  assert.equal(kind(layers('a')), 'layers');
  assert.equal(kind('["a", "b"]'), 'layers');
  assert.equal(kind(profile('a')), 'profile');
  assert.equal(kind(TIMES), 'times');
  assert.equal(kind(LOG), 'log');
  assert.equal(kind('[TRT] [V] Original: 3 layers'), 'log');
  assert.equal(kind('[TensorRT] VERBOSE: x'), 'log');
  assert.equal(kind('Layer(X): a, Tactic: 0x1,  -> '), 'layers');
  assert.equal(kind(json(MANIFEST)), 'manifest');
  assert.equal(kind('{"performance_summary": {}}'), 'trex-metadata');
  assert.equal(kind('{"graph": {}}'), null);
});

describe('metadata of TREx', () => {
  test('seven statistics', () => {
    const metadata = readTrexMetadata(
      'm.json',
      json({
        performance_summary: {
          Throughput: 100,
          'Total Host Walltime': 3,
          Latency: [1, 9, 2, 3, 4, 5, 6],
          'GPU Compute Time': [0.5, 8, 1.5, 2, 3, 4, 5],
        },
        device_information: { 'Selected Device': 'NVIDIA A100', 'Compute Capability': 8.6 },
      }),
    );
    assert.ok(metadata.ok);
    assert.deepEqual([metadata.value.gpu, metadata.value.sm], ['NVIDIA A100', 86]);
    assert.deepEqual(metadata.value.latency, {
      runs: 300,
      computeMedianUs: 2000,
      computeP95Us: 4000,
      latencyMedianUs: 3000,
    });
  });

  test('five statistics have no 95th percentile', () => {
    const metadata = readTrexMetadata(
      'm.json',
      json({ performance_summary: { Latency: [1, 9, 2, 3, 4] } }),
    );
    assert.ok(metadata.ok);
    assert.equal(metadata.value.latency, null);
  });

  test('the older list of devices', () => {
    const metadata = readTrexMetadata(
      'm.json',
      json([{ Name: 'NVIDIA A30', ComputeCapability: [8, 0], TotalMemory: 5, CUDA_VERSION: 11 }]),
    );
    assert.ok(metadata.ok);
    assert.deepEqual([metadata.value.gpu, metadata.value.sm], ['NVIDIA A30', 80]);
  });
});

describe('manifests', () => {
  test('one as a build writes it', () => {
    const manifest = readManifest('m.json', json(MANIFEST));
    assert.ok(manifest.ok);
    assert.deepEqual(manifest.value, MANIFEST);
  });

  for (const [field, value] of Object.entries({
    outcome: 'done',
    latency: { runs: 1 },
    gpu: { name: 3 },
    startedAt: 'yesterday',
    artefacts: { layers: 3 },
    command: 'x',
    model: null,
    mode: undefined,
  }))
    test(`a wrong ${field} is named`, () => {
      const manifest = readManifest('m.json', json({ ...MANIFEST, [field]: value }));
      assert.ok(!manifest.ok);
      assert.match(manifest.error.message, new RegExp(`m\\.json cannot be used: ${field}`));
    });

  test('a later version asks for an update', () => {
    const manifest = readManifest('m.json', json({ ...MANIFEST, version: 2 }));
    assert.ok(!manifest.ok);
    assert.match(manifest.error.advice, /Update/);
  });
});
