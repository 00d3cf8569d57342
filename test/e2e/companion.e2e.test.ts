import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startCompanion } from '../../src/cli/companion/start-companion.ts';
import type { Companion } from '../../src/cli/companion/start-companion.ts';
import { PAGE_ROOT } from '../support/open-page.ts';
import { StandInRunner } from '../support/stand-in-runner.ts';
import type { HeldBuild } from '../support/stand-in-runner.ts';
import { LabPage, samplePath } from './lab-page.ts';

// The page against the real server, with a stand-in where TensorRT would be.
const runner = new StandInRunner();
const sample = gunzipSync(readFileSync(samplePath('resnet18.convs')));
const LAYERS = gunzipSync(
  readFileSync(new URL('../engines/resnet18.convs.best.layer.json.gz', import.meta.url)),
).toString();

let companion: Companion;
let lab: LabPage;

const serve = (): Promise<Companion> =>
  startCompanion({ root: PAGE_ROOT, port: 0, runner, version: '0.0.0', log: () => undefined });

before(async () => {
  companion = await serve();
  lab = await LabPage.open({ server: companion });
});
after(() => lab.close());

/** Opens the dialog by its key and starts a build; gives what the stand-in holds. */
async function startBuild(): Promise<HeldBuild> {
  await lab.page.keyboard.press('B');
  const begins = runner.next();
  await lab.click('companion-dialog #start');
  return begins;
}

