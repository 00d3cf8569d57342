import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEngineFile, kindOfFiles } from '../../../src/ui/state/file-kinds.ts';

const kindOf = (...names: string[]) => kindOfFiles(names.map((name) => ({ name })));

test('files are told apart by their names', () => {
  assert.equal(kindOf('net.placement.yaml'), 'placement');
  assert.equal(kindOf('net.json'), 'placement');
  assert.equal(kindOf('a.PNG', 'b.jpeg', 'c.webp'), 'samples');
  assert.equal(kindOf('input.npy'), 'samples');
  assert.equal(kindOf('net.onnx', 'net.data'), 'model');
  assert.equal(kindOf('a.png', 'net.onnx'), 'model');
  assert.equal(kindOf(), 'model');
});

test('what trtexec says of an engine is known by its name, or by what stands in it', async () => {
  const isEngine = (name: string, text = '') => isEngineFile(new File([text], name));
  const named = [
    'net.layer.json',
    'net.profile.json.gz',
    'net.times.json',
    'net.build.log',
    'net.plan',
  ];
  for (const name of named) assert.equal(await isEngine(name), true, name);
  assert.equal(await isEngine('graph.json', '{"Layers": []}'), true);
  assert.equal(await isEngine('p.json', '[{"count": 5}, {"name": "a"}]'), true);
  assert.equal(await isEngine('net.json', '{\n  "version": 1,\n  "pairs": []}'), false);
  assert.equal(await isEngine('net.json', '{"scales": {}, "pairs": []}'), false);
  assert.equal(await isEngine('build.txt', '[I] [TRT] Detected 1 inputs'), true);
  assert.equal(await isEngine('notes.txt', 'milk'), false);
  for (const name of ['net.onnx', 'net.onnx.data', 'a.png', 'net.placement.yaml', 'net.onnx.gz'])
    assert.equal(await isEngine(name), false, name);
});
