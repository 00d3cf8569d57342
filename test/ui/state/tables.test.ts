import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LAYER_COLUMNS,
  layersAsTsv,
  sortedLayers,
  tsvLine,
} from '../../../src/ui/state/layer-columns.ts';
import { filteredTrace, passCounts, traceAsTsv } from '../../../src/ui/state/trace-filter.ts';
import { sampleEngine } from '../sample-engine.ts';

const { layers, trace } = sampleEngine;
const column = (id: string) => LAYER_COLUMNS.find((one) => one.id === id)!;
const ALL = { pass: '', outcome: '', text: '', nodes: null } as const;

test('layers sort by any column, both ways, and by engine order among equals', () => {
  const order = (id: string, down = false) =>
    sortedLayers(layers, column(id), down).map(({ index }) => index);
  assert.deepEqual(order('index', true), [5, 4, 3, 2, 1, 0]);
  assert.deepEqual(order('type'), [1, 2, 4, 0, 3, 5]);
  assert.deepEqual(order('refused', true)[0], 4);
});

test('layers sort by how sure they are, and where that is not known the cell is empty', () => {
  const sure = [0.5, 0.999, 0.75, 1, 0.05];
  const sorted = sortedLayers(layers, column('sure'), true, sure);
  assert.deepEqual(
    sorted.map(({ index }) => index),
    [3, 1, 2, 0, 4, 5],
  );
  const cells = layersAsTsv(layers, sure)
    .split('\n')
    .map((line) => line.split('\t').at(-1));
  assert.deepEqual(cells.slice(1, 7), ['50 %', '99 %', '75 %', '100 %', '5 %', '']);
});

test('numbers sort as numbers', () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ ...layers[0]!, index }));
  const sorted = sortedLayers(many.toReversed(), column('index'), false);
  assert.deepEqual(
    sorted.map(({ index }) => index),
    many.map(({ index }) => index),
  );
});

test('the table copies as one line a layer under its titles', () => {
  const lines = layersAsTsv(layers).split('\n');
  assert.equal(lines.length, layers.length + 2);
  assert.equal(lines[0], '#\tName\tType\tRuns in\tInputs\tOutputs\tRefused\tSure');
  assert.equal(tsvLine(['a\tb', 'c\nd']), 'a b\tc d\n');
});

test('the trace filters by pass, outcome, text and nodes, all at once', () => {
  const count = (filter: object) => filteredTrace(trace, { ...ALL, ...filter }).length;
  assert.equal(count({}), 2);
  assert.equal(count({ pass: 'ConvReluFusion' }), 1);
  assert.equal(count({ outcome: 'refused' }), 1);
  assert.equal(count({ text: 'MAXPOOL' }), 1);
  assert.equal(count({ nodes: ['/block/relu/Relu'] }), 1);
  assert.equal(count({ nodes: ['/block/relu/Relu'], outcome: 'refused' }), 0);
});

test('passes are counted in the order of the trace', () => {
  assert.deepEqual(
    [...passCounts(trace)],
    [
      ['ConvReluFusion', 1],
      ['QuantizeMaxPool', 1],
    ],
  );
  assert.match(traceAsTsv(trace), /^Phase\tPass\tNode\tOutcome\tWhat\nfuse\tConvReluFusion\t/);
});
