import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFailure, runFailure } from '../../src/ort/ort-failure.ts';
import { modelOf } from './run-support.ts';

const { graph } = modelOf(
  'g (float[2] x) => (float[2] y) { [first] t = Erf (x) [last] y = Relu (t) }',
);
const FRAME = "Can't create a session. ERROR_CODE: 9, ERROR_MESSAGE: ";

test('a full memory is told as such, in all the ways in which it shows', () => {
  for (const text of [
    `${FRAME}std::bad_alloc`,
    'WebAssembly.Memory(): could not allocate memory',
    'Aborted(OOM). Build with -sASSERTIONS for more info.',
    'Array buffer allocation failed',
  ])
    for (const failure of [openFailure(new Error(text), graph), runFailure(new Error(text), graph)])
      assert.equal(failure.code, 'runtime/out-of-memory', text);
});

test('a runtime that does not start is no fault of the model', () => {
  const failure = openFailure(new Error('no available backend found. ERR: [wasm] x'), graph);
  assert.equal(failure.code, 'runtime/not-started');
});

test('a node without a name in the file is found by its operator', () => {
  const text = `${FRAME}Could not find an implementation for Relu(14) node with name ''`;
  const failure = openFailure(new Error(text), graph);
  assert.equal(failure.place?.node, 'last');
  assert.match(failure.message, /because of the node last: Could not find/);
});

test('paths of the machine that built the runtime are left out, and bare numbers explained', () => {
  const text = 'ERROR_MESSAGE: /x/y_z/1/s/onnxruntime/core/common/safeint.h:17 Integer overflow';
  assert.equal(
    runFailure(new Error(text), graph).message,
    'onnxruntime stopped: onnxruntime/core/common/safeint.h:17 Integer overflow.',
  );
  assert.match(runFailure(123456, graph).message, /C\+\+ exception at 123456/);
});
