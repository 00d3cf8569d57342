import { expect } from '@esm-bundle/chai';
import type { ModelSummary } from '../../../src/api/analyze-api.ts';
import type { HistoryEntry } from '../../../src/ui/state/history.ts';
import { movedTo, recorded, startHistory } from '../../../src/ui/state/history.ts';
import type { LabState } from '../../../src/ui/state/lab-state.ts';
import { INITIAL_LAB, USUAL_CALIBRATION } from '../../../src/ui/state/lab-state.ts';
import type { PassSwitches } from '../../../src/ui/state/pass-switches.ts';
import { CalibrateDialog } from '../../../src/ui/views/calibrate-dialog.ts';
import { LabView } from '../../../src/ui/views/lab-view.ts';
import { sampleChange } from '../sample-change.ts';
import { samplePasses } from '../sample-passes.ts';
import { mounted, writtenIn } from './mounted.ts';

const summary = (id: string, quantizeCount = 2): ModelSummary =>
  ({ id, fileName: 'net.onnx', quantizeCount }) as unknown as ModelSummary;
const entry = (id: string, toCalibrate: readonly string[] = []): HistoryEntry => ({
  title: `Change ${id}`,
  steps: [],
  summary: summary(id),
  changes: [
    { passId: 'p', site: '/Add', text: `Did ${id}`, nodes: ['/Add'], numerics: 'one-step' },
  ],
  declined: [],
  toCalibrate,
  notes: [],
});
const history = recorded(recorded(startHistory(summary('0')), entry('a')), entry('b', ['x', 'y']));

const show = (patch: Partial<LabState>) =>
  mounted(new LabView(), { lab: { ...INITIAL_LAB, history, ...patch } });
const part = (view: LabView, name: string): ShadowRoot =>
  view.renderRoot.querySelector(name)!.shadowRoot!;
const drawn = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

/** All events of a type that come out of an element, by their details. */
function heard<T>(from: EventTarget, type: string): T[] {
  const details: T[] = [];
  from.addEventListener(type, (event) => details.push((event as CustomEvent<T>).detail));
  return details;
}

