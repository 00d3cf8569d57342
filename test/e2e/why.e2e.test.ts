import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LabPage } from './lab-page.ts';

let lab: LabPage;
before(async () => {
  lab = await LabPage.open();
  await lab.page.evaluate(() => {
    location.hash = 'target=trt10.6-sm90&mode=best&node=/layer1/layer1.0/Add';
  });
});
after(() => lab.close());

const WHY = 'node-card why-section';

test('a node says why it is float, which step of the builder decided, and where that is written', async () => {
  assert.match(await lab.reads(`${WHY} #reason`, /INT8 in/), /shortcut of .* has no Q\/DQ/);
  assert.match(await lab.text(`${WHY} #steps`), /✕ the shortcut of the Add has no Q\/DQ/);
  await lab.click(`${WHY} #steps summary`);
  await lab.find(`${WHY} #steps details[open] a`);
  await lab.picture('why');
});

test('the smallest change is searched on demand and told with its gain', async () => {
  const section = `${WHY} change-section`;
  assert.doesNotMatch(await lab.text(section), /Layers/);
  await lab.click(`${section} button`);
  const text = await lab.reads(section, /Data moved/);
  assert.match(text, /Smallest change .*Q\/DQ .* Then it runs in INT8, in and out/);
  const [, before, after] = /Q\/DQ left (\d+) (\d+)/.exec(text) ?? [];
  assert.ok(Number(after) < Number(before), text);
});

test('a search is cancelled at once, and the next question is answered', async () => {
  const node = (name: string) =>
    lab.page.evaluate((to) => {
      location.hash = `target=trt10.6-sm90&mode=best&node=${to}`;
    }, name);
  await node('/layer2/layer2.0/Add');
  await lab.reads('inspector-view node-card', /layer2\.0\/Add/);
  await lab.reads(`${WHY} #reason`, /INT8 in/);
  const section = await lab.find(`${WHY} change-section`);
  const seen = await section.evaluate(async (element) => {
    element.shadowRoot?.querySelector('button')?.click();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const cancel = element.shadowRoot?.querySelector('button');
    cancel?.click();
    return cancel?.textContent.trim();
  });
  assert.equal(seen, 'Cancel');
  await lab.reads(`${WHY} change-section`, /^Smallest change Search/);
  await node('/conv1/Conv');
  await lab.reads('inspector-view node-card', /7/);
  await lab.reads(`${WHY} #reason`, /MaxPool reads the result in float/);
});

test('the best reachable engine is compared with this one, and a row goes to its nodes', async () => {
  await lab.click('summary-strip .drawer');
  await lab.click('drawer-view #tab-reference');
  const text = await lab.reads('drawer-view shortfall-list', /This engine: 33 layers/);
  assert.match(text, /becomes 24 layers, 22 of 22 in INT8/);
  await lab.click('shortfall-list li button');
  await lab.reads('inspector-view node-card', /\/conv1\/Conv/);
  assert.match(await lab.text('drawer-view #tab-reference'), /^Best reachable \d+$/);
  await lab.picture('best-reachable');
  assert.deepEqual(lab.opened.errors, []);
});
