import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realityText } from '../../src/cli/comparison-text.ts';
import type { Disagreement, RealityComparison } from '../../src/core/reality/reality-comparison.ts';

const place = (kind: Disagreement['kind'], more: Partial<Disagreement> = {}): Disagreement => ({
  kind,
  nodes: ['conv'],
  predicted: [],
  built: [],
  text: `text of ${kind}`,
  suspects: [],
  decidedByTiming: false,
  timeUs: null,
  ...more,
});
const comparison = (...disagreements: Disagreement[]): RealityComparison => ({
  format: 'qdq-lab-comparison',
  version: 1,
  engine: 'e.json',
  target: 'trt10.6-sm90',
  mode: 'best',
  trtVersion: null,
  gpu: null,
  figures: { layers: 0.5, precision: 1, qdq: 1, perfect: false },
  typesKnown: false,
  layersPredicted: 1,
  layersBuilt: 2,
  disagreements,
  nodesFound: 1,
  remarks: [],
});

test('figures, places with their rules and times, and reformats as a count', () => {
  const text = realityText(
    comparison(
      place('split', {
        timeUs: 12.34,
        suspects: [
          {
            ruleId: 'conv-relu-fusion',
            pass: 'ConvReluFusion',
            erred: 'fired',
            certainty: 'log',
            evidence: 'it is not in the log',
          },
        ],
      }),
      place('precision', { decidedByTiming: true }),
      place('reformat-added'),
    ),
  );
  assert.match(text, /layers that agree {5}50\.0 %/);
  assert.match(text, /precision that agrees not known/);
  assert.match(text, /2 places where they part/);
  assert.match(text, /split \(12\.3 µs\): text of split/);
  assert.match(text, /conv-relu-fusion \(by the log\): it is not in the log/);
  assert.match(text, /precision \(decided by timing\)[^]*no rule is known/);
  assert.match(text, /Reformats at 1 places differ/);
});

test('agreement is said in a sentence', () => {
  assert.match(realityText(comparison()), /Prediction and engine agree\./);
});