test('the token is taken out of the address, and kept for the tab', async () => {
  assert.ok(!lab.page.url().includes(companion.token));
  assert.match(lab.page.url(), /^http:\/\/127\.0\.0\.1:\d+\/(?:#target=.*)?$/);
  const length = await lab.page.evaluate(() => history.length);
  assert.ok(length <= 2, 'no entry of the history holds it');
});

test('before the dialog is opened, nothing is asked of the server', () => {
  assert.ok(!lab.opened.requests.some((url) => url.includes('/companion/')));
});

test('the dialog says what builds here', async () => {
  await lab.page.keyboard.press('B');
  const text = await lab.reads('companion-dialog', /10\.6\.0/);
  assert.match(text, /by trtexec/);
  assert.match(text, /Stand-in GPU/);
  assert.match(text, /driver 560\.35\.05/);
  assert.match(text, /resnet18\.convs\.onnx/);
  assert.doesNotMatch(text, /Predict for this machine/);
  await lab.picture('companion-ready');
  await lab.page.keyboard.press('Escape');
  await lab.gone('companion-dialog dialog[open]');
});

test('a build is followed and cancelled; its process is told to stop', async () => {
  const build = await startBuild();
  assert.equal(build.wish.mode, 'best');
  assert.deepEqual(
    readFileSync(build.wish.modelPath),
    sample,
    'the model of the page, byte for byte',
  );
  build.report({ step: 'Timing kernels', fraction: 0.42 });
  await lab.reads('companion-job .step', /Timing kernels · 42 %/);
  await lab.picture('companion-building');
  await lab.reads('top-bar .build', /Build 42 %/);
  await lab.click('companion-job [data-do=cancel]');
  await lab.reads('companion-job', /The build was cancelled/);
  assert.ok(build.signal.aborted);
  await lab.click('companion-job [data-do=again]');
  await lab.find('companion-dialog #start');
});

test('what TensorRT refuses is told in its words', async () => {
  const build = await startBuild();
  build.refuse({
    ...{ code: 'build/refused', severity: 'error' },
    message: 'TensorRT refused the model: Error Code 4: QuantizeLinear has a zero point.',
    advice: 'Make the quantizers symmetric.',
  });
  await lab.reads('companion-job problem-card', /Error Code 4: QuantizeLinear has a zero point/);
  await lab.picture('companion-refused');
  await lab.click('companion-job [data-do=again]');
});

test('a build goes on while the page is loaded again', async () => {
  const build = await startBuild();
  await lab.reads('companion-job', /resnet18\.convs\.onnx/);
  await lab.page.reload();
  await lab.settled();
  assert.ok(!build.signal.aborted);
  await lab.page.keyboard.press('B');
  build.report({ step: 'Timing kernels', fraction: 0.5 });
  await lab.reads('companion-job .step', /Timing kernels · 50 %/);
  await lab.click('companion-job [data-do=cancel]');
  await lab.reads('companion-job', /The build was cancelled/);
  await lab.click('companion-job [data-do=again]');
});

test('changes made in the page are in the model that is built', async () => {
  await lab.page.keyboard.press('Escape');
  await lab.gone('companion-dialog dialog[open]');
  await lab.page.keyboard.press('6');
  await lab.click('pass-list #apply-usual');
  await lab.reads('top-bar .file', /· \d+ step/);
  await lab.settled();
  const build = await startBuild();
  assert.match(build.wish.modelPath, /resnet18\.convs\.qdq\.onnx$/);
  assert.notDeepEqual(readFileSync(build.wish.modelPath), sample);
  await build.succeed({
    'resnet18.convs.qdq.best.layer.json': LAYERS,
    'net.engine': new Uint8Array(1000),
  });
  await lab.reads('companion-job', /Built\./);
  await lab.picture('companion-built');
  await lab.click('companion-job [data-do=close]');
  await lab.gone('companion-dialog dialog[open]');
  await lab.reads('graph-pane.built header', /Built/);
  await lab.find('engine-tools [data-side=both][aria-pressed=true]');
  await lab.picture('companion-engine');
});

test('all of it stayed on this origin, and the token in no address', () => {
  assert.deepEqual(lab.opened.elsewhere, []);
  const { origin } = new URL(companion.url);
  const asked = lab.opened.requests.filter((url) => !url.startsWith('blob:'));
  // The very first address is what the user opened; browsers send nothing of a fragment.
  for (const url of asked.slice(1)) {
    assert.ok(url.startsWith(origin), url);
    assert.ok(!url.includes(companion.token), url);
  }
  assert.deepEqual(lab.opened.errors, []);
});

test('a server that was started again wants its own address', async () => {
  await lab.page.evaluate(() => {
    sessionStorage.setItem('qdq-lab-companion', 'of-the-server-before');
  });
  await lab.page.keyboard.press('B');
  await lab.click('companion-job [data-do=again]');
  await lab.reads('companion-dialog problem-card', /each start makes a new token/);
  await lab.picture('companion-wrong-token');
  await lab.page.evaluate((token) => {
    location.hash = `companion=${token}`;
  }, companion.token);
  await lab.click('companion-dialog [data-do=look]');
  await lab.find('companion-dialog #start');
  assert.ok(!lab.page.url().includes(companion.token));
});

test('a server that is gone is told as such', async () => {
  await companion.close();
  await lab.page.keyboard.press('Escape');
  await lab.page.keyboard.press('B');
  await lab.reads('companion-dialog problem-card', /does not answer/);
  await lab.picture('companion-gone');
});

for (const [look, options] of [
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { width: 390, height: 844 }],
] as const)
  test(`the dialog fits: ${look}`, async () => {
    const other = await serve();
    const small = await LabPage.open({ server: other, ...options });
    await small.page.keyboard.press('B');
    await small.find('companion-dialog #start');
    const dialog = await small.find('companion-dialog dialog');
    const box = await dialog.boundingBox();
    assert.ok(box !== null && box.x >= 0 && box.x + box.width <= small.page.viewport()!.width);
    await small.picture(`companion-${look}`);
    const begins = runner.next();
    await small.click('companion-dialog #start');
    (await begins).report({ step: 'Timing kernels', fraction: 0.3 });
    await small.reads('companion-job .step', /30 %/);
    await small.picture(`companion-${look}-building`);
    await small.page.keyboard.press('Escape');
    await small.gone('companion-dialog dialog[open]');
    await small.picture(`companion-${look}-closed`);
    await small.close();
  });

test('a page from elsewhere has no companion and asks for none', async () => {
  const plain = await LabPage.open();
  await plain.page.keyboard.press('B');
  const text = await plain.reads('companion-dialog', /npx qdq-lab serve/);
  assert.match(text, /your model goes nowhere else/);
  await plain.picture('companion-absent');
  assert.ok(!plain.opened.requests.some((url) => url.includes('/companion/')));
  assert.deepEqual(plain.opened.errors, []);
  await plain.close();
});