describe('laboratory', () => {
  it('asks for a model while none is open', async () => {
    const view = await show({ history: null });
    expect(writtenIn(view)).to.contain('Open a model');
    expect(view.renderRoot.querySelector<HTMLButtonElement>('#export')!.disabled).to.equal(true);
  });

  it('lists the steps, marks where it is, and goes to any of them', async () => {
    const view = await show({ history: movedTo(history, 1) });
    const list = part(view, 'step-list');
    const rows = [...list.querySelectorAll('section > ol > li')];
    expect(rows.map((row) => row.getAttribute('aria-current'))).to.deep.equal([
      'false',
      'true',
      'false',
    ]);
    expect(writtenIn(rows[2]!)).to.contain('Change b (taken back) Redo');
    const asked = heard(view, 'lab-goto');
    rows[0]!.querySelector<HTMLElement>('.head button')!.click();
    rows[2]!.querySelector<HTMLElement>('.head button')!.click();
    expect(asked).to.deep.equal([{ done: 0 }, { done: 2 }]);
  });

  it('counts what a search did among the changes of a step', async () => {
    const edits = { kind: 'edits', source: 'search', text: 'Add Q/DQ on x', edits: [] } as const;
    const found = { ...entry('c'), title: 'Optimize: 2 changes', steps: [edits] };
    const view = await show({ history: recorded(history, found) });
    const last = [...part(view, 'step-list').querySelectorAll('section > ol > li')].at(-1)!;
    expect(writtenIn(last)).to.match(/2 changes .*Did c .*Add Q\/DQ on x/);
  });

  it('warns of scales that wait, by name, and offers to calibrate them', async () => {
    const view = await show({});
    const warning = view.renderRoot.querySelector('.pending')!;
    expect(writtenIn(warning)).to.match(/^2 scales wait for calibration\..* x y .*Calibrate…$/);
    const asked = heard(view, 'lab-calibration');
    warning.querySelector<HTMLElement>('#calibrate')!.click();
    expect(asked).to.deep.equal([{ wish: USUAL_CALIBRATION }]);
    const before = await show({ history: movedTo(history, 1) });
    expect(before.renderRoot.querySelector('.pending')).to.equal(null);
  });

  it('offers to quantize a model without Q/DQ', async () => {
    const view = await show({ history: startHistory(summary('0', 0)) });
    expect(writtenIn(view)).to.contain('This model has no Q/DQ.');
  });

  it('groups passes, with those on request and those that find nothing apart', async () => {
    const view = await show({ passes: { state: 'ready', value: samplePasses } });
    const list = part(view, 'pass-list');
    expect([...list.querySelectorAll('h4')].map((head) => writtenIn(head))).to.deep.equal([
      'Make it plain for TensorRT',
      'Put Q/DQ in their places',
    ]);
    expect(writtenIn(list)).to.contain('3 places now');
    expect(writtenIn(list)).to.match(/1 pass finds nothing here.*1 pass on request only/);
    expect(list.querySelector('[data-pass=store-weights] .head input')).to.equal(null);
  });

  it('tells places, reasons and sources of a pass, and switches places off', async () => {
    const view = await show({ passes: { state: 'ready', value: samplePasses } });
    const list = part(view, 'pass-list');
    const pass = list.querySelector('[data-pass=quantize-shortcut]')!;
    pass.querySelector<HTMLElement>('.title')!.click();
    await drawn();
    const text = writtenIn(pass);
    expect(text).to.contain('Quantize the shortcut of /b2/Add');
    expect(text).to.contain('Declines at 1 place');
    expect(text).to.contain('both inputs are constants');
    expect(pass.querySelector('a')!.href).to.equal('https://docs.nvidia.com/q');
    const asked = heard<{ switches: PassSwitches }>(view, 'lab-switches');
    pass.querySelector<HTMLElement>('.site input')!.click();
    expect(asked[0]!.switches.sites).to.deep.equal([
      { passId: 'quantize-shortcut', site: '/b1/Add' },
    ]);
    const applied = heard<{ steps: unknown[] }>(view, 'lab-apply');
    pass.querySelector<HTMLElement>('.site button.small')!.click();
    expect(applied[0]!.steps).to.deep.equal([
      {
        kind: 'passes',
        ids: ['quantize-shortcut'],
        only: [{ passId: 'quantize-shortcut', site: '/b1/Add' }],
      },
    ]);
  });

  it('lets nothing be changed while a change is under way', async () => {
    const view = await show({
      job: { title: 'Optimize', step: 'x' },
      passes: { state: 'ready', value: samplePasses },
    });
    const buttons = [
      part(view, 'pass-list').querySelector<HTMLButtonElement>('#apply-usual')!,
      part(view, 'optimize-section').querySelector<HTMLButtonElement>('#start')!,
    ];
    for (const button of buttons) expect(button.disabled).to.equal(true);
  });

  it('reports what an optimization found, and takes an answer', async () => {
    const price = { timeUs: 1, work: 1, lowWork: 1, copies: 0 };
    const found = {
      changes: [
        { source: 'p', text: 'Did it', reason: 'It gains', nodes: ['/Add'], numerics: 'one-step' },
      ],
      leftOut: [],
      declined: [],
      before: { ...sampleChange.before, price },
      after: { ...sampleChange.after, price },
      steps: [],
      toCalibrate: [],
      simulations: 12,
      budgetSpent: false,
    } as const;
    const view = await show({ proposal: { of: summary('b').id, summary: found } });
    const section = part(view, 'optimize-section');
    expect(writtenIn(section)).to.match(/Layers 6 5 −1.*12 engines predicted.*Did it.*It gains/);
    const accepted = heard(view, 'lab-accept');
    section.querySelector<HTMLElement>('#accept')!.click();
    expect(accepted).to.have.length(1);
  });
});

describe('calibrate dialog', () => {
  it('opens with a wish, asks for files, and tells what random numbers are worth', async () => {
    const dialog = await mounted(new CalibrateDialog(), {
      wish: USUAL_CALIBRATION,
      pending: 3,
      summary: summary('0'),
    });
    const inner = dialog.renderRoot.querySelector('dialog')!;
    expect(inner.open).to.equal(true);
    expect(writtenIn(inner)).to.match(/find 3 scales.*Drop images here.*random numbers/);
    const asked = heard<{ wish: { method: string } | null }>(dialog, 'lab-calibration');
    const menu = inner.querySelector<HTMLSelectElement>('select[aria-label=Range]')!;
    menu.value = 'mse';
    menu.dispatchEvent(new Event('change'));
    expect(asked[0]!.wish!.method).to.equal('mse');
    dialog.wish = { ...USUAL_CALIBRATION, files: [new File(['x'], 'cat.png')] };
    await dialog.updateComplete;
    expect(writtenIn(inner)).to.match(/1 file : cat\.png.*Images/);
    dialog.wish = null;
    await dialog.updateComplete;
    expect(inner.open).to.equal(false);
  });

  it('ends the job when it is closed', async () => {
    const dialog = await mounted(new CalibrateDialog(), {
      wish: USUAL_CALIBRATION,
      job: { title: 'Calibrate', step: 'Running' },
      summary: summary('0'),
    });
    const cancelled = heard(dialog, 'lab-cancel-job');
    dialog.renderRoot.querySelector<HTMLElement>('footer button')!.click();
    expect(cancelled).to.have.length(1);
    dialog.wish = null;
    await dialog.updateComplete;
  });
});
