import { expect } from '@esm-bundle/chai';
import { tensorSizeMismatch } from '../../../src/core/base/diagnostics.ts';
import type { NodeDetail, RuleInfo, WeightStats } from '../../../src/api/analyze-api.ts';
import type { Selection } from '../../../src/ui/state/app-state.ts';
import { InspectorView } from '../../../src/ui/views/inspector-view.ts';
import { sampleEngine } from '../sample-engine.ts';
import { sampleChange, sampleExplanation } from '../sample-change.ts';
import { sampleFindings } from '../sample-findings.ts';
import { mounted, writtenIn } from './mounted.ts';

const rules: readonly RuleInfo[] = [
  {
    id: 'conv-relu-fusion',
    summary: 'ReLU runs inside the convolution before it',
    docs: [{ title: 'Types of fusions', url: 'https://docs.nvidia.com/x', says: 'one layer' }],
    evidence: 'documented',
  },
];

const show = (selection: Selection | null, more: Partial<InspectorView> = {}) =>
  mounted(new InspectorView(), { engine: sampleEngine, rules, selection, ...more });

const whyOf = (view: InspectorView, card: string): ShadowRoot =>
  view.renderRoot.querySelector(card)!.shadowRoot!.querySelector('why-section')!.shadowRoot!;

const layer = sampleEngine.layers[1]!;
const conv: Selection = { kind: 'layer', name: layer.name, nodes: layer.nodes };

