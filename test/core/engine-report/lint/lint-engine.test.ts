import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { BuiltEngine, BuiltLayer } from '../../../../src/core/engine/built-engine.ts';
import { ENGINE_CATALOGUE } from '../../../../src/core/engine-report/lint/engine-catalogue.ts';
import type { EngineFinding } from '../../../../src/core/engine-report/lint/engine-finding.ts';
import { lintEngine } from '../../../../src/core/engine-report/lint/lint-engine.ts';
import { calledName } from '../../../../src/core/engine-report/lint/engine-words.ts';
import { copy, engineOf, facts, layer, tensor } from '../hand-engine.ts';

const RULES = new URL('../../../../src/core/engine-report/lint/rules/', import.meta.url);
const float = { dataType: 'Float' } as const;
const half = { dataType: 'Half' } as const;

const found = (engine: BuiltEngine, ruleId: string): readonly EngineFinding[] =>
  lintEngine(engine).filter((finding) => finding.ruleId === ruleId);
const only = (engine: BuiltEngine, ruleId: string): EngineFinding => {
  const findings = found(engine, ruleId);
  assert.equal(findings.length, 1, `${ruleId}: ${findings.map((f) => f.message).join(' | ')}`);
  return findings[0]!;
};
const conv = (
  name: string,
  input: BuiltLayer['inputs'][number],
  output: BuiltLayer['inputs'][number],
  more: Parameters<typeof layer>[3] = {},
): BuiltLayer => layer(name, [input], [output], { convolution: facts(), ...more });
const qdq = { role: 'qdq', origin: 'QDQ' } as const;

test('every rule file stands once in the catalogue, under its own name', () => {
  const files = readdirSync(RULES).map((file) => file.replace(/\.ts$/, ''));
  assert.deepEqual(ENGINE_CATALOGUE.map(({ id }) => id).sort(), files.sort());
  for (const { docs, advice, consequence } of ENGINE_CATALOGUE) {
    assert.ok(docs.every(({ url }) => url.startsWith('https://')));
    assert.match(`${advice} ${consequence}`, /^[A-Z].*\. [A-Z].*\.$/s);
  }
});

test('an engine that is INT8 all through has nothing to say', () => {
  const engine = engineOf(
    [
      conv('a', tensor('x'), tensor('y'), { tactic: 'k_tensor16x8x32', timeUs: 8 }),
      conv('b', tensor('y'), tensor('z'), { tactic: 'k_tensor16x8x32', timeUs: 8 }),
    ],
    ['x', 'z'],
  );
  assert.deepEqual(lintEngine(engine), []);
});

test('a reformat names its change and its neighbours; a dear one is a warning', () => {
  const engine = (timeUs: number): BuiltEngine =>
    engineOf([
      conv('a', tensor('x'), tensor('y', { format: 'CHW32' }), { timeUs: 90 }),
      copy('r', tensor('y', { format: 'CHW32' }), tensor('y2', { format: 'CHW4' }), { timeUs }),
      conv('b', tensor('y2', { format: 'CHW4' }), tensor('z'), { timeUs: 90 }),
    ]);
  const dear = only(engine(20), 'costly-reformat');
  assert.equal(dear.message, 'INT8 CHW32 → INT8 CHW4 between a and b; 20.0 µs, 10.0 %.');
  assert.equal(dear.severity, 'warning');
  assert.equal(dear.lostUs, 20);
  assert.deepEqual(dear.layers, [{ index: 1, name: 'r' }]);
  assert.equal(only(engine(0.5), 'costly-reformat').severity, 'info');
});

test('a reformat at the edge of the network is no warning', () => {
  const engine = engineOf(
    [
      copy('r', tensor('x', float), tensor('x2', half), { timeUs: 50 }),
      layer('a', [tensor('x2', half)], [tensor('y', half)], { timeUs: 50, precision: 'fp16' }),
    ],
    ['x', 'y'],
  );
  const finding = only(engine, 'costly-reformat');
  assert.equal(finding.severity, 'info');
  assert.match(finding.message, /^FP32 → FP16 between the network input and a;/);
  assert.match(finding.advice, /--inputIOFormats/);
});

test('a Q that no layer took is told, as a Reformat and as a Scale; at the input it is expected', () => {
  const engine = engineOf(
    [
      copy('Q0', tensor('x', float), tensor('q'), { ...qdq, timeUs: 4 }),
      conv('a', tensor('q'), tensor('y', half), { timeUs: 20 }),
      copy('Q1', tensor('y', half), tensor('y2'), { ...qdq, timeUs: 6 }),
      layer('S', [tensor('y2')], [tensor('y3', float)], { layerType: 'Scale', timeUs: 3 }),
      layer('soft', [tensor('y3', float)], [tensor('z', float)], { precision: 'fp32', timeUs: 9 }),
    ],
    ['x', 'z'],
  );
  assert.deepEqual(
    found(engine, 'unfused-quantizer').map(({ layers, severity, lostUs }) => [
      layers[0]?.name,
      severity,
      lostUs,
    ]),
    [
      ['Q1', 'warning', 6],
      ['S', 'warning', 3],
      ['Q0', 'info', 4],
    ],
  );
  assert.equal(
    found(engine, 'unfused-quantizer')[0]?.message,
    'Q1 runs by itself, FP16 → INT8, behind a, before S; 6.0 µs, 14.3 %.',
  );
});

