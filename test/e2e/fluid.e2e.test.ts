import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabPage } from './lab-page.ts';
import { walkLargeModel } from './walk-large-model.ts';

/** Work that belongs in a worker takes longer than this with 1,500 nodes; `npm run bench -- fluid` holds the page to 50 ms. */
const FREEZE_MS = 400;

test('nothing that a user does with a large model freezes the page', async () => {
  const lab = await LabPage.open();
  try {
    for (const { name, longest } of await walkLargeModel(lab))
      assert.ok(
        longest.cpuMs < FREEZE_MS,
        `${name} blocks the page: ${longest.cpuMs.toFixed(0)} ms`,
      );
  } finally {
    await lab.close();
  }
});
