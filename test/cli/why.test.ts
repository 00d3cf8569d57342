import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { saveModel } from '../../src/core/onnx/index.ts';
import { applyEdits } from '../../src/core/placement/apply-edits.ts';
import type { PlacementEdit } from '../../src/core/placement/placement-edit.ts';
import { FAN_OUT, modelOf, RESIDUAL, valueOf } from '../core/explain/text-models.ts';
import { cli, scratchFolder } from './cli-harness.ts';

const folder = scratchFolder();

async function write(
  name: string,
  text: string,
  edits: readonly PlacementEdit[] = [],
): Promise<string> {
  const path = join(folder, name);
  const blob = valueOf(await saveModel(valueOf(applyEdits(modelOf(text), edits))));
  writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
  return path;
}

test('why prints layer, reason, events and the smallest change', async () => {
  const path = await write('fan.onnx', FAN_OUT);
  const { code, out, errors } = await cli(['why', path, 'conv0']);
  assert.deepEqual([code, errors], [0, []]);
  const lines = out.split('\n');
  assert.match(lines[0] ?? '', /^conv0 \(Conv\) of .*fan\.onnx, trt10\.6-sm90 best$/);
  assert.match(
    lines[1] ?? '',
    /^layer 1: .*conv0 \+ relu0 \(CaskConvolution\), INT8 → float, \d\d % sure$/,
  );
  assert.match(lines[2] ?? '', /^why: INT8 in, float out: b_q and c_q quantize the result with/);
  assert.match(
    out,
    /2\. fired ConvReluFusion on conv0: Fusing conv0 with relu0 \[conv-relu-fusion\]/,
  );
  assert.match(out, /refused HorizontalMergeQNodes on [bc]_q: .*other scales/);
  assert.match(
    out,
    /Smallest change \(the layer is quantized then\):\n {2}- Give c_q the scale of b_q\n/,
  );
  assert.match(out, /3 → 1 surviving Q\/DQ/);
});

test('why --json is the same as data', async () => {
  const path = await write('residual.onnx', RESIDUAL);
  const { code, out } = await cli(['why', path, 'conv0', '--json']);
  const answer = JSON.parse(out) as {
    explanation: { reason: { nodes: string[] }; layer: { nodes: string[] } };
    change: { edits: PlacementEdit[]; reaches: string };
  };
  assert.equal(code, 0);
  assert.deepEqual(answer.explanation.reason.nodes, ['add', 'b_q']);
  assert.equal(answer.change.reaches, 'int8');
  assert.deepEqual(answer.change.edits, [
    {
      kind: 'add-pair',
      value: 'conv0_out',
      scale: { kind: 'same-as', quantizer: 'a_q' },
    },
  ]);
});

test('why of a node that is not there ends with 2 and the nearest names', async () => {
  const path = await write('fan.onnx', FAN_OUT);
  const { code, out, errors } = await cli(['why', path, 'Conv0']);
  assert.deepEqual([code, out], [2, '']);
  assert.match(errors.join('\n'), /no node named Conv0.*Did you mean conv0/s);
});

test('why wants a model and a node', async () => {
  const { code, errors } = await cli(['why', 'model.onnx']);
  assert.equal(code, 2);
  assert.match(errors.join('\n'), /why wants a model and a node/);
});

test('diff tells placements and engines apart', async () => {
  const before = await write('before.onnx', FAN_OUT);
  const edit: PlacementEdit = { kind: 'share-scale', from: 'b_q', quantizers: ['c_q'] };
  const after = await write('after.onnx', FAN_OUT, [edit]);
  const { code, out, errors } = await cli(['diff', before, after]);
  assert.deepEqual([code, errors], [1, []]);
  assert.match(out, /scale changed on r0 where conv2 reads it: scale 0\.07 becomes scale 0\.05/);
  assert.match(out, /3 differences:/);
  assert.match(out, /gone: c_q \(float → INT8\)/);
});

test('diff of a model with itself finds nothing', async () => {
  const path = await write('fan.onnx', FAN_OUT);
  const { code, out } = await cli(['diff', path, path]);
  assert.equal(code, 0);
  assert.match(out, /The placements are the same\.\nThe predicted engines are the same\./);
});
