import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf, viewOfHash } from '../../../src/ui/state/url-hash.ts';

test('a view survives the way through the address', () => {
  const target = { trt: '10.6', sm: 120, mode: 'int8' } as const;
  const name = '/a b/Conv&x=ü + QuantizeLinear_0';
  const hash = hashOf(target, { kind: 'layer', name, nodes: ['n'] });
  assert.deepEqual(viewOfHash(`#${hash}`), { target, selection: { kind: 'layer', name } });
});

test('the model is never in the address', () => {
  const hash = hashOf({ trt: '8.6', sm: 75, mode: 'best' }, null);
  assert.equal(hash, 'target=trt8.6-sm75&mode=best');
});

test('nonsense is left out', () => {
  assert.deepEqual(viewOfHash('#target=cuda&layer'), { selection: { kind: 'layer', name: '' } });
  assert.deepEqual(viewOfHash(''), {});
});

test('a mode that the version lacks becomes one that it has', () => {
  assert.equal(viewOfHash('#target=trt11.2-sm90&mode=best').target?.mode, 'strong');
  assert.equal(viewOfHash('#target=trt8.6-sm90&mode=strong').target?.mode, 'best');
});
