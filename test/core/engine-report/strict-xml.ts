import assert from 'node:assert/strict';

const NAME = '[A-Za-z_:][\\w:.-]*';
const TOKEN = new RegExp(
  `<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>|<\\?xml[^>]*\\?>|([^<]+)`,
  'gy',
);
// All that XML 1.0 permits of characters.
const FIT = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const ENTITIES = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/;

/** Fails unless `text` is well-formed XML: permitted characters, quoted attributes once each, known entities, matching tags, one root. */
export function checkXml(text: string): void {
  assert.match(text, FIT, 'a character that XML has no place for');
  assert.doesNotMatch(text, ENTITIES, 'a bare ampersand');
  const open: string[] = [];
  let roots = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    assert.ok(match, `not XML at ${String(at)}: ${text.slice(at, at + 80)}`);
    const [, close, name, attributes, empty, words] = match;
    if (words !== undefined) assert.ok(open.length > 0 || words.trim() === '', 'text outside');
    if (name === undefined) continue;
    const names = [...(attributes ?? '').matchAll(new RegExp(`(${NAME})=`, 'g'))].map(([, n]) => n);
    assert.equal(new Set(names).size, names.length, `an attribute twice in <${name}>`);
    if (close) assert.equal(open.pop(), name);
    else {
      if (open.length === 0) roots++;
      if (!empty) open.push(name);
    }
  }
  assert.deepEqual(open, []);
  assert.equal(roots, 1);
}
