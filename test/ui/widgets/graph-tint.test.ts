import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SceneBox } from '../../../src/api/scene.ts';
import { heatMark } from '../../../src/ui/state/error-heat.ts';
import { blockColour, tintOf } from '../../../src/ui/widgets/graph-painter.ts';
import type { GraphTheme } from '../../../src/ui/widgets/graph-theme.ts';

const theme = {
  ...{ border: 'border', text: 'text', hatch: 'hatch', heat: ['h0', 'h1', 'h2', 'h3', 'h4', 'h5'] },
  precision: { int8: 'green' },
} as unknown as GraphTheme;
const box = (nodes: readonly string[], more: Partial<SceneBox> = {}): SceneBox =>
  ({ id: '0', kind: 'op', nodes, ...more }) as SceneBox;
const tints = new Map([['conv', 'int8'] as const]);
const boxHeat = new Map();
const heat = new Map([
  ['conv', heatMark(45)],
  ['relu', heatMark(25.4)],
]);

test('boxes show their precision, and their error in its place while errors are shown', () => {
  const none = { tints, heat: new Map(), boxHeat };
  assert.deepEqual(tintOf(box(['conv']), theme, none), { colour: 'green', sign: 'I8' });
  const both = { tints, heat, boxHeat };
  assert.deepEqual(tintOf(box(['conv']), theme, both), { colour: 'h2', sign: '45' });
  // A fused layer is as bad as the worst that is in it.
  assert.deepEqual(tintOf(box(['conv', 'relu']), theme, both), { colour: 'h4', sign: '25' });
  assert.equal(tintOf(box(['pool']), theme, both), undefined);
});

test('from afar what should not be there keeps its colour', () => {
  const both = { tints, heat, boxHeat };
  assert.equal(blockColour(box(['conv']), theme, both), 'h2');
  assert.equal(blockColour(box(['pool']), theme, both), 'border');
  assert.equal(blockColour(box(['conv'], { kind: 'qdq' }), theme, both), 'text');
  assert.equal(blockColour(box(['conv'], { kind: 'reformat' }), theme, both), 'hatch');
});

test('the mark of a box itself goes before those of its nodes, and colours copies, too', () => {
  const own = new Map([['0', { level: 5, sign: '40%', words: '' }]]);
  const marked = { tints, heat, boxHeat: own };
  assert.deepEqual(tintOf(box(['conv']), theme, marked), { colour: 'h5', sign: '40%' });
  assert.equal(tintOf(box(['conv'], { id: '1' }), theme, marked), undefined);
  assert.equal(blockColour(box([], { kind: 'reformat' }), theme, marked), 'h5');
});
