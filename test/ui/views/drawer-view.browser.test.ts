import { expect } from '@esm-bundle/chai';
import type { PredictedEngine } from '../../../src/core/sim/predicted-engine.ts';
import type { Selection } from '../../../src/ui/state/app-state.ts';
import { DrawerView } from '../../../src/ui/views/drawer-view.ts';
import { unknownNode } from '../../../src/core/base/diagnostics.ts';
import { sampleEngine } from '../sample-engine.ts';
import { sampleShortfall } from '../sample-change.ts';
import { sampleFindings } from '../sample-findings.ts';
import { mounted, writtenIn } from './mounted.ts';

const findings = { state: 'ready', value: sampleFindings } as const;
const show = (tab: DrawerView['tab'], engine: PredictedEngine | null = sampleEngine) =>
  mounted(new DrawerView(), { engine, tab, findings, className: 'tall' });

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
    expect(tabs).to.equal(
      'Findings 3 Best reachable Trace of the builder 2 Validation Built engine Layers 6 Remarks 1',
    );
  });

  it('lists findings and sends the one that is clicked', async () => {
    const view = await show('findings');
    const asked: unknown[] = [];
    view.addEventListener('lab-select', (event) => asked.push((event as CustomEvent).detail));
    inner(view, 'findings-list').querySelector('button')!.click();
    const { id, nodes } = sampleFindings.groups[0]!;
    expect(asked).to.deep.equal([{ selection: { kind: 'finding', name: id, nodes } }]);
  });

  it('tells severity, reason, source and fix of each finding', async () => {
    const list = inner(await show('findings'), 'findings-list');
    const [refused, costly] = [...list.querySelectorAll('section')].map((part) => writtenIn(part));
    expect(refused).to.match(/^✕ Refused Data is quantized to UINT8 1 place TensorRT refuses/);
    expect(costly).to.match(/^▲ Costs time An INT8 convolution adds a shortcut in float 2 places/);
    for (const part of ['seen in built engines', 'Add Q/DQ on the input short of /b2/Add.'])
      expect(costly).to.contain(part);
    expect(list.querySelector('a')?.href).to.equal('https://docs.nvidia.com/q');
  });

  it('shows the rest of many places on demand', async () => {
    const view = await show('findings');
    const [group] = sampleFindings.groups.slice(1);
    const many = Array.from({ length: 9 }, (_, i) => ({ ...group!.findings[0]!, id: String(i) }));
    const value = { groups: [{ ...group!, findings: many }], all: many };
    view.findings = { state: 'ready', value };
    await view.updateComplete;
    const list = inner(view, 'findings-list');
    expect(list.querySelectorAll('li')).to.have.length(6);
    list.querySelector<HTMLElement>('.more')!.click();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(list.querySelectorAll('li')).to.have.length(9);
  });

  it('says when it still looks, when it found nothing, and when it failed', async () => {
    const view = await show('findings');
    const says = async (findings: DrawerView['findings']) => {
      view.findings = findings;
      await view.updateComplete;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return writtenIn(inner(view, 'findings-list'));
    };
    expect(await says({ state: 'loading' })).to.contain('Looking for');
    expect(await says({ state: 'ready', value: { groups: [], all: [] } })).to.contain(
      'Nothing found',
    );
    const error = unknownNode('n');
    expect(await says({ state: 'failed', error })).to.contain(error.message);
  });

  it('lists what the best engine does better, and goes to the nodes or the layer', async () => {
    const view = await show('reference');
    expect(writtenIn(inner(view, 'shortfall-list'))).to.contain('Predicting the best engine');
    view.shortfall = { state: 'ready', value: sampleShortfall };
    await view.updateComplete;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const list = inner(view, 'shortfall-list');
    expect(writtenIn(list.querySelector('p')!))
      .to.contain('becomes 4 layers, 3 of 3 in INT8, 0 reformats, 1 Q/DQ')
      .and.to.contain('This engine: 6 layers, 2 of 3 in INT8, 1 reformat, 2 Q/DQ');
    const asked: { selection: Selection }[] = [];
    view.addEventListener('lab-select', (event) =>
      asked.push((event as CustomEvent<{ selection: Selection }>).detail),
    );
    const rows = [...list.querySelectorAll('button')];
    expect(rows.map((row) => writtenIn(row))[0]).to.match(/^\+ ?401 kB \/block\/Add: INT8/);
    for (const row of rows) row.click();
    expect(asked.map(({ selection: { kind, name } }) => [kind, name])).to.deep.equal([
      ['node', '/block/conv2/Conv'],
      ['layer', sampleEngine.layers[5]!.name],
    ]);
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
