import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuiltLayer } from '../../../../src/core/engine/built-engine.ts';
import { engineSvg } from '../../../../src/core/engine-report/drawing/engine-svg.ts';
import { escapeMarkup, fitText } from '../../../../src/core/engine-report/drawing/markup.ts';
import { copy, engineOf, facts, layer, tensor } from '../hand-engine.ts';
import { hostileEngine, HOSTILE_NAMES } from '../hostile-engine.ts';
import { checkXml } from '../strict-xml.ts';

test('the check of XML is strict', () => {
  for (const bad of [
    '<a>',
    '<a></b>',
    '<a b=c/>',
    '<a>&nbsp;</a>',
    '<a b="1" b="2"/>',
    '<a/><b/>',
    '<a>\u0001</a>',
    'x',
  ])
    assert.throws(() => {
      checkXml(bad);
    }, bad);
  checkXml('<a b="1"><c/>&#60;</a>\n');
});

test('a drawing is XML whatever names hold', () => {
  for (const colour of ['precision', 'heat'] as const) {
    const svg = engineSvg(hostileEngine(), { colour });
    checkXml(svg);
    assert.doesNotMatch(svg, /<script|<img|[\u202a-\u202e\u2066-\u2069]/);
    assert.ok(svg.length < 200_000, 'long names are cut');
  }
  for (const name of HOSTILE_NAMES)
    checkXml(`<a b="${escapeMarkup(name)}">${escapeMarkup(name)}</a>`);
});

test('boxes tell type, time, share and marks; edges type, format and dimensions', () => {
  const engine = engineOf(
    [
      copy(
        'Q',
        tensor('x', { dataType: 'Float', format: 'LINEAR' }),
        tensor('q', { format: 'CHW32' }),
        {
          role: 'qdq',
          timeUs: 5,
          precision: 'fp32',
        },
      ),
      layer('c', [tensor('q', { format: 'CHW32' }), tensor('s')], [tensor('y')], {
        activation: 'RELU',
        convolution: facts({ hasResidual: true }),
        timeUs: 15,
      }),
    ],
    ['x', 'y'],
  );
  const svg = engineSvg(engine);
  for (const words of [
    '15.0 µs · 75.0 %',
    'RELU + residual',
    'INT8 CHW32',
    '1×32×8×8',
    'FP32 → INT8',
    'FP32 LINEAR',
  ])
    assert.ok(svg.includes(`>${words}<`), words);
  assert.ok(svg.includes('class="copy alarm"'));
  assert.ok(svg.includes('prefers-color-scheme:dark'));
  assert.ok(!engineSvg(engine, { bare: true }).includes('<style>'));
});

test('parts of a tensor that several layers write are marked', () => {
  const layers = [
    layer('a', [tensor('x')], [tensor('cat')]),
    layer('b', [tensor('x')], [tensor('cat')]),
    layer('c', [tensor('cat')], [tensor('y')]),
  ];
  assert.equal(engineSvg(engineOf(layers)).match(/>∪ INT8</g)?.length, 2);
});

test('a thousand layers are drawn in a few seconds', () => {
  const layers: BuiltLayer[] = Array.from({ length: 1000 }, (_, i) =>
    layer(
      `layer ${String(i)}`,
      [tensor(`t${String(i)}`), ...(i % 3 === 2 ? [tensor(`t${String(i - 2)}`)] : [])],
      [tensor(`t${String(i + 1)}`)],
      { timeUs: 1 + (i % 17) },
    ),
  );
  const start = performance.now();
  const svg = engineSvg(engineOf(layers));
  assert.ok(performance.now() - start < 10_000);
  assert.equal(svg.match(/class="box"/g)?.length, 1000);
  checkXml(svg);
});

test('text is cut by columns, its end is kept', () => {
  assert.equal(fitText('short', 10), 'short');
  assert.equal(fitText('abcdefghij', 5), '…ghij');
  assert.equal(fitText('卷积层卷积层', 5), '…积层');
  assert.equal(fitText('x'.repeat(1_000_000), 5), '…xxxx');
});
