import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../../../src/ui/state/store.ts';

test('an update makes a new state and leaves the old one alone', () => {
  const store = new Store({ a: 1, b: 'x' });
  const before = store.state;
  store.update({ a: 2 });
  assert.deepEqual(store.state, { a: 2, b: 'x' });
  assert.deepEqual(before, { a: 1, b: 'x' });
});

test('listeners hear changes only, with both states, until they leave', () => {
  const store = new Store({ a: 1 });
  const heard: [number, number][] = [];
  const leave = store.subscribe((state, previous) => heard.push([previous.a, state.a]));
  store.update({ a: 1 });
  store.update({ a: 2 });
  leave();
  store.update({ a: 3 });
  assert.deepEqual(heard, [[1, 2]]);
});

test('a listener may update: the state that follows is the last one', () => {
  const store = new Store({ a: 1, double: 2 });
  store.subscribe(({ a }) => {
    store.update({ double: 2 * a });
  });
  store.update({ a: 5 });
  assert.deepEqual(store.state, { a: 5, double: 10 });
});
