import { expect } from '@esm-bundle/chai';
import { plainKernels } from '../../src/core/quant/plain-kernels.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { kernelAnswers, kernelCases } from './kernel-cases.ts';

it('wasm kernels give the bits of their plain twins in a browser', async () => {
  const wasm = await loadKernels();
  for (const example of kernelCases()) {
    expect(kernelAnswers(wasm, example), example.name).to.equal(
      kernelAnswers(plainKernels, example),
    );
  }
});
