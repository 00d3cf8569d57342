import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assembleEngine } from '../../../src/core/engine/assemble-engine.ts';
import { kindOfEngineFile } from '../../../src/core/engine/engine-file-kind.ts';
import { readBuildLog } from '../../../src/core/engine/read-build-log.ts';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { readProfile } from '../../../src/core/engine/read-profile.ts';
import { readTimes } from '../../../src/core/engine/read-times.ts';
import { readTrexMetadata } from '../../../src/core/engine/read-trex-metadata.ts';
import { givenText, ownFiles, skipGiven } from './engine-files.ts';

const files = ownFiles('resnet18.convs.best.layer.json').map(({ text }) => text());

/** Whatever stands in a file, it is read or refused with a sentence. */
function readAll(text: string): boolean {
  kindOfEngineFile('f', text);
  const results = [
    readEngine('f', text),
    readProfile('f', text),
    readTimes('f', text),
    readBuildLog('f', text),
    readTrexMetadata('f', text),
    assembleEngine([{ name: 'f', text }]),
  ];
  for (const result of results)
    if (!result.ok) assert.ok(result.error.message !== '' && result.error.advice !== '');
  return results[0]!.ok;
}

test('files cut off anywhere are refused as such', () => {
  assert.ok(files.length > 0);
  for (const whole of files) {
    assert.ok(readAll(whole));
    for (let i = 0; i < 50; i++) {
      const cut = whole.slice(0, Math.floor((whole.length * i) / 50));
      assert.equal(readAll(cut), false, `cut at ${String(cut.length)}`);
    }
  }
});

test('files with characters changed never throw', () => {
  let state = 12345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (const whole of files)
    for (let i = 0; i < 150; i++) {
      const characters = [...whole];
      for (let n = random(6); n >= 0; n--)
        characters[random(characters.length)] = String.fromCharCode(random(256));
      readAll(characters.join(''));
    }
});

test('files whose values are of other kinds never throw', () => {
  const odd = [null, 3, -1, 'x', [], {}, [null], [[1]], true, { Type: 7 }];
  for (const whole of files) {
    const json = JSON.parse(whole) as { Layers: Record<string, unknown>[] };
    const fields = [...new Set(json.Layers.flatMap((layer) => Object.keys(layer)))];
    for (const field of fields)
      for (const value of odd) {
        const Layers = json.Layers.slice(0, 6).map((layer) => ({ ...layer, [field]: value }));
        readAll(JSON.stringify({ ...json, Layers }));
        readAll(
          JSON.stringify({ Layers, Bindings: value, 'I/O Tensors': [value, { Name: value }] }),
        );
      }
  }
});

test('logs cut off or changed never throw', { skip: skipGiven }, () => {
  const log = givenText('trt10.6.0-h100/micro/chain_c16.strong.log');
  for (let i = 0; i < 50; i++) {
    const at = Math.floor((log.length * i) / 50);
    readAll(log.slice(0, at));
    readAll(`${log.slice(0, at)}\u0000[E] While parsing node number 1 [\n${log.slice(at)}`);
  }
});
