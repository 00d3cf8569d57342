import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KeyInput } from 'puppeteer-core';
import { LabPage } from './lab-page.ts';

let lab: LabPage;
before(async () => {
  lab = await LabPage.open();
});
after(() => lab.close());

const press = async (...keys: KeyInput[]): Promise<void> => {
  for (const key of keys) await lab.page.keyboard.press(key);
};

/** Tag names from the document to the element that has the keyboard. */
const focusPath = (): Promise<string> =>
  lab.page.evaluate(() => {
    const path: string[] = [];
    let at = document.activeElement;
    while (at !== null) {
      path.push(at.localName);
      at = at.shadowRoot?.activeElement ?? null;
    }
    return path.join(' ');
  });

test('a slash searches; Enter selects the first match and the list takes the keyboard', async () => {
  await press('/');
  assert.match(await focusPath(), /outline-view input$/);
  await lab.page.keyboard.type('downsample');
  await lab.reads('outline-view .counts', /^3 matches$/);
  await press('Enter');
  await lab.reads('inspector-view node-card', /layer2\.0\/downsample/);
  assert.match(await focusPath(), /virtual-list$/);
  await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter');
  await lab.reads('inspector-view node-card', /layer3\.0\/downsample/);
  await press('Escape');
  await lab.reads('outline-view .counts', /^133 nodes/);
});

test('3 goes to the engine, arrows follow its edges, Enter opens the inspector', async () => {
  await press('3');
  assert.match(await focusPath(), /graph-view div$/);
  await press('Home', 'ArrowDown', 'ArrowDown');
  await lab.reads('inspector-view layer-card', /Relu|relu/);
  const first = await lab.text('inspector-view layer-card');
  await press('ArrowDown');
  await lab.reads('inspector-view layer-card', /Pooling/);
  assert.notEqual(await lab.text('inspector-view layer-card'), first);
  await press('Enter');
  assert.match(await focusPath(), /inspector-view$/);
});

test('the same selection is marked in the model graph', async () => {
  const marked = await (
    await lab.find('graph-pane[slot=first] graph-view')
  ).evaluate((view) => [...(view as unknown as { highlight: Set<string> }).highlight]);
  assert.ok(marked.includes('/maxpool/MaxPool'), marked.join());
});

test('n and p go through the findings', async () => {
  await press('n');
  const first = await lab.reads('inspector-view finding-card', /▲ Costs time/);
  await press('n');
  const second = await lab.text('inspector-view finding-card');
  assert.notEqual(second, first);
  await press('p');
  assert.equal(await lab.text('inspector-view finding-card'), first);
});

test('t opens the details, 5 goes there, and a layer can be chosen from its table', async () => {
  await press('5');
  assert.match(await focusPath(), /drawer-view$/);
  await press('Tab');
  for (let tabs = 0; tabs < 5; tabs++) await press('ArrowRight');
  await lab.find('drawer-view layer-table');
  for (let tabs = 0; tabs < 12 && !(await focusPath()).endsWith('virtual-list'); tabs++)
    await press('Tab');
  assert.match(await focusPath(), /layer-table virtual-list$/);
  await press('End', 'Enter');
  await lab.find('inspector-view layer-card');
  await press('t');
  assert.equal(await lab.page.$('>>> drawer-view:not([slot])'), null);
});

test('a question mark lists all keys, Escape closes the list', async () => {
  await press('1', 'Escape', '3');
  await lab.page.keyboard.type('?');
  await lab.find('keys-overlay dialog[open]');
  await lab.picture('keys');
  await press('Escape');
  await lab.gone('keys-overlay dialog[open]');
});

test('the keyboard alone chooses another target', async () => {
  for (let tabs = 0; tabs < 40 && !(await focusPath()).endsWith('top-bar select'); tabs++)
    await press('Tab');
  await press('Tab');
  await press('ArrowDown');
  await lab.reads('graph-pane[slot=second] header', /trt11\.2-sm90 strong/);
  assert.deepEqual(lab.opened.errors, []);
});
