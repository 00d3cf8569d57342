import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { applyPlacement } from '../../../src/core/placement/apply-placement.ts';
import type { AppliedPlacement } from '../../../src/core/placement/apply-placement.ts';
import { comparePlacements } from '../../../src/core/placement/compare-placements.ts';
import type { Placement } from '../../../src/core/placement/placement-file.ts';
import { readPlacement } from '../../../src/core/placement/read-placement.ts';
import { stripQuantizers } from '../../../src/core/placement/strip-quantizers.ts';
import { FAN_OUT, modelOf, RESIDUAL, valueOf } from '../explain/text-models.ts';

const read = async (model: Model): Promise<Placement> =>
  valueOf(await readPlacement(model)).placement;

function apply(model: Model, placement: Placement, replace = false): AppliedPlacement {
  const done = valueOf(applyPlacement(model, placement, { replace }));
  assert.deepEqual(checkGraph(done.model.graph), []);
  return done;
}

/** Strips, puts in again, and expects the same reads with the same scales. */
async function returns(text: string): Promise<AppliedPlacement> {
  const model = modelOf(text);
  const done = apply(valueOf(stripQuantizers(model)), await read(model));
  assert.deepEqual(done.unmatched, []);
  assert.deepEqual(comparePlacements(model.graph, done.model.graph), []);
  return done;
}

const graph = (body: string, constants = ''): string => `
g (float[1, 8, 4, 4] x) => (float[1, 8, 4, 4] y)
<float s = {0.5}, float t = {0.25}, int8 z = {0}${constants}>
{${body}
}`;

const OUTPUT = graph(`
  [r] a = Relu(x)
  [q] i = QuantizeLinear(a, s, z)
  [d] y = DequantizeLinear(i, s, z)`);

const DOUBLE = graph(`
  [r] a = Relu(x)
  [q1] i = QuantizeLinear(a, s, z)
  [d1] b = DequantizeLinear(i, s, z)
  [q2] j = QuantizeLinear(b, t, z)
  [d2] c = DequantizeLinear(j, t, z)
  [n] e = Neg(c)
  [m] y = Add(b, e)`);

test('Q/DQ before an output of the network come back there', async () => {
  const { model, applied } = await returns(OUTPUT);
  assert.equal(model.graph.value('y')?.producer()?.opType, 'DequantizeLinear');
  assert.equal(model.graph.node('r')?.outputs[0]?.name, 'a');
  assert.equal(applied[0]?.by, 'reader');
});

test('a value that is quantized twice in a row is so again', async () => {
  const { model } = await returns(DOUBLE);
  assert.equal(model.graph.node('q2')?.inputs[0]?.producer()?.name, 'd1');
  assert.equal(model.graph.node('m')?.inputs[0]?.producer()?.name, 'd1');
});

test('one Q with two DQs stays one', async () => {
  const { model } = await returns(
    graph(`
  [q] i = QuantizeLinear(x, s, z)
  [d1] a = DequantizeLinear(i, s, z)
  [d2] b = DequantizeLinear(i, s, z)
  [m] y = Add(a, b)`),
  );
  assert.equal(model.graph.node('q')?.outputs[0]?.useCount, 2);
});

test('integers that are stored get a DQ alone, floats in their place Q and DQ', async () => {
  const text = graph(
    `
  [wd] w = DequantizeLinear <axis = 0> (wi, ws, wz)
  [c] y = Conv(x, w)`,
    ', int8[8, 8, 1, 1] wi = {5 ...}, float[8] ws = {0.1 ...}, int8[8] wz = {0 ...}',
  );
  const { model } = await returns(text);
  assert.equal(model.graph.nodeCount, 2);
  const float = modelOf(
    graph('[c] y = Conv(x, w)', ', float[8, 8, 1, 1] w = {0.5 ...}').replace('[c]', '\n[c]'),
  );
  const placement = await read(modelOf(text));
  const done = apply(float, placement);
  assert.deepEqual(done.unmatched, []);
  assert.equal(done.applied[0]?.by, 'reader');
  assert.deepEqual(
    [...done.model.graph.nodes()].map(({ opType }) => opType),
    ['QuantizeLinear', 'DequantizeLinear', 'Conv'],
  );
});

