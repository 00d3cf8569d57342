import { expect } from '@esm-bundle/chai';
import type { ModelId } from '../../../src/api/analyze-api.ts';

import { ValidateDialog } from '../../../src/ui/views/validate-dialog.ts';
import { ValidationPanel } from '../../../src/ui/views/validation-panel.ts';
import type { ValidationState } from '../../../src/ui/state/validation-state.ts';
import { INITIAL_VALIDATION, USUAL_VALIDATION } from '../../../src/ui/state/validation-state.ts';
import { rewrittenEngineReport, sampleReport, sampleWithEngine } from '../sample-validation.ts';
import { mounted, writtenIn } from './mounted.ts';

const id = 'm' as ModelId;
const summary = {
  ...{ id, fileName: 'net.onnx', quantizeCount: 2, initializerBytes: 10 },
  inputs: [{ name: 'ids', dataType: 'int64', shape: ['batch', 8] }],
} as never;

const show = (patch: Partial<ValidationState> = {}, more: Partial<ValidationPanel> = {}) =>
  mounted(new ValidationPanel(), {
    validation: { ...INITIAL_VALIDATION, shown: { report: sampleReport, of: id }, ...patch },
    summary,
    className: 'tall',
    ...more,
  });

const target = { trt: '10.6', sm: 90, mode: 'best' } as const;
const showEngine = (patch: Partial<ValidationState> = {}) =>
  show({ shown: { report: sampleWithEngine, of: id }, ...patch });

const asked = (view: EventTarget, type: string): unknown[] => {
  const details: unknown[] = [];
  view.addEventListener(type, (event) => details.push((event as CustomEvent).detail));
  return details;
};
const click = (root: ParentNode, selector: string): void =>
  root.querySelector<HTMLElement>(selector)!.click();

async function rowsOf(view: ValidationPanel): Promise<readonly string[]> {
  const table = view.renderRoot.querySelector('error-table')!;
  await table.updateComplete;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  return [...table.renderRoot.querySelectorAll('[role=option]')].map((row) => writtenIn(row));
}

before(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.tall { display: block; height: 400px; }');
  document.adoptedStyleSheets.push(sheet);
});

