import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateChain } from '../support/generate-model.ts';
import { mainThreadTasks } from '../support/main-thread-tasks.ts';
import { LabPage, samplePath } from './lab-page.ts';

/** Longest time that a task of the main thread may compute, in milliseconds. */
const LIMIT_MS = 50;

test('no task over 50 ms on the main thread with a model of 1,500 nodes', async (t) => {
  const lab = await LabPage.open();
  try {
    const step = async (name: string, act: () => Promise<void>): Promise<void> => {
      const [longest] = await mainThreadTasks(lab.page, async () => {
        await act();
        await new Promise((resolve) => setTimeout(resolve, 300));
      });
      assert.ok(longest, 'tasks were recorded');
      const { cpuMs, wallMs } = longest;
      t.diagnostic(
        `${name}: longest task ${cpuMs.toFixed(1)} ms (${wallMs.toFixed(1)} ms by the clock)`,
      );
      assert.ok(cpuMs <= LIMIT_MS, `${name} blocks the page for ${cpuMs.toFixed(1)} ms`);
    };
    const greetedMs = await lab.page.evaluate(() => performance.now());
    t.diagnostic(`the greeting was predicted ${greetedMs.toFixed(0)} ms after navigation`);
    const path = lab.tempFile('chain.onnx', generateChain(1500));
    await step('open', () => lab.openFiles([path], /^chain\.onnx/));
    await step('change the mode', () => lab.choose('Mode', 'int8'));
    await step('select a finding', () => lab.page.keyboard.press('n'));
    await step('show the layers', async () => {
      await lab.click('summary-strip .drawer');
      await lab.click('drawer-view #tab-layers');
    });
    await step('sort the layers', () => lab.click('layer-table .head button:nth-of-type(2)'));
    await step('show the trace', () => lab.click('drawer-view #tab-trace'));
    await step('scroll the trace', async () => {
      const list = await lab.find('trace-table #trace');
      for (let i = 0; i < 20; i++)
        await list.evaluate((element) => {
          element.scrollTop += 777;
        });
    });
    await step('search', async () => {
      await lab.page.keyboard.press('/');
      await lab.page.keyboard.type('block12');
    });
    await step('walk the graph', async () => {
      await lab.page.keyboard.press('Escape');
      await lab.page.keyboard.press('3');
      for (let i = 0; i < 20; i++) await lab.page.keyboard.press('ArrowDown');
    });
    await lab.picture('chain-1500');
    await step('unpack and open 46 MB', () =>
      lab.openFiles([samplePath('resnet18.short')], /^resnet18\.short/),
    );
  } finally {
    await lab.close();
  }
});
