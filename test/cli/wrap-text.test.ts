import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapCommand, wrapText } from '../../src/cli/wrap-text.ts';

test('text breaks between words, later lines are indented', () => {
  assert.equal(wrapText('one two three', { width: 7 }), 'one two\nthree');
  assert.equal(wrapText('one\ntwo', { width: 80 }), 'one two');
  assert.equal(wrapText('  one two three', { width: 9, indent: '    ' }), '  one two\n    three');
  assert.equal(wrapText('a verylongword b', { width: 5 }), 'a\nverylongword\nb');
  assert.equal(wrapText('', { width: 5 }), '');
  // Characters count, not UTF-16 units.
  assert.equal(wrapText('😀😀 😀😀', { width: 5 }), '😀😀 😀😀');
});

test('a command breaks with a backslash, outside of quotes, and options keep their values', () => {
  const options = { width: 20, indent: '    ' };
  assert.equal(wrapCommand('  run a b', options), '  run a b');
  assert.equal(wrapCommand('run ab --out x.onnx yz', options), 'run ab \\\n    --out x.onnx yz');
  assert.equal(
    wrapCommand("run 'a b c d e f g' h", options),
    "run \\\n    'a b c d e f g' \\\n    h",
  );
  for (const line of wrapCommand(`run ${'word '.repeat(20)}end`, options).split('\n'))
    assert.ok(line.length <= 20, line);
});