test('an export with other names is matched by where nodes stand', async () => {
  const placement = await read(modelOf(RESIDUAL));
  // Node names dealt out anew, so that some of them mean another node now.
  const renamed = RESIDUAL.replace(/\[(conv|relu)(\d)\]/g, (_, type: string, i: string) => {
    return `[${type}${String((Number(i) + 1) % 3)}]`;
  }).replace(/\br(\d)\b/g, 'value_$1');
  const bare = valueOf(stripQuantizers(modelOf(renamed)));
  const done = apply(bare, placement);
  assert.equal(done.isSameExport, false);
  assert.deepEqual(done.unmatched, []);
  assert.deepEqual(comparePlacements(modelOf(renamed).graph, done.model.graph), []);
  assert.ok(done.applied.some(({ by }) => by === 'structure'));
});

test('what the other export does not have is told, and the rest is placed', async () => {
  const placement = await read(modelOf(RESIDUAL));
  const bare = valueOf(stripQuantizers(modelOf(FAN_OUT)));
  const done = apply(bare, placement);
  assert.ok(done.applied.length > 0);
  const told = done.unmatched.map(({ code, message }) => `${code}: ${message}`);
  assert.ok(told.length > 0);
  for (const text of told)
    assert.match(text, /^placement\/entry-unmatched: The Q\/DQ on .* found no place: /);
});

test('scales that do not fit a tensor are told, not placed', async () => {
  const placement = await read(modelOf(RESIDUAL));
  const narrow = RESIDUAL.replaceAll('float[64, 64, 3, 3] w1', 'float[32, 64, 3, 3] w1');
  const done = apply(valueOf(stripQuantizers(modelOf(narrow))), placement);
  assert.match(
    done.unmatched.map(({ message }) => message).join('\n'),
    /on w1 found no place: there are 64 scales, but w1 has 32 elements along axis 0/,
  );
  assert.equal(done.model.graph.node('conv1_wq'), undefined);
});

test('Q/DQ that stand there stay, or go first', async () => {
  const placement = await read(modelOf(FAN_OUT));
  const model = modelOf(FAN_OUT.replace('float t = {0.07}', 'float t = {0.09}'));
  const kept = apply(model, placement);
  assert.equal(kept.applied.length, 0);
  assert.ok(kept.kept.includes('r0'));
  assert.deepEqual(comparePlacements(model.graph, kept.model.graph), []);
  const replaced = apply(model, placement, true);
  assert.deepEqual(comparePlacements(modelOf(FAN_OUT).graph, replaced.model.graph), []);
  assert.equal(replaced.model.graph.value('s')?.tensor?.dims.length, 0);
});

test('an operator set that lacks what a pair needs is named', async () => {
  const placement = await read(modelOf(FAN_OUT));
  const old = { ...valueOf(stripQuantizers(modelOf(FAN_OUT))), opsets: new Map([['', 12]]) };
  const done = applyPlacement(old, placement, { replace: false });
  assert.ok(!done.ok);
  assert.equal(done.error.code, 'placement/opset-too-low');
  assert.match(
    done.error.message,
    /one scale for each channel, which operator set 13 brought; the model states 12/,
  );
});

test('what cannot be data is left out and told', async () => {
  const { placement, notes } = valueOf(
    await readPlacement(
      modelOf(
        graph(`
  [m] dynamic = ReduceMax(x)
  [q] i = QuantizeLinear(x, dynamic, z)
  [d] y = DequantizeLinear(i, dynamic, z)`),
      ),
    ),
  );
  assert.deepEqual(placement.pairs, []);
  assert.match(notes[0]?.message ?? '', /^q is not part of the placement: its scale is computed/);
});

test('a graph that was read is not changed, nor is one that was applied to', async () => {
  const model = modelOf(RESIDUAL);
  const before = [...model.graph.nodes()].map(({ name }) => name);
  apply(model, await read(model), true);
  assert.deepEqual(
    [...model.graph.nodes()].map(({ name }) => name),
    before,
  );
});
