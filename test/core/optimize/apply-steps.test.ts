import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applySteps } from '../../../src/core/optimize/apply-steps.ts';
import type { Step } from '../../../src/core/optimize/step.ts';
import { RESIDUAL, TARGET, modelOf, valueOf } from '../explain/text-models.ts';

const edits = (...list: Extract<Step, { kind: 'edits' }>['edits']): Step => ({
  kind: 'edits',
  source: 'user',
  text: 'Change it',
  edits: list,
});

test('an edit of the operator set is seen in the model, and the IR version is new enough for it', async () => {
  const model = { ...modelOf(RESIDUAL), irVersion: 8, opsets: new Map([['', 17]]) };
  const steps = [edits({ kind: 'set-opset', version: 19 })];
  const after = valueOf(await applySteps(model, steps, { target: TARGET })).model;
  assert.equal(after.opsets.get(''), 19);
  assert.ok(after.irVersion >= 9, String(after.irVersion));
  assert.equal(model.opsets.get(''), 17, 'the model given is left alone');
  const newer = { ...model, irVersion: 10 };
  const kept = valueOf(await applySteps(newer, steps, { target: TARGET })).model;
  assert.equal(kept.irVersion, 10);
});

test('later steps see the operator set of earlier ones, and the last edit of it holds', async () => {
  const model = { ...modelOf(RESIDUAL), opsets: new Map([['', 17]]) };
  const steps = [
    edits({ kind: 'set-opset', version: 21 }, { kind: 'set-opset', version: 19 }),
    edits({ kind: 'remove-pair', quantize: 'a_q' }),
  ];
  const after = valueOf(await applySteps(model, steps, { target: TARGET })).model;
  assert.equal(after.opsets.get(''), 19);
  assert.equal(after.graph.node('a_q'), undefined);
});

test('the first edit that cannot be made is told, and nothing after it is tried', async () => {
  const steps = [
    edits({ kind: 'remove-node', node: 'nobody' }),
    edits({ kind: 'set-opset', version: 19 }),
  ];
  const result = await applySteps(modelOf(RESIDUAL), steps, { target: TARGET });
  assert.match(result.ok ? '' : result.error.message, /there is no node nobody/);
});
