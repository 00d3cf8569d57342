import { generateChain } from '../support/generate-model.ts';
import { mainThreadTasks } from '../support/main-thread-tasks.ts';
import type { MainThreadTask } from '../support/main-thread-tasks.ts';
import type { LabPage } from './lab-page.ts';
import { samplePath } from './lab-page.ts';

/** One thing that a user does, and the longest task of the main thread while it happened. */
export interface Stride {
  readonly name: string;
  readonly longest: MainThreadTask;
}

/** Does with a model of 1,500 nodes, and then with a file of 46 MB, what a user would do first. */
export async function walkLargeModel(lab: LabPage): Promise<readonly Stride[]> {
  const strides: Stride[] = [];
  const stride = async (name: string, act: () => Promise<void>): Promise<void> => {
    const [longest] = await mainThreadTasks(lab.page, async () => {
      await act();
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    if (!longest) throw new Error(`no task was recorded for ${name}`);
    strides.push({ name, longest });
  };
  const path = lab.tempFile('chain.onnx', generateChain(1500));
  await stride('open', () => lab.openFiles([path], /^chain\.onnx/));
  await stride('change the mode', () => lab.choose('Mode', 'int8'));
  await stride('select a finding', () => lab.page.keyboard.press('n'));
  await stride('show the layers', async () => {
    await lab.click('summary-strip .drawer');
    await lab.click('drawer-view #tab-layers');
  });
  await stride('sort the layers', () => lab.click('layer-table .head button:nth-of-type(2)'));
  await stride('show the trace', () => lab.click('drawer-view #tab-trace'));
  await stride('scroll the trace', async () => {
    const list = await lab.find('trace-table #trace');
    for (let i = 0; i < 20; i++)
      await list.evaluate((element) => {
        element.scrollTop += 777;
      });
  });
  await stride('search', async () => {
    await lab.page.keyboard.press('/');
    await lab.page.keyboard.type('block12');
  });
  await stride('walk the graph', async () => {
    await lab.page.keyboard.press('Escape');
    await lab.page.keyboard.press('3');
    for (let i = 0; i < 20; i++) await lab.page.keyboard.press('ArrowDown');
  });
  await lab.picture('chain-1500');
  await stride('open the laboratory', async () => {
    await lab.page.keyboard.press('6');
    await lab.find('pass-list #apply-usual');
  });
  await stride('add a pair and compare', async () => {
    await lab.page.keyboard.press('a');
    await lab.reads('top-bar .file', /1 step$/);
    await lab.settled();
    await lab.find('engine-change table');
  });
  await stride('take it back', async () => {
    await lab.page.keyboard.press('z');
    await lab.reads('top-bar .file', /opset \d+$/);
    await lab.settled();
  });
  await stride('unpack and open 46 MB', () =>
    lab.openFiles([samplePath('resnet18.short')], /^resnet18\.short/),
  );
  return strides;
}
