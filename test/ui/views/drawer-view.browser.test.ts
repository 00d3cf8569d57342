import { expect } from '@esm-bundle/chai';
import type { PredictedEngine } from '../../../src/core/sim/predicted-engine.ts';
import { findingsOf } from '../../../src/ui/state/findings.ts';
import { DrawerView } from '../../../src/ui/views/drawer-view.ts';
import { sampleEngine } from '../sample-engine.ts';
import { mounted, writtenIn } from './mounted.ts';

const show = (tab: DrawerView['tab'], engine: PredictedEngine | null = sampleEngine) =>
  mounted(new DrawerView(), { engine, tab, findings: findingsOf(sampleEngine), className: 'tall' });

const inner = (view: DrawerView, name: string): ShadowRoot =>
  view.renderRoot.querySelector(name)!.shadowRoot!;

const rowsOf = (root: ShadowRoot): string[] =>
  [...root.querySelectorAll('[role=option]')].map((row) => writtenIn(row));

before(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.tall { display: grid; height: 400px; }');
  document.adoptedStyleSheets.push(sheet);
});

describe('drawer', () => {
  it('counts what each tab holds', async () => {
    const tabs = writtenIn((await show('findings')).renderRoot.querySelector('[role=tablist]')!);
    expect(tabs).to.equal('Findings 4 Trace of the builder 2 Layers 6 Remarks 1');
  });

  it('lists findings and sends the one that is clicked', async () => {
    const view = await show('findings');
    const asked: unknown[] = [];
    view.addEventListener('lab-select', (event) => asked.push((event as CustomEvent).detail));
    inner(view, 'findings-list').querySelector('button')!.click();
    const { id, nodes } = findingsOf(sampleEngine)[0]!;
    expect(asked).to.deep.equal([{ selection: { kind: 'finding', name: id, nodes } }]);
  });

  it('filters the trace by outcome', async () => {
    const root = inner(await show('trace'), 'trace-table');
    expect(rowsOf(root)).to.have.length(2);
    const menu = root.querySelector<HTMLSelectElement>('select[aria-label=Outcome]')!;
    menu.value = 'refused';
    menu.dispatchEvent(new Event('change'));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(rowsOf(root)).to.deep.equal([
      '2 QuantizeMaxPool /pool/MaxPool refused another node also reads the pooled tensor',
    ]);
  });

  it('sorts the layers by a column, and the other way at the second click', async () => {
    const root = inner(await show('layers'), 'layer-table');
    const [byIndex] = root.querySelectorAll<HTMLElement>('.head button');
    byIndex!.click();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(rowsOf(root)[0]).to.match(/^5 Reformatting CopyNode/);
    byIndex!.click();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(rowsOf(root)[0]).to.match(/^0 QuantizeLinear_0/);
  });

  it('shows remarks, and says when there is no prediction', async () => {
    expect(writtenIn(await show('remarks'))).to.contain('rules of 10.6 are used');
    expect(writtenIn(await show('layers', null))).to.contain('no prediction yet');
  });
});
