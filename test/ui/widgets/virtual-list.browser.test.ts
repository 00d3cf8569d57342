import { expect } from '@esm-bundle/chai';
import { html } from 'lit';
import type { RowEvent } from '../../../src/ui/widgets/virtual-list.ts';
import { VirtualList } from '../../../src/ui/widgets/virtual-list.ts';
import { mounted } from '../views/mounted.ts';

const items = Array.from({ length: 10_000 }, (_, i) => `row ${String(i)}`);

async function show(): Promise<VirtualList> {
  const list = await mounted(new VirtualList(), {
    items,
    renderRow: (item: unknown) => html`<b>${item}</b>`,
  });
  list.style.setProperty('display', 'block');
  list.style.setProperty('height', '240px');
  list.style.setProperty('overflow', 'auto');
  await drawn();
  return list;
}

const drawn = async (): Promise<void> => {
  for (let frame = 0; frame < 3; frame++)
    await new Promise((resolve) => requestAnimationFrame(resolve));
};
const texts = (list: VirtualList) => [...list.querySelectorAll('b')].map((row) => row.textContent);
const press = (list: VirtualList, key: string): void => {
  list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
};

describe('virtual list', () => {
  it('draws only the rows in view, wherever it is scrolled to', async () => {
    const list = await show();
    expect(list.querySelectorAll('[role=option]').length).to.be.lessThan(40);
    list.scrollTop = 24 * 5000;
    await drawn();
    expect(texts(list)).to.contain('row 5000').and.not.to.contain('row 0');
  });

  it('moves by keys and activates the row it is on', async () => {
    const list = await show();
    const heard: number[] = [];
    list.addEventListener('row-activate', (event) =>
      heard.push((event as CustomEvent<RowEvent>).detail.index),
    );
    press(list, 'ArrowDown');
    press(list, 'ArrowDown');
    press(list, 'Enter');
    press(list, 'End');
    press(list, 'Enter');
    await drawn();
    expect(heard).to.deep.equal([2, items.length - 1]);
    expect(texts(list)).to.contain('row 9999');
    expect(list.getAttribute('aria-activedescendant')).to.contain('9999');
  });

  it('brings the chosen row into view', async () => {
    const list = await show();
    list.chosen = 700;
    await drawn();
    expect(list.querySelector('.chosen')?.textContent.trim()).to.equal('row 700');
  });
});
