import { expect } from '@esm-bundle/chai';

describe('the test browser', () => {
  it('isolates its pages, as the real page is, so that shared memory exists', () => {
    expect(crossOriginIsolated).to.equal(true);
    expect(new SharedArrayBuffer(8).byteLength).to.equal(8);
  });

  it('knows SIMD, which the kernels need', () => {
    // The smallest module with a v128 instruction, from the WebAssembly SIMD feature test in its specification repository.
    const bytes = new Uint8Array([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253,
      15, 253, 98, 11,
    ]);
    expect(WebAssembly.validate(bytes)).to.equal(true);
  });
});
