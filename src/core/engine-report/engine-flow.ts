import type { BuiltEngine, BuiltLayer, BuiltTensor } from '../engine/built-engine.ts';
import { isCopy } from './layer-kind.ts';

/** A way from one layer to the next that computes, and the copies on it. */
export interface Passage {
  readonly layer: BuiltLayer;
  readonly copies: readonly BuiltLayer[];
}

/** How Myelin names inputs that are constants: `__mye648_dconst`, `fc_bias _ ONNXTRT_Broadcast_constantFloat`. */
const CONSTANT_NAME = /const|_(?:alpha|beta)$|zero_beta/i;

/**
 * Who writes and who reads the tensors of an engine. One name may be written several times, as the parts of a concatenation
 * that was optimized away or as memory used again: only what was written before is read.
 */
export class EngineFlow {
  readonly engine: BuiltEngine;
  private readonly writersOf = new Map<string, BuiltLayer[]>();
  private readonly readersOf = new Map<string, BuiltLayer[]>();
  private readonly io: ReadonlySet<string>;

  constructor(engine: BuiltEngine) {
    this.engine = engine;
    this.io = new Set([...engine.bindings, ...engine.ioTensors.map(({ name }) => name)]);
    for (const layer of engine.layers) {
      for (const { name } of layer.outputs) note(this.writersOf, name, layer);
      for (const { name } of layer.inputs) note(this.readersOf, name, layer);
    }
  }
  writers(name: string): readonly BuiltLayer[] {
    return this.writersOf.get(name) ?? [];
  }
  readers(name: string): readonly BuiltLayer[] {
    return this.readersOf.get(name) ?? [];
  }
  isNetworkInput(name: string): boolean {
    return this.io.has(name) && !this.writersOf.has(name);
  }
  isNetworkOutput(name: string): boolean {
    return this.io.has(name) && this.writersOf.has(name);
  }
  /** True for an input that holds weights or other constants: nobody writes it, and its name says so. */
  isConstant({ name }: BuiltTensor): boolean {
    return !this.writersOf.has(name) && !this.io.has(name) && CONSTANT_NAME.test(name);
  }
  /** Layers whose results a layer reads. */
  before(layer: BuiltLayer): readonly BuiltLayer[] {
    return distinct(
      layer.inputs.flatMap(({ name }) => {
        const writers = this.writers(name).filter((other) => other !== layer);
        const earlier = writers.filter(({ index }) => index < layer.index);
        return earlier.length > 0 ? earlier : writers;
      }),
    );
  }
  /** Layers that read the results of a layer. */
  after(layer: BuiltLayer): readonly BuiltLayer[] {
    const readers = layer.outputs.flatMap(({ name }) => this.readers(name));
    return distinct(readers.filter((other) => this.before(other).includes(layer)));
  }
  /** The layers before this one that compute, through copies. */
  computeBefore(layer: BuiltLayer): readonly Passage[] {
    return passages(layer, (other) => this.before(other));
  }
  /** The layers behind this one that compute, through copies. */
  computeAfter(layer: BuiltLayer): readonly Passage[] {
    return passages(layer, (other) => this.after(other));
  }
}

function note(map: Map<string, BuiltLayer[]>, name: string, layer: BuiltLayer): void {
  const layers = map.get(name);
  if (layers === undefined) map.set(name, [layer]);
  else if (!layers.includes(layer)) layers.push(layer);
}

const distinct = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

/** Walks over copies and no-ops until a layer computes; each layer is met once. */
function passages(
  start: BuiltLayer,
  next: (layer: BuiltLayer) => readonly BuiltLayer[],
): readonly Passage[] {
  const found: Passage[] = [];
  const seen = new Set([start]);
  let open: readonly Passage[] = [{ layer: start, copies: [] }];
  while (open.length > 0) {
    const further: Passage[] = [];
    for (const { layer, copies } of open)
      for (const other of next(layer)) {
        if (seen.has(other)) continue;
        seen.add(other);
        if (isCopy(other)) further.push({ layer: other, copies: [...copies, other] });
        else if (other.role === 'noop') further.push({ layer: other, copies });
        else found.push({ layer: other, copies });
      }
    open = further;
  }
  return found;
}
