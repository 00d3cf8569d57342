import { assert } from '../base/assert.ts';
import type { Attribute } from '../ir/attribute.ts';
import type { DataType } from '../ir/data-type.ts';
import { encodeNumbers } from '../ir/encode-numbers.ts';
import type { Graph, Value } from '../ir/graph.ts';
import { residentBytes } from '../ir/memory-bytes.ts';
import type { QuantizerSettings, StoredScale } from './placement-file.ts';

/** Makes the constants that quantizers of a placement read, each once, so that what was shared is shared again. */
export class SettingsBuilder {
  private readonly graph: Graph;
  private readonly scales: ReadonlyMap<string, StoredScale>;
  private readonly made = new Map<string, Value>();

  constructor(graph: Graph, scales: ReadonlyMap<string, StoredScale>) {
    this.graph = graph;
    this.scales = scales;
  }

  /** Inputs 1 and 2 of a Q or DQ; `dataType` is that of the scale, where it is not to be as stored. */
  inputs(settings: QuantizerSettings, dataType: DataType | undefined): readonly Value[] {
    const scale = this.scales.get(settings.scale);
    assert(scale, `there are no scales ${settings.scale}`);
    const { numbers, dims } = scale;
    const type = dataType ?? scale.dataType;
    const value = this.constant(settings.scale, { type, dims, numbers });
    const { zeroPoint } = settings;
    if (zeroPoint === null) return [value];
    const points = typeof zeroPoint === 'number' ? numbers.map(() => zeroPoint) : zeroPoint;
    const name = `${settings.scale.replace(/_scale$/, '')}_zero_point`;
    return [value, this.constant(name, { type: settings.type, dims, numbers: points })];
  }

  private constant(
    wish: string,
    content: {
      readonly type: DataType;
      readonly dims: readonly number[];
      readonly numbers: readonly number[];
    },
  ): Value {
    const { type, dims, numbers } = content;
    const key = JSON.stringify([wish, content]);
    const known = this.made.get(key);
    if (known) return known;
    const bytes = encodeNumbers(type, numbers);
    assert(bytes, `no quantizer has constants of type ${type}`);
    const name = this.graph.freshName(wish);
    const tensor = { name, dataType: type, dims, bytes: residentBytes(bytes) };
    const value = this.graph.addInitializer(name, tensor);
    this.made.set(key, value);
    return value;
  }
}

/** The attributes that settings ask for. */
export function settingsAttributes(settings: QuantizerSettings): ReadonlyMap<string, Attribute> {
  const { axis, blockSize, attributes } = settings;
  const numbers = {
    ...(axis !== undefined && { axis }),
    ...(blockSize !== undefined && { block_size: blockSize }),
    ...attributes,
  };
  return new Map(
    Object.entries(numbers).map(([name, value]) => [
      name,
      { name, type: 'int', value: BigInt(value) },
    ]),
  );
}