describe('inspector', () => {
  it('says what a layer is, what goes in and out, and which rules made it', async () => {
    const view = await show(conv);
    const text = writtenIn(view);
    expect(text).to.contain('CaskConvolution');
    expect(text).to.contain('RELU');
    expect(text).to.contain('Int8 1×64×56×56 · CHW32');
    expect(text).to.contain('the ReLU runs inside the convolution');
    expect(text).to.contain('documented by NVIDIA');
    const card = view.renderRoot.querySelector('layer-card');
    expect(card?.shadowRoot?.querySelector('details a')?.getAttribute('href')).to.equal(
      'https://docs.nvidia.com/x',
    );
  });

  it('says how sure a layer is, and what that comes from', async () => {
    const view = await show(conv, { confidence: [0.2, 0.987] });
    const sure = view.renderRoot.querySelector('layer-card')!.shadowRoot!.querySelector('#sure')!;
    expect(writtenIn(sure)).to.match(/^99 % so many layers .* predicted right in real engines$/);
    expect(writtenIn(await show(conv))).not.to.contain('Sure');
  });

  it('tells refusals apart from what was done, each sentence once', async () => {
    const pool = sampleEngine.layers[4]!;
    const twice = { ...pool, notes: [...pool.notes, ...pool.notes] };
    const engine = { ...sampleEngine, layers: [twice] };
    const view = await show({ kind: 'layer', name: pool.name, nodes: pool.nodes }, { engine });
    const refused = view.renderRoot
      .querySelector('layer-card')
      ?.shadowRoot?.querySelectorAll('#refused .note');
    expect(refused?.length).to.equal(1);
  });

  it('asks for a node when its link is clicked', async () => {
    const view = await show(conv);
    let asked: Selection | null = null;
    view.addEventListener('lab-select', (event) => {
      asked = (event as CustomEvent<{ selection: Selection }>).detail.selection;
    });
    const links = view.renderRoot
      .querySelector('layer-card')
      ?.shadowRoot?.querySelectorAll<HTMLButtonElement>('li button.link');
    [...(links ?? [])].find((link) => link.textContent.includes('relu'))?.click();
    expect(asked).to.deep.equal({
      kind: 'node',
      name: '/block/relu/Relu',
      nodes: ['/block/relu/Relu'],
    });
  });

  it('shows where a node ends up before and after its details arrive', async () => {
    const selection: Selection = { kind: 'node', name: '/block/Add', nodes: ['/block/Add'] };
    const waiting = await show(selection, { nodeDetail: { state: 'loading' } });
    expect(writtenIn(waiting)).to.contain('/block/conv2/Conv').and.to.contain('Reading the node');
    const value: NodeDetail = {
      name: '/block/Add',
      opType: 'Add',
      domain: '',
      attributes: [{ name: 'axis', text: '1' }],
      inputs: [{ name: 'w', dataType: 'float32', shape: [64], constant: true, sizeBytes: 256 }],
      outputs: [{ name: 'sum', dataType: 'float32' }],
    };
    const ready = await show(selection, { nodeDetail: { state: 'ready', value } });
    expect(writtenIn(ready)).to.contain('constant float32 64 · 256 B').and.to.contain('float32 ?');
  });

  it('shows the numbers of a weight, or why they cannot be read', async () => {
    const selection: Selection = { kind: 'value', name: 'w', nodes: ['/block/conv1/Conv'] };
    const value: WeightStats = {
      name: 'w',
      dataType: 'float32',
      dims: [64, 64, 3, 3],
      count: 36864,
      minimum: -0.5,
      maximum: 0.25,
      mean: 0,
      histogram: [1, 4, 9],
      quantization: {
        granularity: 'per-channel',
        axis: 0,
        scales: [0.001, 0.004],
        maxAbsError: 0.002,
        rootMeanSquareError: 0.0005,
        sqnrDb: 41.25,
        saturated: 0,
      },
    };
    const ready = writtenIn(await show(selection, { weight: { state: 'ready', value } }));
    for (const part of ['36,864', '-0.5', '0.25', 'per-channel', '0.001 to 0.004', '41.3 dB'])
      expect(ready).to.contain(part);
    const error = tensorSizeMismatch('w', 10, 5);
    const failed = writtenIn(await show(selection, { weight: { state: 'failed', error } }));
    expect(failed).to.contain(error.message).and.to.contain(error.advice);
  });

  it('tells of a finding what TensorRT says, what to do, where it is written, and its layers', async () => {
    const { id, nodes } = sampleFindings.all[0]!;
    const view = await show({ kind: 'finding', name: id, nodes }, { findings: sampleFindings });
    const text = writtenIn(view);
    for (const part of ['✕ Refused', 'Assertion failed', 'Export signed INT8.', 'INT8 is signed'])
      expect(text).to.contain(part);
    expect(text).to.contain('1 layer of the engine');
  });

  it('lists the places of a group of findings', async () => {
    const { id, nodes } = sampleFindings.groups[1]!;
    const view = await show({ kind: 'finding', name: id, nodes }, { findings: sampleFindings });
    const card = view.renderRoot.querySelector('finding-card')!.shadowRoot!;
    expect(card.querySelectorAll('#places button')).to.have.length(2);
  });

  it('shows the findings about a node and about a layer on their cards', async () => {
    const findings = sampleFindings;
    const add: Selection = { kind: 'node', name: '/block/Add', nodes: ['/block/Add'] };
    const node = writtenIn(await show(add, { findings }));
    expect(node).to.contain('▲ Costs time /block/Add reads its shortcut in float.');
    expect(node).not.to.contain('/b2/Add reads').and.not.to.contain('UINT8');
    const { name, nodes } = sampleEngine.layers[0]!;
    const input = writtenIn(await show({ kind: 'layer', name, nodes }, { findings }));
    expect(input).to.contain('✕ Refused QuantizeLinear_0 quantizes to UINT8.');
    expect(writtenIn(await show(conv, { findings }))).not.to.contain('Findings');
  });

  it('says why a node is where it is, step by step, in the words of the rules', async () => {
    const selection: Selection = { kind: 'node', name: '/block/Add', nodes: ['/block/Add'] };
    const why = { state: 'ready', value: sampleExplanation } as const;
    const view = await show(selection, { why });
    const section = whyOf(view, 'node-card');
    expect(writtenIn(section.querySelector('#reason')!)).to.equal(
      'Why INT8 in, float out: the shortcut of /block/Add has no Q/DQ. /block/relu/Relu',
    );
    const steps = [...section.querySelectorAll('#steps .note > p:first-child')];
    expect(steps.map((step) => writtenIn(step))).to.deep.equal([
      '✓ ReLU runs inside the convolution before it',
      '✕ another node also reads the pooled tensor',
    ]);
    const waiting = await show(selection, { why: { state: 'loading' } });
    expect(writtenIn(whyOf(waiting, 'node-card'))).to.contain('Following the builder…');
  });

  it('gives the reason on the card of a layer, which has the steps already', async () => {
    const why = { state: 'ready', value: sampleExplanation } as const;
    const section = whyOf(await show(conv, { why }), 'layer-card');
    expect(writtenIn(section)).to.contain('INT8 in, float out');
    expect(section.querySelector('#steps')).to.equal(null);
  });

  it('searches the smallest change on demand, can be stopped, and tells what it gains', async () => {
    const view = await show(conv, { why: { state: 'ready', value: sampleExplanation } });
    const asked: string[] = [];
    for (const type of ['lab-search-change', 'lab-stop-search'])
      view.addEventListener(type, () => asked.push(type));
    const change = async (patch: Partial<InspectorView>) => {
      Object.assign(view, patch);
      await view.updateComplete;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return whyOf(view, 'layer-card').querySelector('change-section')!.shadowRoot!;
    };
    (await change({})).querySelector('button')!.click();
    const busy = await change({ change: { state: 'loading' }, changeStep: 'Trying for 2 s' });
    expect(writtenIn(busy)).to.contain('Trying for 2 s').and.to.contain('Cancel');
    busy.querySelector('button')!.click();
    expect(asked).to.deep.equal(['lab-search-change', 'lab-stop-search']);
    const found = writtenIn(await change({ change: { state: 'ready', value: sampleChange } }));
    for (const part of ['Add Q/DQ on short', 'runs in INT8, in and out', 'Layers 6 5 −1'])
      expect(found).to.contain(part);
    const value = { ...sampleChange, reaches: 'better', numbers: 'function' } as const;
    expect(writtenIn(await change({ change: { state: 'ready', value } })))
      .to.contain('changes what the network computes')
      .and.to.contain('moves less data');
    const none = writtenIn(await change({ change: { state: 'ready', value: null } }));
    expect(none).to.contain('No edit of the Q/DQ');
  });

  it('says that nothing is open', async () => {
    expect(writtenIn(await show(null))).to.contain('Nothing is open yet');
  });
});