test('INT8 in and float out is a warning where it must be converted, not at the end of the network', () => {
  const engine = (last: BuiltLayer, bindings: readonly string[]): BuiltEngine =>
    engineOf([conv('a', tensor('x'), tensor('y', float), { timeUs: 20 }), last], bindings);
  const quantized = engine(copy('Q', tensor('y', float), tensor('z'), { ...qdq, timeUs: 5 }), []);
  const finding = only(quantized, 'float-output');
  assert.equal(finding.message, 'a takes INT8 and writes FP32; Q converts it to INT8 in 5.0 µs.');
  assert.equal(finding.severity, 'warning');
  assert.equal(finding.lostUs, 5);
  const read = engine(
    layer('s', [tensor('y', float)], [tensor('z', float)], { precision: 'fp32' }),
    [],
  );
  assert.equal(only(read, 'float-output').severity, 'info');
  const out = engine(copy('r', tensor('y', float), tensor('z', half)), ['z']);
  assert.deepEqual(found(out, 'float-output'), []);
});

test('a float layer between INT8 layers is an island, with the copies around it', () => {
  const layers = [
    conv('a', tensor('x'), tensor('y'), { timeUs: 20 }),
    copy('DQ', tensor('y'), tensor('yf', float), { ...qdq, timeUs: 3 }),
    layer('soft', [tensor('yf', float)], [tensor('zf', float)], { precision: 'fp32', timeUs: 7 }),
    copy('Q', tensor('zf', float), tensor('z'), { ...qdq, timeUs: 4 }),
    conv('b', tensor('z'), tensor('out'), { timeUs: 20 }),
  ];
  const finding = only(engineOf(layers, ['x', 'out']), 'float-island');
  assert.equal(
    finding.message,
    'soft computes in FP32 for 7.0 µs between a and b; DQ and Q convert for it in 7.0 µs.',
  );
  assert.equal(finding.lostUs, 7);
  assert.deepEqual(found(engineOf(layers.slice(0, 3), ['x', 'zf']), 'float-island'), []);
  const allFloat = layers.map((each) => ({ ...each, precision: 'fp32' as const }));
  assert.deepEqual(found(engineOf(allFloat), 'float-island'), []);
});

test('channels are held to the vector of the type; images and groups are not', () => {
  const aligned = (
    precision: BuiltLayer['precision'],
    input: number,
    output: number,
    groups = 1,
  ): readonly EngineFinding[] =>
    found(
      engineOf([
        conv('c', tensor('x', { dims: [1, input, 8, 8] }), tensor('y'), {
          precision,
          convolution: facts({ outMaps: output, groups }),
          timeUs: 10,
        }),
      ]),
      'unaligned-channels',
    );
  assert.deepEqual(aligned('int8', 64, 96), []);
  assert.deepEqual(aligned('int8', 3, 64), []);
  assert.deepEqual(aligned('int8', 48, 48, 48), []);
  assert.deepEqual(aligned('fp16', 24, 40), []);
  assert.deepEqual(aligned('fp32', 33, 33), []);
  assert.equal(aligned('fp16', 36, 40).length, 1);
  const finding = aligned('int8', 48, 64)[0]!;
  // 48 of 64 channels are asked for: a quarter of the arithmetic, 2.5 of 10 µs.
  assert.equal(finding.lostUs, 2.5);
  assert.match(finding.message, /48 input channels.*25 % .* at most 2\.5 µs/);
});

test('a product without tensor cores is told unless it is depthwise or of an unknown kernel', () => {
  const engine = (tactic: string | null, groups = 1): BuiltEngine =>
    engineOf([
      conv('c', tensor('x'), tensor('y'), { tactic, convolution: facts({ groups }), timeUs: 9 }),
    ]);
  assert.equal(only(engine('sm70_simt_small_batch'), 'no-tensor-core-tactic').severity, 'warning');
  assert.deepEqual(found(engine('sm70_simt_small_batch', 32), 'no-tensor-core-tactic'), []);
  assert.deepEqual(found(engine('0x12'), 'no-tensor-core-tactic'), []);
  assert.deepEqual(found(engine(null), 'no-tensor-core-tactic'), []);
});

test('a hotspot stands out of an even share', () => {
  const engine = (first: number): BuiltEngine =>
    engineOf(
      Array.from({ length: 40 }, (_, i) =>
        conv(`c${String(i)}`, tensor(`t${String(i)}`), tensor(`t${String(i + 1)}`), {
          timeUs: i === 0 ? first : 10,
        }),
      ),
    );
  assert.deepEqual(found(engine(30), 'hotspot'), []);
  const finding = only(engine(110), 'hotspot');
  assert.match(finding.message, /^c0 .* takes 110 µs, 22\.0 % of all layers\.$/);
  assert.deepEqual(
    found(engineOf([conv('a', tensor('x'), tensor('y'), { timeUs: 9 })]), 'hotspot'),
    [],
  );
});

