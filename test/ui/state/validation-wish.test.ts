import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelSummary } from '../../../src/api/analyze-api.ts';
import { MOST_WEIGHT_BYTES as LIMIT } from '../../../src/ort/check-weights.ts';
import { USUAL_VALIDATION as usual } from '../../../src/ui/state/validation-state.ts';
import {
  MOST_WEIGHT_BYTES,
  dynamicDims,
  feedsOfWish,
  followable,
  followsEngine,
  inputsText,
  rangeOf,
  wishProblem,
} from '../../../src/ui/state/validation-wish.ts';

const summary = {
  quantizeCount: 3,
  initializerBytes: 1e6,
  inputs: [
    { name: 'ids', dataType: 'int64', shape: ['batch', 'seq'] },
    { name: 'mask', dataType: 'int64', shape: ['batch', 8] },
  ],
} as unknown as ModelSummary;
const still = { ...summary, inputs: [] };

test('dynamic dimensions are asked for once each', () => {
  assert.deepEqual(dynamicDims(summary), ['batch', 'seq']);
  const wish = { ...usual, dims: { batch: 2 } };
  assert.match(wishProblem(wish, { changed: true, summary }), /size to seq\.$/);
  const whole = { ...usual, dims: { batch: 2, seq: 16 } };
  assert.equal(wishProblem(whole, { changed: true, summary }), '');
  assert.deepEqual(feedsOfWish(whole), {
    ...{ kind: 'random', seed: 1, samples: 4, distribution: 'normal', ranges: {} },
    dims: { batch: 2, seq: 16 },
  });
});

test('a model that the browser cannot run is told before the work starts', () => {
  assert.equal(MOST_WEIGHT_BYTES, LIMIT);
  const large = { ...still, initializerBytes: 3.4e9 };
  assert.match(wishProblem(usual, { changed: true, summary: large }), /3\.4 GB.* up to 3\.2 GB/);
});

test('scales that wait for calibration come first', () => {
  const model = { changed: true, summary: still, pending: 2 };
  assert.match(wishProblem(usual, model), /^2 scales wait for calibration/);
});

test('there has to be something to compare with', () => {
  const plain = { ...still, quantizeCount: 0 };
  assert.match(wishProblem(usual, { changed: false, summary: plain }), /nothing to compare/);
  const none = { ...usual, equivalence: false, float: false };
  assert.match(wishProblem(none, { changed: true, summary: still }), /Choose/);
  assert.equal(wishProblem(usual, { changed: false, summary: still }), '');
});

test('ranges are read as they are typed', () => {
  assert.deepEqual(rangeOf('-1:2.5'), { min: -1, max: 2.5 });
  for (const odd of ['', '1', '2:1', 'a:b', '1:2:3', ':']) assert.equal(rangeOf(odd), undefined);
  const wish = { ...usual, ranges: { ids: '0:99', mask: ' ' }, dims: { batch: 1, seq: 4 } };
  assert.deepEqual(feedsOfWish(wish), {
    ...{ kind: 'random', seed: 1, samples: 4, distribution: 'normal' },
    ...{ ranges: { ids: { min: 0, max: 99 } }, dims: { batch: 1, seq: 4 } },
  });
  const odd = { ...wish, ranges: { ids: '9' } };
  assert.match(wishProblem(odd, { changed: true, summary }), /range of ids/);
});

test('the data is told in words', () => {
  assert.equal(inputsText(usual), 'random data (normal, 4 samples, seed 1)');
  const images = ['a.jpg', 'b.jpg'].map((name) => new File([], name));
  assert.equal(inputsText({ ...usual, files: images }), 'a.jpg and 1 more, prepared as imagenet');
  assert.equal(inputsText({ ...usual, files: [new File([], 'x.npz')] }), 'x.npz');
});

test('an engine is followed as chosen, else where it has INT8', () => {
  const layer = (precision: string) => ({ role: 'compute', precision });
  const engine = (int8Layers: number, ...precisions: string[]) =>
    followable({ layers: precisions.map(layer), summary: { int8Layers } } as never);
  assert.equal(engine(1, 'int8', 'fp32'), 'int8');
  assert.equal(engine(0, 'fp32', 'fp16'), 'other');
  assert.equal(engine(0, 'fp32', 'other'), 'none');
  assert.equal(followable(null), 'none');
  assert.deepEqual(
    (['int8', 'other', 'none'] as const).map((found) => followsEngine(usual, found)),
    [true, false, false],
  );
  assert.equal(followsEngine({ ...usual, engine: false }, 'int8'), false);
  assert.equal(followsEngine({ ...usual, engine: true }, 'other'), true);
  assert.equal(followsEngine({ ...usual, engine: true }, 'none'), false);
});

test('following the engine alone is enough to start', () => {
  const none = { ...usual, equivalence: false, float: false };
  const model = { changed: false, summary: still };
  assert.equal(wishProblem(none, { ...model, engine: 'int8' }), '');
  assert.match(wishProblem({ ...none, engine: false }, { ...model, engine: 'int8' }), /Choose/);
  const plain = { ...still, quantizeCount: 0 };
  assert.match(wishProblem(none, { changed: false, summary: plain, engine: 'other' }), /Choose/);
});