describe('panel of validation', () => {
  it('says the verdict first, in words, with the contract', async () => {
    const text = writtenIn((await show()).renderRoot.querySelector('.verdict')!);
    expect(text).to.match(/^✓ Within what was promised and asked for/);
    for (const part of [
      'Contract: 2 changes approximate.',
      'output y has an SQNR of 25.0 dB',
      'The first tensor where they part is b.',
      'y chooses the same class in 75 % of 4 rows',
      '1 scale could be better.',
      '4 batches of random data (normal, 4 samples, seed 1)',
    ])
      expect(text).to.contain(part);
  });

  it('sorts by any measure, the worst first', async () => {
    const view = await show();
    expect((await rowsOf(view)).map((row) => row.split(' ')[1])).to.deep.equal(['a', 'b', 'y']);
    const table = view.renderRoot.querySelector('error-table')!;
    click(table.renderRoot, '[data-column=sqnr]');
    expect((await rowsOf(view)).map((row) => row.split(' ')[1])).to.deep.equal(['y', 'b', 'a']);
    click(table.renderRoot, '[data-column=sqnr]');
    expect((await rowsOf(view)).map((row) => row.split(' ')[1])).to.deep.equal(['a', 'b', 'y']);
    const head = table.renderRoot.querySelector('[data-column=sqnr]')!;
    expect(head.getAttribute('aria-pressed')).to.equal('true');
  });

  it('a row that is chosen is chosen in the graphs too', async () => {
    const view = await show();
    const [chosen, selected] = [asked(view, 'lab-validation'), asked(view, 'lab-select')];
    await rowsOf(view);
    const table = view.renderRoot.querySelector('error-table')!;
    click(table.renderRoot, '[role=option]:nth-child(3)');
    expect(chosen).to.deep.equal([{ chosen: 'y' }]);
    const wide = matchMedia('(min-width: 900px)').matches;
    const node = '/net/y/Conv';
    const selection = { kind: 'node', name: node, nodes: [node] };
    expect(selected).to.deep.equal(wide ? [{ selection }] : []);
  });

  it('what is chosen in a graph is shown here', async () => {
    const selection = { kind: 'node', name: '/net/b/Conv', nodes: ['/net/b/Conv'] } as const;
    const view = await show({ chosen: 'y' }, { selection });
    const detail = view.renderRoot.querySelector('tensor-detail')!;
    expect(writtenIn(detail)).to.match(/^b /);
  });

  it('pictures a tensor before and after with the range and bins of its quantizer', async () => {
    const view = await show({ chosen: 'y' });
    const detail = view.renderRoot.querySelector('tensor-detail')!.shadowRoot!;
    const histogram = detail.querySelector('pair-histogram')!.shadowRoot!;
    const label = histogram.querySelector('svg')!.getAttribute('aria-label')!;
    expect(label).to.equal(
      'Histogram from -8 to 8, before and after; the quantizer reaches from -6.4 to 6.35 in steps of 0.5',
    );
    expect(histogram.querySelectorAll('.edge')).to.have.length(2);
    // From -6 to 6.35 by halves: a border between each two bins.
    expect(histogram.querySelectorAll('.bin').length).to.be.greaterThan(20);
    const scatter = detail.querySelector('scatter-chart')!.shadowRoot!;
    expect(scatter.querySelector('.points')!.getAttribute('d')!.match(/M/g)).to.have.length(3);
  });

  it('offers a better scale as a step, unless the model was changed since', async () => {
    const quantizers = { list: 'quantizers', chosen: 'x_q' } as const;
    const view = await show(quantizers);
    const steps = asked(view, 'lab-apply');
    const detail = view.renderRoot.querySelector('tensor-detail')!.shadowRoot!;
    click(detail, '#use-scale');
    expect(steps).to.deep.equal([
      {
        steps: [{ kind: 'scales', type: 'int8', scales: { x: 0.05 }, replace: true }],
        title: 'Set the scale of x',
      },
    ]);
    const stale = await show(quantizers, { summary: { ...(summary as object), id: 'n' } as never });
    const button = stale.renderRoot
      .querySelector('tensor-detail')!
      .shadowRoot!.querySelector<HTMLButtonElement>('#use-scale')!;
    expect(button.disabled).to.equal(true);
    expect(writtenIn(stale.renderRoot.querySelector('.verdict')!)).to.contain('changed since');
  });

  it('colours the graphs on request, with a legend in words', async () => {
    const view = await show({ painted: true });
    const legend = writtenIn(view.renderRoot.querySelector('.legend')!);
    expect(legend).to.match(/^bit-exact 60 dB and more .* below 20 dB the number on a box/);
    const changes = asked(view, 'lab-validation');
    click(view.renderRoot, '#paint');
    expect(changes).to.deep.equal([{ painted: false }]);
  });

  it('tells Q/DQ, fusion and both for the output, in dB and in steps', async () => {
    const view = await showEngine();
    const statement = view.renderRoot.querySelector('.verdict engine-statement')!.shadowRoot!;
    const text = writtenIn(statement);
    expect(text).to.match(/^In the predicted engine trt10\.6-sm90 best Output y Changed by/);
    const figures = [...statement.querySelectorAll('[data-figure]')].map((row) => writtenIn(row));
    expect(figures).to.deep.equal([
      'Q/DQ 18.0 0.5 –',
      'Fusion 36.0 0.03 –',
      'Q/DQ and fusion 17.0 0.6 –',
    ]);
    expect(text).to.contain('Fusion changes 2 of 3 tensors. First : b Most : y');
    expect(text).to.contain('1 thing that is not followed or not proved');
    expect(text).to.contain('FP32 is taken , 2 places: a, b');
  });

  it('tells the rewrite beside fusion where the model was changed', async () => {
    const shown = { report: { ...sampleReport, engine: rewrittenEngineReport }, of: id };
    const view = await show({ shown, list: 'engine', chosen: 'b' });
    const statement = view.renderRoot.querySelector('.detail engine-statement')!.shadowRoot!;
    const figures = [...statement.querySelectorAll('[data-figure]')].map((row) => writtenIn(row));
    expect(figures).to.deep.equal([
      'Your rewrite 45.0 0.1 1',
      'Q/DQ 30.0 0.2 2',
      'Fusion 52.0 0.05 0.5',
      'Rewrite and fusion 35.0 0.2 2',
      'Q/DQ and fusion 28.0 0.25 2.5',
    ]);
    const heads = view.renderRoot.querySelector('error-table')!.renderRoot;
    expect(heads.querySelector('[data-column=rewrite]')).not.to.equal(null);
  });

  it('lists what the engine stores, the worst first, and sorts it', async () => {
    const view = await showEngine({ list: 'engine' });
    const order = async () => (await rowsOf(view)).map((row) => row.split(' ')[1]);
    expect(await order()).to.deep.equal(['y', 'b', 'a']);
    const table = view.renderRoot.querySelector('error-table')!;
    click(table.renderRoot, '[data-column=fusionSteps]');
    expect(await order()).to.deep.equal(['b', 'a', 'y']);
    const [chosen] = [asked(view, 'lab-validation')];
    click(table.renderRoot, '[role=option]:nth-child(3)');
    expect(chosen).to.deep.equal([{ chosen: 'y' }]);
    const detail = (await showEngine({ list: 'engine', chosen: 'y' })).renderRoot;
    const histogram = detail
      .querySelector('tensor-detail')!
      .shadowRoot!.querySelector('pair-histogram')!.shadowRoot!;
    expect(histogram.querySelector('svg')!.getAttribute('aria-label')).to.match(/^Histogram from/);
    expect(writtenIn(detail.querySelector('tensor-detail')!)).to.contain('in the engine');
  });

  it('goes to the tensor that fusion changes first or most', async () => {
    const view = await showEngine();
    const changes = asked(view, 'lab-validation');
    const statement = view.renderRoot.querySelector('.verdict engine-statement')!.shadowRoot!;
    click(statement, '[data-point=First]');
    expect(changes).to.deep.equal([{ list: 'engine' }, { chosen: 'b' }]);
  });

  it('says what to do where the engine was not followed, cannot be, or there is nothing to follow', async () => {
    const words = async (patch: Partial<ValidationState>, engine: unknown) =>
      writtenIn(
        (
          await show({ ...patch, list: 'engine' }, { engine: engine as never })
        ).renderRoot.querySelector('.lists .start')!,
      );
    const layers = [{ role: 'compute', precision: 'int8' }];
    const int8 = { target, layers, summary: { int8Layers: 1 } };
    const float = { target, layers: [], summary: { int8Layers: 0 } };
    expect(await words({}, int8)).to.match(
      /^The engine was not followed in this run\. Validate again/,
    );
    expect(await words({}, float)).to.match(/^The predicted engine computes in FP32 .* Validate…$/);
    const engineProblem = {
      code: 'x',
      severity: 'error',
      message: 'It broke.',
      advice: 'Mend it.',
    } as const;
    const broken = { report: { ...sampleReport, engineProblem }, of: id };
    expect(await words({ shown: broken }, int8)).to.match(/^The engine could not be followed/);
    const view = await show({ shown: broken });
    expect(
      writtenIn(view.renderRoot.querySelector('.verdict engine-statement')!.shadowRoot!),
    ).to.equal('The engine could not be followed. It broke. Mend it.');
  });

  it('says that a report is about another target than that of now', async () => {
    const engine = { target: { ...target, trt: '8.6' }, layers: [], summary: { int8Layers: 0 } };
    const view = await show(
      { shown: { report: sampleWithEngine, of: id } },
      { engine: engine as never },
    );
    const statement = view.renderRoot.querySelector('.verdict engine-statement')!.shadowRoot!;
    expect(writtenIn(statement)).to.contain('The target is trt8.6-sm90 best by now');
  });

  it('asks for reports by their kind', async () => {
    const view = await show();
    const wanted = asked(view, 'lab-validation-export');
    for (const kind of ['html', 'json', 'csv']) click(view.renderRoot, `[data-export=${kind}]`);
    expect(wanted).to.deep.equal([{ kind: 'html' }, { kind: 'json' }, { kind: 'csv' }]);
  });

  it('says what to do while there is nothing, how far a run is, and why one failed', async () => {
    const empty = await show({ shown: null });
    expect(writtenIn(empty.renderRoot)).to.match(/Runs the model before and after/);
    const opened = asked(empty, 'lab-validation');
    click(empty.renderRoot, '#validate');
    expect(opened).to.deep.equal([{ wish: USUAL_VALIDATION }]);
    const running = await show({ shown: null, job: { step: 'Running sample 2', fraction: 0.5 } });
    expect(writtenIn(running.renderRoot)).to.contain('Running sample 2 · 50 %');
    const cancelled = asked(running, 'lab-validate-cancel');
    click(running.renderRoot, '#cancel-validation');
    expect(cancelled).to.have.length(1);
    const problem = {
      code: 'x',
      severity: 'error',
      message: 'It broke.',
      advice: 'Mend it.',
    } as const;
    const failed = await show({ shown: null, problem });
    expect(writtenIn(failed.renderRoot)).to.contain('It broke. Mend it.');
  });
});

