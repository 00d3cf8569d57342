import { expect } from '@esm-bundle/chai';
import { ortRunner } from '../../src/ort/open-runner.ts';
import { checksum, modelOf, NETWORK, NETWORK_FEEDS, NETWORK_SUMS, valueOf } from './run-support.ts';

describe('the runtime in the browser', () => {
  it('gives the bits that it gives under Node', async () => {
    const wasmPaths = new URL('/ort/', location.href).href;
    const open = ortRunner({ wasmPaths, threads: 2 });
    const runner = valueOf(await open(modelOf(NETWORK), ['c', 'h', 'y']));
    const answer = valueOf(await runner.run(NETWORK_FEEDS));
    const sums = [...answer].map(([name, tensor]) => [name, checksum(tensor)]);
    expect(Object.fromEntries(sums)).to.deep.equal(NETWORK_SUMS);
    await runner.release();
  });

  it('takes and gives float16 as its bits', async () => {
    const open = ortRunner({ wasmPaths: new URL('/ort/', location.href).href, threads: 2 });
    const model = modelOf('g (float16[3] h) => (float16[3] n) { n = Neg (h) }');
    const runner = valueOf(await open(model, ['n']));
    const data = Uint16Array.of(0x3c00, 0xc000, 0);
    const answer = valueOf(
      await runner.run(new Map([['h', { dataType: 'float16', dims: [3], data }]])),
    );
    expect(answer.get('n')?.data).to.deep.equal(Uint16Array.of(0xbc00, 0x4000, 0x8000));
    await runner.release();
  });
});
