import { expect } from '@esm-bundle/chai';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import { findingList } from '../../../src/ui/state/findings.ts';
import { SummaryStrip } from '../../../src/ui/views/summary-strip.ts';
import { sampleEngine, sceneOf } from '../sample-engine.ts';
import { findingRules, residuals, sampleFindings } from '../sample-findings.ts';
import { mounted, writtenIn } from './mounted.ts';

const prediction = { engine: sampleEngine, scene: sceneOf([]), simulateMs: 3, layoutMs: 2 };
const show = (more: Partial<SummaryStrip> = {}) =>
  mounted(new SummaryStrip(), {
    prediction,
    findings: sampleFindings,
    layout: INITIAL_STATE.layout,
    ...more,
  });

const details = (view: SummaryStrip, type: string): unknown[] => {
  const heard: unknown[] = [];
  view.addEventListener(type, (event) => heard.push((event as CustomEvent).detail));
  return heard;
};

describe('summary', () => {
  it('counts layers, INT8 share, reformats, surviving Q/DQ and remarks', async () => {
    const view = await show();
    const figure = (name: string) =>
      writtenIn(view.renderRoot.querySelector(`[data-figure=${name}]`)!);
    expect(figure('layers')).to.equal('layers 6');
    expect(figure('int8')).to.equal('INT8 67 %');
    expect(figure('reformats')).to.equal('reformat 1');
    expect(figure('qdq')).to.equal('Q/DQ left 2');
    expect(figure('remarks')).to.equal('remark 1');
  });

  it('draws the share as a bar without a style attribute from the template', async () => {
    const bar = (await show()).renderRoot.querySelector<HTMLElement>('.share > span')!;
    expect(bar.style.transform).to.equal('scaleX(0.667)');
  });

  it('selects the first finding on click', async () => {
    const view = await show();
    const asked = details(view, 'lab-select');
    view.renderRoot.querySelector<HTMLElement>('#first-finding')!.click();
    const { id, nodes } = sampleFindings.all[0]!;
    expect(asked).to.deep.equal([{ selection: { kind: 'finding', name: id, nodes } }]);
  });

  it('says first that TensorRT refuses the model, by shape and word', async () => {
    const first = writtenIn((await show()).renderRoot.querySelector('.first')!);
    expect(first).to.equal(
      'TensorRT refuses this model: ✕ Refused QuantizeLinear_0 quantizes to UINT8. + 1',
    );
  });

  it('sums up what is found at several places', async () => {
    const view = await show({ findings: findingList(residuals, findingRules) });
    expect(writtenIn(view.renderRoot.querySelector('.first')!)).to.equal(
      'Look first at ▲ Costs time An INT8 convolution adds a shortcut in float, at 2 places',
    );
    const asked = details(view, 'lab-select');
    view.renderRoot.querySelector<HTMLElement>('#first-finding')!.click();
    expect(asked).to.deep.equal([
      {
        selection: {
          kind: 'finding',
          name: 'float-residual/warning',
          nodes: ['/block/Add', '/block/conv2/Conv', '/b2/Add'],
        },
      },
    ]);
  });

  it('opens the drawer where the remarks are', async () => {
    const view = await show();
    const asked = details(view, 'lab-layout');
    view.renderRoot.querySelector<HTMLElement>('[data-figure=remarks] button')!.click();
    expect(asked).to.deep.equal([{ drawerOpen: true, drawerTab: 'remarks', place: 'drawer' }]);
  });

  it('is busy while a newer prediction is on its way, and says so when there is none yet', async () => {
    const stale = await show({ predicting: true });
    expect(stale.renderRoot.querySelector('dl')?.getAttribute('aria-busy')).to.equal('true');
    expect(
      writtenIn(await show({ prediction: null, findings: findingList([], []), predicting: true })),
    ).to.contain('Predicting the engine…');
  });
});
