/** Elements of a row-major tensor of shape `dims` in the order after a transpose: dimension i of the result is `perm[i]`. */
export function transposeNumbers(
  numbers: Float64Array,
  dims: readonly number[],
  perm: readonly number[],
): Float64Array {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((a, b) => a * b, 1));
  const to = perm.map((axis) => dims[axis] ?? 1);
  const steps = perm.map((axis) => strides[axis] ?? 0);
  const result = new Float64Array(numbers.length);
  const at = to.map(() => 0);
  let source = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = numbers[source]!;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      source += steps[axis]!;
      at[axis] = at[axis]! + 1;
      if (at[axis]! < to[axis]!) break;
      source -= steps[axis]! * to[axis]!;
      at[axis] = 0;
    }
  }
  return result;
}