test('many tiny kernels are one finding', () => {
  const engine = (count: number): BuiltEngine =>
    engineOf(
      Array.from({ length: count }, (_, i) =>
        conv(`c${String(i)}`, tensor(`t${String(i)}`), tensor(`t${String(i + 1)}`), { timeUs: 3 }),
      ),
    );
  assert.equal(only(engine(20), 'many-tiny-kernels').layers.length, 20);
  assert.deepEqual(found(engine(19), 'many-tiny-kernels'), []);
});

test('a concatenation of mixed parts names the copies that convert', () => {
  const part = (name: string): BuiltLayer['outputs'][number] => tensor(name, float);
  const engine = engineOf([
    conv('a', tensor('x'), part('cat'), { timeUs: 5 }),
    copy('DQ', tensor('y'), part('cat'), { ...qdq, timeUs: 3 }),
    layer('s', [part('cat')], [part('z')], { precision: 'fp32', timeUs: 4 }),
  ]);
  const finding = only(engine, 'mixed-concat');
  assert.equal(
    finding.message,
    'cat is put together from 2 parts in FP32 and INT8; DQ converts for 3.0 µs.',
  );
  assert.equal(finding.lostUs, 3);
  const scaled = engineOf([
    conv('a', tensor('x'), tensor('cat'), { timeUs: 5 }),
    layer('s', [tensor('y')], [tensor('cat')], { layerType: 'Scale', role: 'qdq', timeUs: 3 }),
    conv('b', tensor('cat'), tensor('z'), { timeUs: 5 }),
  ]);
  assert.equal(
    only(scaled, 'mixed-concat').message,
    'cat is put together from 2 parts in INT8 of different scales; s converts for 3.0 µs.',
  );
  assert.deepEqual(found(scaled, 'requantization-copy'), []);
});

test('sentences call layers by the nodes that do the work', () => {
  const name = 'w + QuantizeLinear_2 + /l/conv1/Conv + /l/relu/Relu';
  const nodes = ['QuantizeLinear_2', '/l/conv1/Conv', '/l/relu/Relu', 'DequantizeLinear_1'];
  assert.equal(calledName({ name, nodes }), '/l/conv1/Conv + Relu');
  const copied = `Reformatting CopyNode for Input Tensor 0 to ${name}`;
  assert.equal(calledName({ name: copied, nodes: [] }), 'the reformat before /l/relu/Relu');
  const nested = 'PWN(PWN(/a/Sigmoid), /a/Mul)';
  assert.equal(calledName({ name: nested, nodes: ['/a/Sigmoid', '/a/Mul'] }), '/a/Sigmoid + Mul');
  assert.equal(calledName({ name: 'a\u001eb', nodes: [] }), 'b');
  assert.equal(calledName({ name: '', nodes: [] }), '');
});

test('copies into a concatenation and requantizations are told apart', () => {
  const engine = engineOf([
    conv('a', tensor('x'), tensor('y'), { timeUs: 5 }),
    copy('k', tensor('y'), tensor('cat'), { origin: 'CONCAT', timeUs: 2 }),
    layer('s', [tensor('cat')], [tensor('r')], { layerType: 'Scale', timeUs: 3 }),
    conv('b', tensor('r'), tensor('z'), { timeUs: 5 }),
  ]);
  assert.equal(only(engine, 'concat-copy').message, 'k moves INT8 into its place; 2.0 µs, 13.3 %.');
  assert.equal(
    only(engine, 'requantization-copy').message,
    's rescales INT8 to INT8 between k and b; 3.0 µs, 20.0 %.',
  );
  assert.deepEqual(found(engine, 'costly-reformat'), []);
  assert.deepEqual(found(engine, 'unfused-quantizer'), []);
});

test('without a profile findings have no times, and no rule fails on an empty engine', () => {
  const engine = engineOf([
    conv('a', tensor('x'), tensor('y', half)),
    copy('Q', tensor('y', half), tensor('z'), qdq),
    layer('t', [], [], { layerType: 'TrainStation', precision: 'other', nodes: [] }),
  ]);
  const findings = lintEngine(engine);
  assert.deepEqual(findings.map(({ ruleId }) => ruleId).sort(), [
    'float-output',
    'unfused-quantizer',
  ]);
  assert.ok(findings.every(({ lostUs, message }) => lostUs === null && !message.includes('µs')));
  assert.deepEqual(lintEngine(engineOf([])), []);
});

test('a name of ten thousand characters is cut in a sentence', () => {
  const finding = only(
    engineOf([copy('n'.repeat(10_000), tensor('x', half), tensor('y'), qdq)]),
    'unfused-quantizer',
  );
  assert.ok(finding.message.length < 400);
  assert.equal(finding.layers[0]?.name.length, 10_000);
});
