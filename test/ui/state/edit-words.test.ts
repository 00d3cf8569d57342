import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EditOption } from '../../../src/api/rewrite-api.ts';
import {
  optionFor,
  optionLabel,
  optionTitle,
  scaleWords,
} from '../../../src/ui/state/edit-words.ts';

const input: EditOption = {
  role: 'add-input',
  about: 'x',
  input: 1,
  edit: {
    kind: 'add-pair',
    value: 'x',
    reader: { node: 'add', input: 1 },
    scale: { kind: 'to-calibrate' },
  },
};
const remove: EditOption = {
  role: 'remove',
  about: 'q',
  scale: 0.5,
  edit: { kind: 'remove-pair', quantize: 'q' },
};
const share: EditOption = {
  role: 'share',
  about: 'p',
  scale: 0.25,
  edit: { kind: 'share-scale', from: 'p', quantizers: ['q'] },
};

test('titles name the places, labels what is done', () => {
  assert.equal(optionTitle(input), 'Add Q/DQ on x for add');
  assert.equal(optionLabel(input), 'Add Q/DQ on input 2 only');
  assert.equal(optionTitle(remove), 'Remove q and its DequantizeLinear');
  assert.equal(optionTitle(share), 'Give q the scale of p');
});

test('scales are told where one is given, or that it is not known yet', () => {
  assert.equal(scaleWords(input), 'its scale waits for calibration');
  assert.equal(scaleWords(share), 'scale 0.25');
  assert.equal(scaleWords(remove), '');
});

test('the key for adding takes an input where no output offers a pair', () => {
  assert.equal(optionFor([remove, input], 'add'), input);
  assert.equal(optionFor([remove, input], 'remove'), remove);
  assert.equal(optionFor([share], 'add'), undefined);
});
