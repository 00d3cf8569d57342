import type { Change, Explanation, Shortfall } from '../../src/api/analyze-api.ts';
import { sampleEngine } from './sample-engine.ts';

const { summary, target, layers, trace } = sampleEngine;

/** Why the Add of the sample engine is where it is. */
export const sampleExplanation: Explanation = {
  node: '/block/Add',
  opType: 'Add',
  layer: layers[2]!,
  takes: 'Int8',
  gives: 'Half',
  confidence: 0.99,
  reason: {
    text: 'INT8 in, float out: the shortcut of /block/Add has no Q/DQ',
    nodes: ['/block/Add', '/block/relu/Relu'],
  },
  events: trace,
};

/** One edit that makes the Add INT8. */
export const sampleChange: Change = {
  edits: [{ kind: 'add-pair', value: 'short', scale: { kind: 'to-calibrate' } }],
  descriptions: ['Add Q/DQ on short'],
  reaches: 'int8',
  numbers: 'rounding',
  differences: [],
  before: { layers: 6, int8Layers: 2, reformats: 1, survivingQdq: 2, bytes: 3000 },
  after: { layers: 5, int8Layers: 3, reformats: 1, survivingQdq: 1, bytes: 2000 },
  simulations: 12,
};

/** A best engine that keeps the sum in INT8 and has no Q behind it. */
export const sampleShortfall: Shortfall = {
  target,
  summary: { ...summary, layers: 4, int8Layers: 3, reformats: 0, survivingQdq: 1 },
  differences: [
    {
      kind: 'precision',
      nodes: ['/block/conv2/Conv', '/block/Add'],
      before: [],
      after: [],
      bytes: 401_408,
      text: '/block/Add: INT8 → INT8 becomes INT8 → float',
    },
    {
      kind: 'reformat-gained',
      nodes: [],
      before: [],
      after: [
        { index: 5, name: layers[5]!.name, layerType: 'Reformat', takes: 'Half', gives: 'Float' },
      ],
      bytes: 1000,
      text: 'new: Reformatting CopyNode',
    },
  ],
};
