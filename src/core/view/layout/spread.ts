/**
 * Puts things in a row as near as possible to where they want to be, `gap[i]` apart at least (centre i to centre
 * i + 1), in the given order: weighted least squares by pooling adjacent violators, in linear time.
 *
 * @param desired wanted centre of each, overwritten by the answer
 */
export function spread(
  desired: Float64Array,
  weight: Float64Array,
  gap: Float64Array,
  count: number,
): void {
  const mean = new Float64Array(count);
  const mass = new Float64Array(count);
  const size = new Int32Array(count);
  let blocks = 0;
  let offset = 0;
  for (let i = 0; i < count; i++) {
    let m = desired[i]! - offset;
    let w = weight[i]!;
    let n = 1;
    while (blocks > 0 && mean[blocks - 1]! >= m) {
      blocks--;
      m = (m * w + mean[blocks]! * mass[blocks]!) / (w + mass[blocks]!);
      w += mass[blocks]!;
      n += size[blocks]!;
    }
    mean[blocks] = m;
    mass[blocks] = w;
    size[blocks] = n;
    blocks++;
    offset += gap[i] ?? 0;
  }
  offset = 0;
  for (let block = 0, i = 0; block < blocks; block++) {
    for (let k = 0; k < size[block]!; k++, i++) {
      desired[i] = mean[block]! + offset;
      offset += gap[i] ?? 0;
    }
  }
}
