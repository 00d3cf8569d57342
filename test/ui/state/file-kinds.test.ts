import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOfFiles } from '../../../src/ui/state/file-kinds.ts';

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
