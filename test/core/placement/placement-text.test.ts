import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../../src/core/base/diagnostic.ts';
import { applyPlacement } from '../../../src/core/placement/apply-placement.ts';
import { comparePlacements } from '../../../src/core/placement/compare-placements.ts';
import { parsePlacement } from '../../../src/core/placement/parse-placement.ts';
import type { Placement } from '../../../src/core/placement/placement-file.ts';
import { printPlacement } from '../../../src/core/placement/print-placement.ts';
import { readPlacement } from '../../../src/core/placement/read-placement.ts';
import { stripQuantizers } from '../../../src/core/placement/strip-quantizers.ts';
import { FAN_OUT, modelOf, RESIDUAL, valueOf } from '../explain/text-models.ts';

const placementOf = async (text: string): Promise<Placement> =>
  valueOf(await readPlacement(modelOf(text))).placement;

function refusal(text: string): Diagnostic {
  const parsed = parsePlacement(text, 'p.yaml');
  assert.ok(!parsed.ok, 'it was read');
  return parsed.error;
}

const PAIRS = `version: 1
pairs:
  - tensor: r0
    readers: [{node: conv1, input: 0}]
    scale: 0.05
`;

test('both formats hold all of a placement', async () => {
  const model = modelOf(FAN_OUT);
  const placement = await placementOf(FAN_OUT);
  for (const format of ['yaml', 'json'] as const) {
    const text = printPlacement(placement, format);
    const read = valueOf(parsePlacement(text));
    assert.equal(printPlacement(read, format), text);
    const bare = valueOf(stripQuantizers(model));
    const again = valueOf(applyPlacement(bare, read, { replace: false }));
    assert.deepEqual(again.unmatched, []);
    assert.deepEqual(comparePlacements(model.graph, again.model.graph), []);
  }
  JSON.parse(printPlacement(placement, 'json'));
});

test('YAML reads well: scales that are shared stand once, lists take one line', async () => {
  const text = printPlacement(await placementOf(RESIDUAL), 'yaml');
  assert.match(text, /^scales:\n {2}s: 0\.05\n {2}ws: \[0\.01, 0\.01, .*\]\n/m);
  assert.match(
    text,
    / {2}- tensor: w0\n {4}readers:\n {6}- \{node: conv0, input: 1\}\n {4}all: true\n {4}axis: 0\n {4}scale: ws\n {4}quantize: conv0_wq\n/,
  );
  assert.match(text, /\n {2}conv0: \[Conv, "?[0-9a-f]{16}"?, "?[0-9a-f]{16}"?\]\n/);
});

test('scales come back to the bit, with as few digits as do', async () => {
  const numbers = [0.1, 1e-7, 16777216, 0.015748031437397003, 3.4e38, 1 / 3].map(Math.fround);
  const [pair] = (await placementOf(FAN_OUT)).pairs;
  assert.ok(pair);
  const settings = { ...pair.settings, scale: 'own', axis: 0 };
  const placement: Placement = {
    model: { name: 'g', nodes: 0, fingerprint: '' },
    scales: new Map([['own', { numbers, dims: [6], dataType: 'float32' }]]),
    pairs: [{ ...pair, settings }],
    structure: new Map(),
  };
  const text = printPlacement(placement, 'yaml');
  assert.match(text, /scale: \[0\.1, 1e-7, 16777216, 0\.015748031, 3\.4e\+38, 0\.33333334\]/);
  const [only] = valueOf(parsePlacement(text)).scales.values();
  assert.deepEqual(only?.numbers, numbers);
});

test('a placement written by hand needs no more than tensors, readers and scales', () => {
  const read = valueOf(parsePlacement(PAIRS));
  const bare = valueOf(stripQuantizers(modelOf(RESIDUAL)));
  const done = valueOf(applyPlacement(bare, read, { replace: false }));
  assert.deepEqual(done.unmatched, []);
  assert.deepEqual(
    done.applied.map(({ value, by, readers }) => [value, by, readers]),
    [['r0', 'name', ['conv1']]],
  );
  assert.ok(done.model.graph.node('conv1_input_QuantizeLinear'));
  const forAll = PAIRS.replace('[{node: conv1, input: 0}]', 'all');
  const all = valueOf(applyPlacement(bare, valueOf(parsePlacement(forAll)), { replace: false }));
  assert.deepEqual(all.applied[0]?.readers, ['conv1', 'add']);
});

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ['broken syntax', 'version: [1\npairs: }', /line 2: this is neither YAML nor JSON/],
  ['something else', '- a\n- b\n', /line 1: this is no placement/],
  ['no text', '', /line 1: this is no placement/],
  ['another version', 'version: 7\npairs: []', /states version 7/],
  ['an unknown key', `${PAIRS}    colour: red\n`, /line 6: pairs\[0\]\.colour is no key/],
  [
    'no tensor',
    'version: 1\npairs:\n  - {readers: all, scale: 1}',
    /line 3: pairs\[0\] names no tensor/,
  ],
  ['a scale in words', PAIRS.replace('0.05', 'small'), /line 5: pairs\[0\]\.scale names small/],
  ['an infinite scale', PAIRS.replace('0.05', '[.inf]'), /line 5: .*has to be a finite number/],
  [
    'a map for a name',
    PAIRS.replace('r0', '{a: 1}'),
    /line 3: pairs\[0\]\.tensor has to be a name/,
  ],
  ['a negative input', PAIRS.replace('input: 0', 'input: -1'), /has to be an integer from 0/],
  ['an unknown type', `${PAIRS}    type: int9\n`, /line 6: pairs\[0\]\.type cannot be int9/],
  ['a zero point beyond', `${PAIRS}    zeroPoint: 300\n`, /integer from -128 to 127/],
  ['a key twice', `${PAIRS}    scale: 1\n`, /line 6: pairs\[0\]\.scale is given twice/],
  ['a custom tag', PAIRS.replace('r0', '!!js/function "f"'), /neither YAML nor JSON/],
  ['an anchor', PAIRS.replace('r0', '&a r0').replace('0.05', '*a'), /line 5: .*has to be a name/],
];
for (const [what, text, expected] of WRONG)
  test(`a text with ${what} is refused with its line`, () => {
    const { code, message } = refusal(text);
    assert.match(code, /^placement\/(unreadable|version-unknown)$/);
    assert.match(message, expected);
  });

test('texts made to blow up are refused at once', () => {
  const bomb = Array.from({ length: 40 }, (_, i) =>
    i === 0 ? 'a0: &a0 [x, x]' : `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`,
  );
  const start = performance.now();
  assert.match(refusal(`version: 1\npairs: *a39\n${bomb.join('\n')}`).message, /line \d+/);
  const deep = `version: 1\npairs: ${'['.repeat(100_000)}`;
  assert.match(refusal(deep).message, /nested too deeply|neither YAML nor JSON/);
  const proto = refusal('version: 1\n__proto__: {pairs: []}\npairs: []');
  assert.match(proto.message, /__proto__ is no key/);
  assert.ok(performance.now() - start < 5000);
});
