import { expect } from '@esm-bundle/chai';
import { ortRunner } from '../../../src/ort/open-runner.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';
import { EXACT_NUMBERS, exactNumbers } from './exact-numbers.ts';

it('validation gives the bits in a browser that it gives under Node', async () => {
  const open = ortRunner({ wasmPaths: new URL('/ort/', location.href).href, threads: 2 });
  expect(await exactNumbers(open, await loadKernels())).to.deep.equal(EXACT_NUMBERS);
});
