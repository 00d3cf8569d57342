import assert from 'node:assert/strict';
import type { Model } from '../../../src/core/ir/model.ts';
import { parseOnnxText } from '../../../src/core/onnx/index.ts';

/** A model from textual ONNX; a mistake in the text fails the test and shows the text. */
export function textModel(text: string): Model {
  const parsed = parseOnnxText(text);
  assert.ok(parsed.ok, parsed.ok ? '' : `${parsed.error.message}\n${text}`);
  return parsed.value;
}
