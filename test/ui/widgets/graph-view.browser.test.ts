import { expect } from '@esm-bundle/chai';
import type { Scene, SceneBox, SceneEdge } from '../../../src/api/scene.ts';
import type { BoxEvent, GraphView } from '../../../src/ui/widgets/graph-view.ts';
import '../../../src/ui/widgets/graph-view.ts';

const STEP = 80;

const box = (i: number, x = 200): SceneBox => ({
  id: `b${i}`,
  kind: 'compute',
  title: 'CaskConvolution',
  subtitle: `conv${i}`,
  precision: i % 2 === 0 ? 'int8' : 'fp16',
  x,
  y: 40 + STEP * i,
  width: 160,
  height: 44,
  nodes: [`n${i}`],
});

const edge = (from: SceneBox, to: SceneBox, badge = false): SceneEdge => ({
  from: from.id,
  to: to.id,
  label: `t_${from.id}`,
  points: [from.x, from.y + 22, to.x, to.y - 22],
  badges: badge
    ? [{ text: 'Q·DQ', nodes: [`q_${from.id}`], scale: '0.5', x: to.x, y: to.y - 30 }]
    : [],
});

/** A chain; a badge on the edge after the first box. */
function chain(count: number): Scene {
  const boxes = Array.from({ length: count }, (_, i) => box(i));
  const edges = boxes.slice(1).map((to, i) => edge(boxes[i]!, to, i === 0));
  return { width: 400, height: STEP * count, boxes, edges };
}

const frame = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
/** Longer than the motion of the camera. */
const settled = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 260));
  await frame();
};

const mounted: GraphView[] = [];

async function mount(scene: Scene): Promise<GraphView> {
  const view = document.createElement('graph-view');
  Object.assign(view.style, { width: '500px', height: '600px' });
  view.scene = scene;
  document.body.append(view);
  mounted.push(view);
  await view.updateComplete;
  await settled();
  return view;
}

const part = (view: GraphView, selector: string): HTMLElement =>
  view.shadowRoot!.querySelector<HTMLElement>(selector)!;

/** Where the middle of a box is on the screen, found by asking the view what is there. */
function clickAt(view: GraphView, x: number, y: number): void {
  const stage = part(view, '.stage');
  const rect = stage.getBoundingClientRect();
  const init = {
    clientX: rect.left + x,
    clientY: rect.top + y,
    pointerId: 1,
    button: 0,
    bubbles: true,
  };
  // Pointer capture needs a real pointer, which synthetic events have not.
  stage.setPointerCapture = () => undefined;
  stage.dispatchEvent(new PointerEvent('pointerdown', init));
  stage.dispatchEvent(new PointerEvent('pointerup', init));
}

function press(view: GraphView, key: string, init: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  return !part(view, '.stage').dispatchEvent(event);
}

function record(view: GraphView, type: string): BoxEvent[] {
  const seen: BoxEvent[] = [];
  view.addEventListener(type, (event) => seen.push((event as CustomEvent<BoxEvent>).detail));
  return seen;
}

const said = (view: GraphView): string => part(view, '.said').textContent.trim();

/** Share of the main canvas that is not background, 0 to 1, over a grid of points. */
function inked(view: GraphView): number {
  const canvas = part(view, 'canvas.main') as HTMLCanvasElement;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  const first = [data[0], data[1], data[2]].join();
  let other = 0;
  for (let i = 0; i < data.length; i += 4)
    if ([data[i], data[i + 1], data[i + 2]].join() !== first) other++;
  return other / (data.length / 4);
}

afterEach(() => {
  for (const view of mounted.splice(0)) view.remove();
});

