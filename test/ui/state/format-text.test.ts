import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countText,
  numberText,
  percentText,
  shapeText,
  sizeText,
} from '../../../src/ui/state/format-text.ts';

test('shapes', () => {
  assert.equal(shapeText([1, 'height', 3]), '1×height×3');
  assert.equal(shapeText([]), 'scalar');
  assert.equal(shapeText(undefined), '?');
});

test('sizes in decimal units', () => {
  assert.equal(sizeText(0), '0 B');
  assert.equal(sizeText(999), '999 B');
  assert.equal(sizeText(46_768_454), '46.8 MB');
  assert.equal(sizeText(1.6e9), '1.6 GB');
});

test('numbers keep four digits', () => {
  assert.equal(numberText(0.0315234), '0.03152');
  assert.equal(numberText(-1.25e-7), '-1.25e-7');
  assert.equal(numberText(12), '12');
  assert.equal(numberText(0), '0');
});

test('a share rounds to all or nothing only when it is', () => {
  assert.equal(percentText(0.999), '99 %');
  assert.equal(percentText(0.001), '1 %');
  assert.equal(percentText(1), '100 %');
  assert.equal(percentText(0), '0 %');
});

test('counts', () => {
  assert.equal(countText(1, 'layer'), '1 layer');
  assert.equal(countText(1500, 'match', 'matches'), '1,500 matches');
});
