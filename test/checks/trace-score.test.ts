import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventsOfLog, f1, meanF1, scoreTraces } from './trace-score.ts';

const truth = fileURLToPath(new URL('../../../shared/engines', import.meta.url));
const skip = existsSync(truth) ? false : '../shared is absent';

test('events are counted with repetition, by the lines of the log alone', () => {
  const log = [
    '[V] Running: ConvReluFusion on Conv_0',
    '[V] ConvReluFusion: Fusing Conv_0 with Relu_0',
    '[V] Running: ConvReluFusion on Conv_0',
    '[V] Running: SomeOtherFusion on Conv_0',
    '[V] Running: QDQToCopy on a name with blanks',
  ].join('\n');
  assert.deepEqual(
    [...eventsOfLog(log)],
    [
      ['ConvReluFusion on Conv_0', 2],
      ['QDQToCopy on a name with blanks', 1],
    ],
  );
});

test('F1 punishes events too many as much as events too few', () => {
  assert.equal(f1({ hit: 0, predicted: 0, real: 0 }), 1);
  assert.equal(f1({ hit: 4, predicted: 4, real: 4 }), 1);
  assert.equal(f1({ hit: 2, predicted: 4, real: 2 }), f1({ hit: 2, predicted: 2, real: 4 }));
  assert.equal(f1({ hit: 0, predicted: 3, real: 0 }), 0);
});

test('the trace of every given micro engine is the builder’s', { skip }, async () => {
  const scores = await scoreTraces(
    truth,
    ({ target, kind, mode }) => target === 'trt10.6.0-h100' && kind === 'micro' && mode === 'best',
  );
  assert.ok(scores.length > 150, `only ${String(scores.length)} logs found`);
  assert.ok(scores.filter(({ total }) => total.real > 0).length > 100);
  const mean = meanF1(scores);
  assert.ok(mean >= 0.98, `mean F1 ${mean.toFixed(4)}; see npm run score -- --trace --misses`);
});
