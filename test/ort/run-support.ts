import type { Feeds, RunTensor } from '../../src/core/inputs/run-tensor.ts';
import type { Result } from '../../src/core/base/result.ts';
import type { Model } from '../../src/core/ir/model.ts';
import { parseOnnxText } from '../../src/core/onnx/index.ts';

/** The value of a result that must be there. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** A model of opset 19 from a graph in textual form. */
export const modelOf = (graph: string): Model =>
  valueOf(
    parseOnnxText(`<ir_version: 10, opset_import: ["" : 19, "com.microsoft" : 1]>\n${graph}`),
  );

/** Floats as a tensor; one dimension unless told. */
export const floats = (numbers: readonly number[], dims = [numbers.length]): RunTensor => ({
  dataType: 'float32',
  dims,
  data: Float32Array.from(numbers),
});

export const feedsOf = (feeds: Readonly<Record<string, RunTensor>>): Feeds =>
  new Map(Object.entries(feeds));

/** Floats from -2 to 2 that look random and are the same everywhere: the top bits of a 32-bit congruential generator. */
export function noise(count: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 22 - 2;
  });
}

/** FNV-1a over the bytes of a tensor's data: equal sums mean equal bits. */
export function checksum({ data }: RunTensor): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

/** A little network with Q/DQ, a Conv with weights above 1 KB, a softmax: all that rounds differently if order changes. */
export const NETWORK = `net (float[1,8,12,12] x, float[16,8,3,3] k, float[16,16] m) => (float[1,16] y)
  <float[16,8,3,3] w = {0.0625 ...}, float[16] b = {0.125 ...}, float s = {0.03125}, int8 z = {0},
   float[16] ws = {0.015625 ...}, int8[16] wz = {0 ...}>
{
  [xq] xq = QuantizeLinear (x, s, z)
  [xd] xd = DequantizeLinear (xq, s, z)
  [add] v = Add (w, k)
  [wq] wq = QuantizeLinear <axis = 0> (v, ws, wz)
  [wd] wd = DequantizeLinear <axis = 0> (wq, ws, wz)
  [conv] c = Conv <pads = [1, 1, 1, 1]> (xd, wd, b)
  [sig] g = Sigmoid (c)
  [mul] h = Mul (c, g)
  [pool] p = GlobalAveragePool (h)
  [flat] f = Flatten (p)
  [mm] q = MatMul (f, m)
  [soft] y = Softmax <axis = 1> (q)
}`;

/** What NETWORK is fed with. */
export const NETWORK_FEEDS = feedsOf({
  x: floats(noise(1152, 1), [1, 8, 12, 12]),
  k: floats(noise(1152, 2), [16, 8, 3, 3]),
  m: floats(noise(256, 3), [16, 16]),
});

/** Checksums of NETWORK for NETWORK_FEEDS: taken under Node with one thread, and to be the same everywhere. */
export const NETWORK_SUMS = { c: '01b4c85e', h: '81575863', y: '8ff200e6' };
