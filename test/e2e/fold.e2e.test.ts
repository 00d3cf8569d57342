import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LabPage } from './lab-page.ts';

let lab: LabPage;
before(async () => {
  lab = await LabPage.open();
});
after(() => lab.close());

const GRAPHS = { model: 'graph-pane[slot=first]', engine: 'graph-pane[slot=second]' } as const;

/** Nodes that a graph outlines. */
const marked = async (graph: keyof typeof GRAPHS): Promise<readonly string[]> =>
  (await lab.find(`${GRAPHS[graph]} graph-view`)).evaluate((view) => [
    ...(view as unknown as { highlight: Set<string> }).highlight,
  ]);

/** Ids of the boxes of the model graph. */
const boxes = async (): Promise<readonly string[]> =>
  (await lab.find(`${GRAPHS.model} graph-view`)).evaluate((view) =>
    (view as unknown as { scene: { boxes: { id: string }[] } }).scene.boxes.map(({ id }) => id),
  );

const until = async (what: string, ask: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain: ${what}`);
};

test('the pointer over a node outlines all that its layer runs, in both graphs', async () => {
  const view = await lab.find(`${GRAPHS.model} graph-view`);
  const box = await view.boundingBox();
  assert.ok(box);
  // The first nodes stand in the middle of the pane: one of them is found on the way down.
  for (let y = 20; y < box.height / 2; y += 10) {
    await lab.page.mouse.move(box.x + box.width * 0.43, box.y + y);
    if ((await marked('model')).includes('/conv1/Conv')) break;
  }
  for (const graph of ['model', 'engine'] as const) {
    await until(`marks in the ${graph}`, async () => (await marked(graph)).length > 2);
    const nodes = await marked(graph);
    for (const node of ['/conv1/Conv', '/relu/Relu', 'QuantizeLinear_2'])
      assert.ok(nodes.includes(node), `${graph}: ${nodes.join()}`);
  }
  await lab.picture('hovered-group');
  await lab.page.mouse.move(5, box.y + 5);
});

test('a node that a folded module hides is shown when it is found by search', async () => {
  await lab.page.evaluate(() => {
    location.hash = 'target=trt10.6-sm90&mode=best&module=/layer1';
  });
  await lab.reads('inspector-view group-card', /Draw it as one box/);
  await lab.click('inspector-view group-card header button');
  await until('the fold', async () => (await boxes()).includes('fold:/layer1'));
  await lab.picture('folded');
  await lab.page.keyboard.press('/');
  await lab.page.keyboard.type('layer1.1/conv2');
  await lab.page.keyboard.press('Enter');
  await lab.reads('inspector-view node-card', /\/layer1\/layer1\.1\/conv2\/Conv/);
  await until('the node', async () => (await boxes()).includes('/layer1/layer1.1/conv2/Conv'));
  assert.ok(!(await boxes()).includes('fold:/layer1'));
  assert.deepEqual(lab.opened.errors, []);
});
