import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { applyEdits } from '../../../src/core/placement/apply-edits.ts';
import { editOptions } from '../../../src/core/placement/edit-options.ts';
import type { EditOption } from '../../../src/core/placement/edit-options.ts';
import {
  ACTIVATION_ONLY,
  FAN_OUT,
  POOL_BEFORE,
  RESIDUAL,
  modelOf,
  valueOf,
} from '../explain/text-models.ts';

const TEXTS = { ACTIVATION_ONLY, FAN_OUT, POOL_BEFORE, RESIDUAL };
/** Types decide what can be quantized. */
function typedModel(text: string): Model {
  const model = modelOf(text);
  inferShapes(model);
  return model;
}
const optionsOf = (text: string, name: string): readonly EditOption[] =>
  editOptions(typedModel(text).graph, name);
const wordsOf = (options: readonly EditOption[]): string[] =>
  options.map(({ role, about }) => `${role} ${about}`);

test('a node offers a pair on what it gives and on each input without one', () => {
  const options = optionsOf(RESIDUAL, 'add');
  assert.deepEqual(
    options.filter(({ role }) => role === 'add-input').map(({ input }) => input),
    [0, 1],
  );
  // The shortcut has a quantizer for another reader: the new pair takes its scale.
  const shortcut = options.find(({ about }) => about === 'r0');
  assert.deepEqual(shortcut?.edit, {
    kind: 'add-pair',
    value: 'r0',
    reader: { node: 'add', input: 1 },
    scale: { kind: 'same-as', quantizer: 'b_q' },
  });
});

test('a quantizer offers to go, and its DequantizeLinear offers the same', () => {
  const [first] = optionsOf(RESIDUAL, 'b_q');
  assert.deepEqual(first?.edit, { kind: 'remove-pair', quantize: 'b_q' });
  const dequantize = modelOf(RESIDUAL).graph.node('b_q')?.outputs[0]?.consumers()[0]?.name ?? '';
  assert.deepEqual(optionsOf(RESIDUAL, dequantize), optionsOf(RESIDUAL, 'b_q'));
});

test('a name that the model does not have offers nothing', () => {
  assert.deepEqual(optionsOf(RESIDUAL, 'nowhere'), []);
});

for (const [name, text] of Object.entries(TEXTS))
  test(`every edit that ${name} offers can be made`, () => {
    const model = typedModel(text);
    const names = [...model.graph.nodes()].map((node) => node.name);
    const all = names.flatMap((node) => editOptions(model.graph, node));
    assert.ok(all.length > 2, wordsOf(all).join());
    for (const { edit } of all) {
      const edited = applyEdits(model, [edit]);
      assert.deepEqual(checkGraph(valueOf(edited).graph), [], JSON.stringify(edit));
    }
  });
