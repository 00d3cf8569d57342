import { expect } from '@esm-bundle/chai';
import { htmlReport } from '../../../src/core/validate/report-html.ts';
import { hostileReport } from './hostile-report.ts';

it('the HTML report sorts its tables under its own policy, Infinity last', async () => {
  const frame = document.createElement('iframe');
  frame.srcdoc = htmlReport(hostileReport());
  const loaded = new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true });
  });
  document.body.append(frame);
  await loaded;
  const page = frame.contentDocument;
  const heads = [...(page?.querySelectorAll('th') ?? [])];
  const sqnr = heads.find(({ textContent }) => textContent === 'SQNR dB');
  const order = (): (string | null | undefined)[] =>
    [...(sqnr?.closest('table')?.tBodies[0]?.rows ?? [])].map((row) => row.cells[0]?.textContent);
  expect(order()).to.deep.equal(['0', '1', '2']);
  sqnr?.querySelector('button')?.click();
  expect(order()).to.deep.equal(['2', '0', '1']);
  sqnr?.querySelector('button')?.click();
  expect(order()).to.deep.equal(['1', '0', '2']);
  expect(page && getComputedStyle(page.body).margin).to.equal('24px');
  expect(page?.querySelectorAll('img').length).to.equal(0);
  frame.remove();
});
