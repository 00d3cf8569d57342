import assert from 'node:assert/strict';
import { bufferSource, openModel, saveModel } from '../../../src/core/onnx/index.ts';
import type { OpenedModel } from '../../../src/core/onnx/index.ts';
import type { Model } from '../../../src/core/ir/model.ts';

/** Opens a model that must open. */
export async function openBytes(bytes: Uint8Array): Promise<OpenedModel> {
  const opened = await openModel([bufferSource('model.onnx', bytes)]);
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  return opened.value;
}

/** The code of the diagnostic with which opening fails. */
export async function failureOf(bytes: Uint8Array, name = 'model.onnx'): Promise<string> {
  const opened = await openModel([bufferSource(name, bytes)]);
  return opened.ok ? 'opened' : opened.error.code;
}

/** The bytes of a saved model. */
export async function saveBytes(model: Model): Promise<Uint8Array> {
  const saved = await saveModel(model);
  assert.ok(saved.ok, saved.ok ? '' : saved.error.message);
  return new Uint8Array(await saved.value.arrayBuffer());
}
