import { expect } from '@esm-bundle/chai';
import { compareEngines } from '../../../src/core/engine-report/compare/compare-engines.ts';
import { BuiltCard } from '../../../src/ui/views/built-card.ts';
import { EngineCard } from '../../../src/ui/views/engine-card.ts';
import { EnginePanel } from '../../../src/ui/views/engine-panel.ts';
import { EngineStrip } from '../../../src/ui/views/engine-strip.ts';
import { EngineTools } from '../../../src/ui/views/engine-tools.ts';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import type { AppState } from '../../../src/ui/state/app-state.ts';
import { NO_ENGINES } from '../../../src/ui/state/engine-state.ts';
import type { EnginesState } from '../../../src/ui/state/engine-state.ts';
import { openedOf, sampleBuilt, untimedBuilt } from '../sample-built.ts';
import { mounted, writtenIn } from './mounted.ts';

const timed = openedOf(sampleBuilt, '1');
const untimed = openedOf(untimedBuilt, '2');

const stateOf = (patch: Partial<EnginesState>, more: Partial<AppState> = {}): AppState => ({
  ...INITIAL_STATE,
  ...more,
  engines: { ...NO_ENGINES, opened: [timed], shown: '1', ...patch },
});

const show = (patch: Partial<EnginesState> = {}, more: Partial<AppState> = {}) =>
  mounted(new EnginePanel(), { app: stateOf(patch, more), className: 'tall' });

const asked = (view: EventTarget, type: string): unknown[] => {
  const details: unknown[] = [];
  view.addEventListener(type, (event) => details.push((event as CustomEvent).detail));
  return details;
};

/** The first element that matches in the shadow trees below. */
function find(root: ParentNode, selector: string): HTMLElement {
  const own = root.querySelector<HTMLElement>(selector);
  if (own) return own;
  for (const element of root.querySelectorAll('*'))
    if (element.shadowRoot) {
      try {
        return find(element.shadowRoot, selector);
      } catch {
        // Not below this one.
      }
    }
  throw new Error(`nothing matches ${selector}`);
}

async function rowsOf(view: EnginePanel): Promise<readonly string[]> {
  await new Promise((resolve) => setTimeout(resolve, 60));
  const table = find(view.renderRoot, 'error-table');
  return [...table.shadowRoot!.querySelectorAll('[role=option]')].map((row) => writtenIn(row));
}

before(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.tall { display: grid; width: 1200px; height: 420px; }');
  document.adoptedStyleSheets.push(sheet);
});

describe('panel of built engines', () => {
  it('says how to get files while there is no engine', async () => {
    const view = await show({ opened: [], shown: null });
    const text = writtenIn(view);
    expect(text).to.contain('--exportLayerInfo=net.layer.json');
    expect(text).to.contain('stay in this browser');
  });

  it('sums the engine up in figures, and leads to its slowest layers', async () => {
    const view = await show();
    const text = writtenIn(view);
    for (const part of [
      'Latency 90.0 µs',
      '95 %: 95.0 µs',
      'Sum of layers 100 µs',
      'INT8 layers 2 of 3',
    ])
      expect(text).to.contain(part);
    const selected = asked(view, 'lab-select');
    const bar = find(view.renderRoot, '.layers button.bar');
    expect(writtenIn(bar)).to.equal('/block/conv1/Conv + /block/relu/Relu 40.0 µs · 40 %');
    bar.click();
    expect(selected).to.deep.equal([
      { selection: { kind: 'built', name: '1', nodes: sampleBuilt.layers[1]!.nodes } },
    ]);
  });

  it('says how to get times where there are none', async () => {
    const view = await show({ opened: [untimed], shown: '2' });
    expect(writtenIn(find(view.renderRoot, '#no-times'))).to.contain('--exportProfile');
    expect(() => find(view.renderRoot, '.layers button.bar')).to.throw();
  });

  it('lists the open engines, shows and closes them', async () => {
    const view = await show({ opened: [timed, untimed] });
    const requests = asked(view, 'lab-engine');
    expect(writtenIn(find(view.renderRoot, '.engines'))).to.match(
      /net 90\.0 µs · 6 layers · TensorRT 10\.6\.0/,
    );
    find(view.renderRoot, '.engines li:nth-child(2) .name').click();
    find(view.renderRoot, 'button[aria-label="Close untimed"]').click();
    find(view.renderRoot, '[data-section=layers]').click();
    expect(requests).to.deep.equal([
      { do: 'show', id: '2' },
      { do: 'close', id: '2' },
      { do: 'section', section: 'layers' },
    ]);
  });

  it('saves files about the engine on show, and about all where there are several', async () => {
    const view = await show({ opened: [timed, untimed] });
    const requests = asked(view, 'lab-engine');
    for (const name of ['html', 'svg-time', 'xlsx-all'])
      find(view.renderRoot, `[data-export=${name}]`).click();
    expect(requests).to.deep.equal([
      { do: 'save', format: 'html' },
      { do: 'save', format: 'svg-time' },
      { do: 'save', format: 'xlsx', all: true },
    ]);
    const single = await show({ opened: [untimed], shown: '2' });
    for (const name of ['html-all', 'svg-time'])
      expect(() => find(single.renderRoot, `[data-export=${name}]`)).to.throw();
  });

  it('sorts layers by time, the slowest first, and a row selects its layer', async () => {
    const view = await show({ section: 'layers' });
    expect((await rowsOf(view))[0]).to.match(/^0 QuantizeLinear_0 4\.00 µs 4\.0 %/);
    find(view.renderRoot, '[data-column=time]').click();
    expect((await rowsOf(view))[0]).to.match(
      /^1 \/block\/conv1\/Conv \+ \/block\/relu\/Relu 40\.0 µs/,
    );
    const selected = asked(view, 'lab-select');
    find(view.renderRoot, '[role=option]:nth-child(1)').click();
    expect(selected).to.have.length(1);
  });

  it('lists findings of the engine, each leading to its layer', async () => {
    const view = await show({ section: 'findings' });
    const selected = asked(view, 'lab-select');
    const { findings } = timed.analysis;
    expect(findings.length).to.be.greaterThan(0);
    find(view.renderRoot, 'engine-findings');
    find(view.renderRoot, 'li button.link').click();
    const index = findings[0]!.layers[0]!.index;
    expect(selected).to.deep.equal([
      {
        selection: { kind: 'built', name: String(index), nodes: sampleBuilt.layers[index]!.nodes },
      },
    ]);
  });

  it('has tables of convolutions and kernels', async () => {
    const convolutions = await rowsOf(await show({ section: 'convolutions' }));
    expect(convolutions[0]).to.match(/^1 \/block\/conv1\/Conv/);
    const tactics = await rowsOf(await show({ section: 'tactics' }));
    expect(tactics[0]).to.contain('sm80_xmma_kernel_1');
  });

  it('compares engines group by group, with the time won and lost', async () => {
    const slower = openedOf(
      {
        ...sampleBuilt,
        name: 'slower',
        layers: sampleBuilt.layers.map((layer) => ({
          ...layer,
          time: layer.index === 2 ? { averageUs: 64, medianUs: 64, share: 0.4 } : layer.time,
        })),
      },
      '3',
    );
    const value = compareEngines([timed.engine, slower.engine]);
    const view = await show({
      section: 'compare',
      opened: [timed, slower],
      comparison: { state: 'ready', value: { ids: ['1', '3'], value } },
    });
    const rows = await rowsOf(view);
    expect(rows.find((row) => row.includes('+40.0 µs'))).to.contain('72.0 µs');
    expect(writtenIn(find(view.renderRoot, 'table'))).to.contain('+40.0 µs (40 %)');
    const requests = asked(view, 'lab-engine');
    find(view.renderRoot, 'tbody tr:nth-child(2) button[aria-pressed=false]').click();
    expect(requests).to.deep.equal([{ do: 'beside', id: '3' }]);
  });

  it('asks for a second engine, and for a model, where they are missing', async () => {
    expect(writtenIn(await show({ section: 'compare' }))).to.contain('Open a second engine');
    expect(writtenIn(await show({ section: 'prediction' }))).to.contain('Open the ONNX model');
  });
});