describe('graph-view', () => {
  it('draws, and only what is in view', async () => {
    const view = await mount(chain(10_000));
    expect(inked(view)).to.be.greaterThan(0.05);
    expect(view.lastFrame!.boxes).to.be.within(3, 12);
    expect(view.lastFrame!.edges).to.be.within(3, 24);
    view.panBy(0, -5000);
    await frame();
    expect(view.lastFrame!.boxes).to.be.within(3, 12);
  });

  it('draws all of 10,000 boxes when the whole graph is shown', async () => {
    const view = await mount(chain(10_000));
    view.fit();
    await settled();
    expect(view.lastFrame!.boxes).to.equal(10_000);
    view.fit();
    await settled();
    expect(view.lastFrame!.boxes).to.be.lessThan(20);
  });

  it('selects what is clicked, says it, and takes it back on a click beside', async () => {
    const view = await mount(chain(3));
    const events = record(view, 'select-box');
    // The scene is 400 by 240 and the view 500 by 600: it stands in the middle at scale 1.
    clickAt(view, 50 + 200, 180 + 40);
    await view.updateComplete;
    expect(events).to.deep.equal([{ id: 'b0', nodes: ['n0'] }]);
    expect(view.selected).to.equal('b0');
    expect(said(view)).to.equal('CaskConvolution conv0, INT8, 1 of 3');
    clickAt(view, 20, 20);
    expect(view.selected).to.equal(null);
    expect(events.at(-1)).to.deep.equal({ id: null, nodes: [] });
  });

  it('selects a badge on an edge', async () => {
    const view = await mount(chain(3));
    clickAt(view, 50 + 200, 180 + 40 + STEP - 30);
    await view.updateComplete;
    expect(view.selected).to.equal('q_b0');
    expect(said(view)).to.equal('quantize and dequantize on t_b0, scale 0.5');
  });

  it('a drag moves the picture and selects nothing', async () => {
    const view = await mount(chain(100));
    const events = record(view, 'select-box');
    const stage = part(view, '.stage');
    stage.setPointerCapture = () => undefined;
    const at = (type: string, y: number): void => {
      const init = { clientX: 250, clientY: y, pointerId: 1, button: 0, bubbles: true };
      stage.dispatchEvent(new PointerEvent(type, init));
    };
    await frame();
    const before = inkedRows(view);
    at('pointerdown', 300);
    at('pointermove', 290);
    at('pointermove', 263);
    at('pointerup', 263);
    await frame();
    expect(inkedRows(view)).not.to.equal(before);
    expect(events).to.deep.equal([]);
  });

  it('arrow keys walk along edges and through badges', async () => {
    const view = await mount(chain(4));
    const events = record(view, 'select-box');
    press(view, 'Home');
    for (let i = 0; i < 3; i++) expect(press(view, 'ArrowDown')).to.equal(true);
    expect(events.map(({ id }) => id)).to.deep.equal(['b0', 'q_b0', 'b1', 'b2']);
    press(view, 'ArrowUp');
    press(view, 'ArrowUp');
    expect(view.selected).to.equal('q_b0');
    press(view, 'End');
    expect(view.selected).to.equal('b3');
    press(view, 'ArrowDown');
    expect(view.selected).to.equal('b3', 'there is nothing below the last box');
  });

  it('left and right go to the neighbour in the row', async () => {
    const [top, left, right] = [box(0, 300), box(1, 150), { ...box(1, 450), id: 'r', nodes: [] }];
    const edges = [edge(top, left), edge(top, right)];
    const view = await mount({ width: 600, height: 200, boxes: [top, left, right], edges });
    view.selected = 'b1';
    await view.updateComplete;
    press(view, 'ArrowRight');
    expect(view.selected).to.equal('r');
    press(view, 'ArrowLeft');
    expect(view.selected).to.equal('b1');
    press(view, 'ArrowUp');
    expect(view.selected).to.equal('b0');
  });

  it('Enter opens the selected box, and is left to the page without one', async () => {
    const view = await mount(chain(3));
    const events = record(view, 'activate-box');
    expect(press(view, 'Enter')).to.equal(false);
    press(view, 'Home');
    expect(press(view, 'Enter')).to.equal(true);
    expect(events).to.deep.equal([{ id: 'b0', nodes: ['n0'] }]);
    expect(press(view, '/')).to.equal(false);
    expect(press(view, 'f', { ctrlKey: true })).to.equal(false);
  });

  it('f fits the whole graph, and keys and wheel zoom', async () => {
    const view = await mount(chain(100));
    const atStart = view.lastFrame!.boxes;
    press(view, 'f');
    await settled();
    expect(view.lastFrame!.boxes).to.equal(100);
    press(view, '0');
    await settled();
    expect(view.lastFrame!.boxes).to.be.lessThan(atStart + 4);
    const wheel = new WheelEvent('wheel', { deltaY: 400, cancelable: true, bubbles: true });
    part(view, '.stage').dispatchEvent(wheel);
    await frame();
    expect(wheel.defaultPrevented).to.equal(true);
    expect(view.lastFrame!.boxes).to.be.greaterThan(atStart);
  });

  it('two fingers zoom and do not select', async () => {
    const view = await mount(chain(100));
    const events = record(view, 'select-box');
    const before = view.lastFrame!.boxes;
    const stage = part(view, '.stage');
    stage.setPointerCapture = () => undefined;
    const finger = (type: string, pointerId: number, clientY: number): void => {
      const init = { clientX: 200, clientY, pointerId, pointerType: 'touch', bubbles: true };
      stage.dispatchEvent(new PointerEvent(type, init));
    };
    finger('pointerdown', 1, 100);
    finger('pointerdown', 2, 500);
    finger('pointermove', 2, 240);
    finger('pointerup', 2, 240);
    finger('pointerup', 1, 100);
    await frame();
    expect(view.lastFrame!.boxes).to.be.greaterThan(before * 1.5);
    expect(events).to.deep.equal([]);
  });

  it('reveals a box far away', async () => {
    const view = await mount(chain(500));
    view.reveal('b400');
    await settled();
    const hovers = record(view, 'hover-box');
    // It was below, so it stops near the lower edge.
    for (let y = 590; y > 300 && hovers.length === 0; y -= 20) view.point(230, y);
    const shown = Number(hovers[0]?.id?.slice(1));
    expect(shown).to.be.within(398, 401);
  });

  it('hovering tells nodes, shows a tooltip with names, and ends', async () => {
    const view = await mount(chain(3));
    const events = record(view, 'hover-box');
    view.point(50 + 200, 180 + 40);
    await view.updateComplete;
    expect(events).to.deep.equal([{ id: 'b0', nodes: ['n0'] }]);
    expect(part(view, '.tip').hidden).to.equal(false);
    expect(part(view, '.tip').textContent).to.contain('CaskConvolution').and.to.contain('n0');
    view.point(50 + 200, 180 + 40 + 30);
    await view.updateComplete;
    expect(part(view, '.tip').textContent).to.contain('t_b0', 'the edge below');
    view.leave();
    await view.updateComplete;
    expect(part(view, '.tip').hidden).to.equal(true);
    expect(events.at(-1)).to.deep.equal({ id: null, nodes: [] });
  });

  it('outlines highlighted nodes, fades what was not found, and rings the selection', async () => {
    const view = await mount(chain(3));
    const plain = inked(view);
    view.highlight = new Set(['n0', 'q_b0', 'n1']);
    await view.updateComplete;
    await frame();
    expect(inked(view)).to.be.greaterThan(plain * 1.1);
    view.highlight = new Set();
    view.selected = 'b1';
    await view.updateComplete;
    await frame();
    expect(inked(view)).to.be.greaterThan(plain);
    view.selected = null;
    const before = strong(view);
    view.found = new Set(['b1']);
    await view.updateComplete;
    await frame();
    expect(strong(view)).to.be.lessThan(before);
  });

  it('is announced and can be reached by keys', async () => {
    const view = await mount(chain(3));
    const stage = part(view, '.stage');
    expect(stage.tabIndex).to.equal(0);
    expect(stage.getAttribute('role')).to.equal('application');
    expect(stage.getAttribute('aria-label')).to.contain('3 boxes');
    for (const button of view.shadowRoot!.querySelectorAll('button'))
      expect(button.getAttribute('aria-label')).not.to.equal(null);
    view.focus();
    expect(view.shadowRoot!.activeElement).to.equal(stage);
  });

  it('keeps what is in the middle where it is when the scene changes around it', async () => {
    const view = await mount(chain(100));
    view.panBy(0, -3000);
    await frame();
    const hovers = record(view, 'hover-box');
    view.point(200, 300);
    view.point(200, 340);
    view.leave();
    const seen = hovers.find(({ id }) => id !== null)!;
    const without = chain(100)
      .boxes.slice(20)
      .map((b) => ({ ...b, y: b.y - 20 * STEP }));
    view.scene = { width: 400, height: 80 * STEP, boxes: without, edges: [] };
    await view.updateComplete;
    await settled();
    hovers.length = 0;
    view.point(200, 300);
    view.point(200, 340);
    expect(hovers.find(({ id }) => id !== null)).to.deep.equal(seen);
  });

  it('stays around its first box when it becomes narrower, until somebody moves it', async () => {
    const boxes = Array.from({ length: 100 }, (_, i) => box(i, 1500));
    const view = await mount({ width: 3000, height: STEP * 100, boxes, edges: [] });
    const hovers = record(view, 'hover-box');
    view.style.width = '250px';
    await settled();
    view.point(97, 34);
    expect(hovers.at(-1)?.id).to.equal('b0');
    view.panBy(-150, 0);
    view.style.width = '500px';
    await settled();
    view.point(222, 34);
    expect(hovers.at(-1)?.id).to.equal(null);
  });

  it('starts anew with a scene that has nothing in common', async () => {
    const view = await mount(chain(100));
    view.panBy(0, -3000);
    await frame();
    const other = chain(100);
    view.scene = { ...other, boxes: other.boxes.map((b) => ({ ...b, nodes: [`other ${b.id}`] })) };
    await view.updateComplete;
    await settled();
    const hovers = record(view, 'hover-box');
    view.point(200, 40);
    expect(hovers[0]?.id).to.equal('b0');
  });

  it('unfolds at the plus of a folded box, and selects it elsewhere', async () => {
    const scene = chain(3);
    const fold = { ...scene.boxes[0]!, kind: 'fold' as const, path: '/m' };
    const view = await mount({ ...scene, boxes: [fold, ...scene.boxes.slice(1)] });
    const activated = record(view, 'activate-box');
    const selected = record(view, 'select-box');
    clickAt(view, 50 + 200, 180 + 40);
    expect([activated.length, selected.length]).to.deep.equal([0, 1]);
    clickAt(view, 50 + 200 + fold.width / 2 - 10, 180 + 40);
    expect([activated.length, selected.length]).to.deep.equal([1, 1]);
    expect(activated[0]?.id).to.equal('b0');
  });

  it('shows another scene, and none', async () => {
    const view = await mount(chain(3));
    view.scene = chain(1);
    await view.updateComplete;
    await frame();
    expect(view.lastFrame!.boxes).to.equal(1);
    view.scene = null;
    await view.updateComplete;
    await frame();
    expect(view.lastFrame!.boxes).to.equal(0);
    expect(inked(view)).to.equal(0);
  });

  it('a frame at 10,000 boxes takes a few milliseconds', async () => {
    const view = await mount(chain(10_000));
    const times: number[] = [];
    for (let i = 0; i < 40; i++) {
      view.panBy(0, -90);
      await frame();
      times.push(view.lastFrame!.ms);
    }
    times.sort((a, b) => a - b);
    // Measured below 1 ms; the limit is a frame at 60 Hz on a busy machine.
    expect(times[20]).to.be.lessThan(16);
  });
});

/** Which rows of the picture have a box border, as text. */
function inkedRows(view: GraphView): string {
  const canvas = part(view, 'canvas.main') as HTMLCanvasElement;
  const middle = Math.round(canvas.width / 2);
  const { data } = canvas.getContext('2d')!.getImageData(middle, 0, 1, canvas.height);
  return data.join();
}

/** How far the picture is from its background, all in all. */
function strong(view: GraphView): number {
  const canvas = part(view, 'canvas.main') as HTMLCanvasElement;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]! - data[i % 4]!);
  return sum;
}
