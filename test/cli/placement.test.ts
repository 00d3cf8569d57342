import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Model } from '../../src/core/ir/model.ts';
import { saveModel } from '../../src/core/onnx/index.ts';
import { stripQuantizers } from '../../src/core/placement/strip-quantizers.ts';
import { FAN_OUT, modelOf, RESIDUAL, valueOf } from '../core/explain/text-models.ts';
import { cli, scratchFolder } from './cli-harness.ts';

const folder = scratchFolder();
const at = (name: string): string => join(folder, name);

async function write(name: string, model: Model): Promise<string> {
  const blob = valueOf(await saveModel(model));
  writeFileSync(at(name), new Uint8Array(await blob.arrayBuffer()));
  return at(name);
}

const quantized = await write('fan.onnx', modelOf(FAN_OUT));
const bare = await write('bare.onnx', valueOf(stripQuantizers(modelOf(FAN_OUT))));
const other = await write('other.onnx', valueOf(stripQuantizers(modelOf(RESIDUAL))));

test('placement shows tensors, scales and readers', async () => {
  const { code, out, errors } = await cli(['placement', quantized]);
  assert.deepEqual([code, errors], [0, []]);
  assert.match(out, /fan\.onnx {2}5 nodes without Q\/DQ, fingerprint [0-9a-f]{16}\n/);
  assert.match(out, /\nr0 +0\.07 +conv2 \(input 0\)\n/);
  assert.match(out, /\nw0 +0\.01 to 0\.01, 64 on axis 0 +conv0 \(input 1\)\n/);
  assert.match(out, /\n6 pairs, 3 scale constants\n$/);
});

test('a placement goes to a file and from there into another export', async () => {
  for (const name of ['p.yaml', 'p.json']) {
    const stored = await cli(['placement', quantized, '--out', at(name)]);
    assert.deepEqual([stored.code, stored.out], [0, `written: ${at(name)}\n`]);
    const to = at(`${name}.onnx`);
    const { code, out } = await cli(['placement', bare, '--apply', at(name), '--to', to]);
    assert.equal(code, 0, out);
    assert.match(out, /^6 pairs placed; the same export of the model\n/);
    assert.match(out, /layers, .* in INT8/);
    const same = await cli(['diff', quantized, to]);
    assert.deepEqual([same.code, same.errors], [0, []], same.out);
  }
  assert.match(readFileSync(at('p.yaml'), 'utf8'), /^# Where Q\/DQ stand/);
  JSON.parse(readFileSync(at('p.json'), 'utf8'));
});

test('what finds no place is told, and ends with 1', async () => {
  const { code, out } = await cli([
    'placement',
    other,
    ...['--apply', at('p.yaml'), '--to', at('partly.onnx'), '--json'],
  ]);
  const report = JSON.parse(out) as { unmatched: { message: string }[]; applied: unknown[] };
  assert.equal(code, 1);
  assert.ok(report.unmatched.length > 0 && report.applied.length > 0);
  assert.ok(existsSync(at('partly.onnx')));
});

test('diff takes stored placements on either side or on both', async () => {
  const same = await cli(['diff', quantized, at('p.yaml')]);
  assert.equal(same.code, 0, same.out);
  assert.match(same.out, /The placements are the same\.\nThe predicted engines are the same\./);
  writeFileSync(
    at('wider.yaml'),
    readFileSync(at('p.yaml'), 'utf8').replace('scale: 0.07', 'scale: 0.09'),
  );
  const words = /scale changed on r0 where conv2 reads it: scale 0\.09 becomes scale 0\.07/;
  const left = await cli(['diff', at('wider.yaml'), quantized]);
  assert.equal(left.code, 1);
  assert.match(left.out, words);
  const both = await cli(['diff', at('wider.yaml'), at('p.json')]);
  assert.equal(both.code, 1);
  assert.match(both.out, words);
  assert.match(both.out, /No model is given/);
});

test('bad use and bad files are refused in one line', async () => {
  const refused = async (...words: string[]): Promise<string> => {
    const { code, out, errors } = await cli(['placement', ...words]);
    assert.deepEqual([code, out, errors.length], [2, '', 1]);
    return errors.join();
  };
  assert.match(await refused(), /placement wants a model/);
  assert.match(await refused(bare, '--to', at('x.onnx')), /--to needs --apply/);
  assert.match(await refused(bare, '--apply', at('p.yaml')), /--apply needs --to/);
  writeFileSync(at('bad.yaml'), 'version: 1\npairs:\n  - tensor: [1]\n');
  assert.match(
    await refused(bare, '--apply', at('bad.yaml'), '--to', at('x.onnx')),
    /bad\.yaml, line 3: pairs\[0\]\.tensor has to be a name/,
  );
  assert.match(
    await refused(bare, '--apply', at('p.yaml'), '--to', bare),
    /written over a file that it is read from/,
  );
  assert.ok(!existsSync(at('x.onnx')));
});
