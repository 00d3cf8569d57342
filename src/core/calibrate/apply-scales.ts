import { assert } from '../base/assert.ts';
import { encodeNumbers } from '../ir/encode-numbers.ts';
import { residentBytes } from '../ir/memory-bytes.ts';
import type { Model } from '../ir/model.ts';
import { attrTensor } from '../ir/node-attributes.ts';
import { elementCount } from '../ir/tensor.ts';
import type { Tensor } from '../ir/tensor.ts';
import { storableScale } from './choose-scale.ts';
import { activationScales, pendingScales } from './pending-scales.ts';
import { HIGHEST } from './quantized-type.ts';
import type { ScaleTable } from './scale-table.ts';

/** What became of a table of scales. Names of values, in the order of the model or of the table. */
export interface AppliedScales {
  readonly model: Model;
  /** Values whose scale the table gave. */
  readonly applied: readonly string[];
  /** Values without an entry whose scale came from another value that shares it. */
  readonly shared: readonly string[];
  /** Values without an entry whose scale stays as it was. */
  readonly missing: readonly string[];
  /** Entries of the table that no quantizer of the model asks for. */
  readonly unmatched: readonly string[];
}

/**
 * A copy of `model` with the scales of `table` in the place of those that wait for calibration; with `replace`, also in the
 * place of all other scales of activations (one a tensor, zero point 0). A scale that several values share gets the largest of
 * theirs: the union of their ranges. A table made for another quantized type is converted.
 */
export function applyScales(
  model: Model,
  table: ScaleTable,
  { replace = false }: { readonly replace?: boolean } = {},
): AppliedScales {
  const applied: string[] = [];
  const shared: string[] = [];
  const missing: string[] = [];
  const scales = new Map<Tensor, number>();
  const unmatched = new Set(table.scales.keys());
  for (const group of (replace ? activationScales : pendingScales)(model.graph)) {
    let scale = 0;
    for (const value of group.values)
      scale = Math.max(scale, scaleIn(table, value) / HIGHEST[group.type]);
    for (const value of group.values) {
      const has = unmatched.delete(value) || table.scales.has(value);
      (has ? applied : scale > 0 ? shared : missing).push(value);
    }
    if (scale > 0) scales.set(group.tensor, scale);
  }
  return {
    model: setScales(model, scales),
    applied: [...new Set(applied)],
    shared: [...new Set(shared)],
    missing: [...new Set(missing)],
    unmatched: [...unmatched],
  };
}

/** The magnitude to which the entry of `value` reaches; 0 where there is none. */
const scaleIn = (table: ScaleTable, value: string): number =>
  (table.scales.get(value) ?? 0) * HIGHEST[table.type];

/** A copy of `model` in which each of the given tensors holds the given scale, rounded to its element type. */
export function setScales(model: Model, scales: ReadonlyMap<Tensor, number>): Model {
  const graph = model.graph.clone();
  const made = new Map<Tensor, Tensor>();
  for (const [tensor, scale] of scales) made.set(tensor, withScale(tensor, scale));
  for (const [name, { tensor }] of [...graph.initializers]) {
    const fresh = tensor && made.get(tensor);
    if (fresh) graph.addInitializer(name, fresh);
  }
  for (const node of graph.nodes()) {
    const tensor = node.opType === 'Constant' ? attrTensor(node, 'value') : undefined;
    const fresh = tensor && made.get(tensor);
    if (fresh)
      node.setAttributes(
        new Map(node.attributes).set('value', { name: 'value', type: 'tensor', value: fresh }),
      );
  }
  return { ...model, graph };
}

function withScale(tensor: Tensor, scale: number): Tensor {
  const { name, dataType, dims } = tensor;
  const rounded = storableScale(scale, dataType).scale;
  const bytes = encodeNumbers(dataType, new Array<number>(elementCount(dims)).fill(rounded));
  assert(bytes, `no scale can be of type ${dataType}`);
  return { name, dataType, dims, bytes: residentBytes(bytes) };
}