describe('dialog of validation', () => {
  const dialog = (wish = USUAL_VALIDATION, more: Partial<ValidateDialog> = {}) =>
    mounted(new ValidateDialog(), { wish, summary, changed: true, ...more });

  it('asks for dynamic dimensions before it lets start', async () => {
    const view = await dialog();
    const start = view.renderRoot.querySelector<HTMLButtonElement>('#start')!;
    expect(start.disabled).to.equal(true);
    expect(writtenIn(view.renderRoot)).to.contain('Give a size to batch.');
    const wishes = asked(view, 'lab-validation');
    const size = view.renderRoot.querySelector<HTMLInputElement>('[aria-label="Size of batch"]')!;
    size.value = '2';
    size.dispatchEvent(new Event('change'));
    expect(wishes).to.deep.equal([{ wish: { ...USUAL_VALIDATION, dims: { batch: 2 } } }]);
    view.remove();
    const ready = await dialog({ ...USUAL_VALIDATION, dims: { batch: 2 } });
    const asks = asked(ready, 'lab-validate');
    click(ready.renderRoot, '#start');
    expect(asks).to.have.length(1);
    ready.remove();
  });

  it('follows the predicted engine where it has INT8, says what it costs, and may be told not to', async () => {
    const layers = [{ role: 'compute', precision: 'int8' }];
    const engine = { target, layers, summary: { int8Layers: 1 } } as never;
    const view = await dialog(USUAL_VALIDATION, { engine });
    const box = view.renderRoot.querySelector<HTMLInputElement>('[data-compare=engine]')!;
    expect([box.checked, box.disabled]).to.deep.equal([true, false]);
    expect(writtenIn(view.renderRoot)).to.contain(
      'Follows the arithmetic of trt10.6-sm90 best . Runs four models more on each sample',
    );
    const wishes = asked(view, 'lab-validation');
    box.click();
    expect(wishes).to.deep.equal([{ wish: { ...USUAL_VALIDATION, engine: false } }]);
    view.remove();
  });

  it('does not offer an engine that computes as the model is written, or that is not there', async () => {
    const layers = [{ role: 'compute', precision: 'fp32' }];
    const plain = { target, layers, summary: { int8Layers: 0 } } as never;
    for (const [engine, why] of [
      [plain, 'it computes in FP32 throughout'],
      [null, 'there is no prediction yet'],
    ] as const) {
      const view = await dialog(USUAL_VALIDATION, { engine });
      const box = view.renderRoot.querySelector<HTMLInputElement>('[data-compare=engine]')!;
      expect([box.checked, box.disabled]).to.deep.equal([false, true]);
      expect(writtenIn(view.renderRoot)).to.contain(why);
      view.remove();
    }
  });

  it('offers ranges for each input, or presets for images', async () => {
    const view = await dialog();
    expect(view.renderRoot.querySelector('[aria-label="Range of ids"]')).not.to.equal(null);
    view.remove();
    const files = [new File([], 'a.png'), new File([], 'b.png')];
    const images = await dialog({ ...USUAL_VALIDATION, files });
    const text = writtenIn(images.renderRoot);
    expect(text).to.contain('2 files : a.png, b.png');
    expect(images.renderRoot.querySelector('select[aria-label=Images]')).not.to.equal(null);
    expect(images.renderRoot.querySelector('[aria-label="Range of ids"]')).to.equal(null);
    images.remove();
  });

  it('ends a run when it is closed', async () => {
    const view = await dialog(USUAL_VALIDATION, { job: { step: 'Running', fraction: 0.2 } });
    const [stops, closes] = [asked(view, 'lab-validate-cancel'), asked(view, 'lab-validation')];
    click(view.renderRoot, 'footer button');
    expect(stops).to.have.length(1);
    expect(closes).to.deep.equal([{ wish: null }]);
    view.remove();
  });

  it('tells of a model that is too large before anything starts', async () => {
    const large = { ...(summary as object), initializerBytes: 4e9 } as never;
    const view = await dialog(USUAL_VALIDATION, { summary: large });
    expect(writtenIn(view.renderRoot)).to.contain('The weights take 4.0 GB');
    expect(view.renderRoot.querySelector<HTMLButtonElement>('#start')!.disabled).to.equal(true);
    view.remove();
  });
});