describe('cards of built engines', () => {
  it('a layer says time, kernel, formats, convolution, operations and every field of its file', async () => {
    const view = await mounted(new BuiltCard(), { shown: timed, index: 2 });
    const text = writtenIn(view);
    for (const part of [
      'CaskConvolution built',
      '24.0 µs 24 % of all layers',
      'sm80_xmma_kernel_2',
      'Kernel 3×3',
      'Padding 1×1',
      '36,864 × Int8',
      'adds a second input',
      'auto const0 = pwgen::iPlus(arg0, arg1)',
      'Row major linear Half',
      '/block/Add',
      '2 more fields of the file',
      'Nested {"a":[1]}',
    ])
      expect(text).to.contain(part);
  });

  it('an engine alone says what it is, and how to get times', async () => {
    const text = writtenIn(await mounted(new EngineCard(), { shown: untimed }));
    expect(text).to.contain('NVIDIA H100');
    expect(text).to.contain('--exportProfile');
    expect(text).to.contain('Float 1×64×56×56');
  });
});

describe('strip and tools of built engines', () => {
  it('the strip has the figures and what to look at first', async () => {
    const layout = { ...INITIAL_STATE.layout };
    const view = await mounted(new EngineStrip(), { shown: timed, layout });
    const text = writtenIn(view);
    expect(text).to.match(/latency 90\.0 µs layers 6 INT8 by time 76 %/);
    const changes = asked(view, 'lab-layout');
    view.renderRoot.querySelector<HTMLElement>('.drawer')!.click();
    expect(changes).to.deep.equal([{ drawerOpen: true, drawerTab: 'built', place: 'drawer' }]);
  });

  it('the tools turn sides and colours; without times colours are not offered', async () => {
    const view = await mounted(new EngineTools(), { engines: stateOf({ side: 'both' }).engines });
    const requests = asked(view, 'lab-engine');
    view.renderRoot.querySelector<HTMLElement>('[data-side=predicted]')!.click();
    view.renderRoot.querySelectorAll<HTMLElement>('[aria-label="Colour by"] button')[1]!.click();
    expect(requests).to.deep.equal([{ do: 'side', side: 'predicted' }, { do: 'heat' }]);
    const other = await mounted(new EngineTools(), {
      engines: stateOf({ opened: [timed, untimed], shown: '2' }).engines,
      alone: true,
    });
    const colour = other.renderRoot.querySelector<HTMLButtonElement>(
      '[aria-label="Colour by"] button',
    )!;
    expect(colour.disabled).to.equal(true);
    expect(other.renderRoot.querySelector('[data-side]')).to.equal(null);
    expect(other.renderRoot.querySelectorAll('option')).to.have.length(2);
  });
});
