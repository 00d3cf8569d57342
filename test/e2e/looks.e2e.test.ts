import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoundingBox } from 'puppeteer-core';
import { LabPage } from './lab-page.ts';

/** Elements that are wider than the window, or text that is cut without a sign of it. */
const overflows = (lab: LabPage): Promise<boolean> =>
  lab.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

const shown = async (lab: LabPage, selector: string): Promise<boolean> => {
  const element = await lab.find(selector);
  return (await element.boundingBox()) !== null;
};

test('on a narrow screen every place is one tab away', async () => {
  const lab = await LabPage.open({ width: 390, height: 844 });
  try {
    assert.equal(await overflows(lab), false);
    const places = {
      Outline: 'outline-view',
      Model: 'graph-pane[slot=first]',
      Engine: 'graph-pane[slot=second]',
      Inspect: 'inspector-view',
      Details: 'drawer-view',
    };
    const tabs = ['Outline', 'Model', 'Engine', 'Inspect', 'Details'] as const;
    for (const [i, tab] of tabs.entries()) {
      await lab.click(`place-tabs button:nth-of-type(${String(i + 1)})`);
      assert.equal(await lab.text(`place-tabs button[aria-current=true]`), tab);
      assert.equal(await shown(lab, places[tab]), true, `${tab} is shown`);
      for (const other of tabs)
        if (other !== tab) assert.equal(await shown(lab, places[other]), false, `${other} is not`);
      await lab.picture(`narrow-${tab.toLowerCase()}`);
    }
    await lab.click('place-tabs button:nth-of-type(3)');
    await lab.click('summary-strip #first-finding');
    await lab.click('place-tabs button:nth-of-type(4)');
    assert.match(await lab.text('inspector-view finding-card'), /shortcut in float/);
    await lab.picture('narrow-finding');
    await lab.click('place-tabs button:nth-of-type(3)');
    await lab.choose('Mode', 'fp16');
    await lab.reads('summary-strip .first', /TensorRT refuses this model/);
    for (const part of ['.lead', '.severity'])
      assert.equal(await shown(lab, `summary-strip .first ${part}`), true, `${part} is shown`);
    assert.equal(await overflows(lab), false);
    await lab.picture('narrow-refused');
    assert.deepEqual(lab.opened.errors, []);
  } finally {
    await lab.close();
  }
});

test('the dark scheme is dark, and its text stands out', async () => {
  const lab = await LabPage.open({ colorScheme: 'dark' });
  try {
    const { panel, text, muted } = await lab.page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      return {
        panel: style.getPropertyValue('--panel'),
        text: style.getPropertyValue('--text'),
        muted: style.getPropertyValue('--muted'),
      };
    });
    assert.ok(luminance(panel) < 0.05, panel);
    assert.ok(contrast(text, panel) >= 7, `text ${text} on ${panel}`);
    assert.ok(contrast(muted, panel) >= 4.5, `muted ${muted} on ${panel}`);
    await lab.click('summary-strip #first-finding');
    await lab.picture('finding-dark');
  } finally {
    await lab.close();
  }
});

test('in both schemes all text colours have AA contrast on all surfaces', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const lab = await LabPage.open({ colorScheme });
    try {
      const colour = (name: string): Promise<string> =>
        lab.page.evaluate(
          (property) => getComputedStyle(document.documentElement).getPropertyValue(property),
          `--${name}`,
        );
      for (const ground of ['surface', 'panel', 'raised', 'hover', 'accent-soft'])
        for (const ink of ['text', 'muted', 'bad-text']) {
          const ratio = contrast(await colour(ink), await colour(ground));
          assert.ok(ratio >= 4.5, `${colorScheme}: ${ink} on ${ground} has ${ratio.toFixed(2)}`);
        }
      for (const chip of ['int8', 'fp8', 'int4', 'fp16', 'bf16', 'fp32', 'other'])
        assert.ok(contrast('#000000', await colour(`p-${chip}`)) >= 4.5, chip);
    } finally {
      await lab.close();
    }
  }
});

test('no place reaches into its neighbour, at any width at which all are shown', async () => {
  const lab = await LabPage.open({ width: 920, height: 700 });
  try {
    await lab.click('summary-strip .drawer');
    for (const width of [920, 1180, 1440]) {
      await lab.page.setViewport({ width, height: 700 });
      const boxes = await Promise.all(
        [
          'outline-view',
          'graph-pane[slot=first] header',
          'graph-pane[slot=second] header',
          'inspector-view',
          'drawer-view',
        ].map(async (selector) => (await lab.find(selector)).boundingBox()),
      );
      for (const [i, a] of boxes.entries())
        for (const b of boxes.slice(i + 1)) assert.ok(a && b && apart(a, b), `at ${String(width)}`);
      assert.equal(await overflows(lab), false);
    }
    await lab.page.setViewport({ width: 920, height: 700 });
    await lab.picture('smallest-window');
  } finally {
    await lab.close();
  }
});

test('a wide screen is used', async () => {
  const lab = await LabPage.open({ width: 2000, height: 1100 });
  try {
    await lab.click('summary-strip .drawer');
    await lab.click('drawer-view #tab-layers');
    await lab.click('layer-table #layers-row-6');
    await lab.picture('wide-layers');
    assert.equal(await overflows(lab), false);
  } finally {
    await lab.close();
  }
});

/** True where two boxes share no more than a border. */
const apart = (a: BoundingBox, b: BoundingBox): boolean =>
  a.x + a.width <= b.x + 1 ||
  b.x + b.width <= a.x + 1 ||
  a.y + a.height <= b.y + 1 ||
  b.y + b.height <= a.y + 1;

/** Relative luminance of `#rrggbb` as WCAG 2 defines it. */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map(
    (at) => Number.parseInt(colour.trim().slice(at, at + 2), 16) / 255,
  );
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours as WCAG 2 defines it, 1 to 21. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}
