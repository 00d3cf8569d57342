import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabPage, samplePath } from './lab-page.ts';

test('without its server the page greets, predicts and opens models as before', async () => {
  const lab = await LabPage.open();
  try {
    const online = await lab.figures();
    await lab.reads('top-bar .marks', /works offline/);
    await lab.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await lab.opened.server.close();
    await lab.page.reload({ waitUntil: 'load' });
    assert.deepEqual(await lab.figures(), online);
    // The linter is a file of its own, which must have been kept too.
    await lab.reads('summary-strip .first', /shortcut in float/);
    await lab.openFiles([samplePath('yolov5n.convs')], /^yolov5n\.convs/);
    assert.ok((await lab.figures()).layers > online.layers);
    assert.deepEqual(lab.opened.elsewhere, []);
  } finally {
    await lab.close();
  }
});
