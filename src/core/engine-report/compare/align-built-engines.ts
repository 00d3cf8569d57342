import type { BuiltEngine, BuiltLayer } from '../../engine/built-engine.ts';
import { groupLayers, isAskedFor } from '../../explain/group-layers.ts';
import { EngineFlow } from '../engine-flow.ts';
import { layerKind } from '../layer-kind.ts';

/** Layers of several engines that do the same work, and the copies that come with them. */
export interface BuiltGroup {
  readonly nodes: readonly string[];
  readonly alignedBy: 'nodes' | 'shape' | 'none';
  readonly sides: readonly BuiltSide[];
}
export interface BuiltSide {
  readonly layers: readonly BuiltLayer[];
  readonly copies: readonly BuiltLayer[];
}

/** All layers of all engines, each in one group; and whose names of nodes are others than the first engine's. */
export interface Alignment {
  readonly groups: readonly BuiltGroup[];
  readonly namesDiffer: readonly boolean[];
}

/** Below this share of common nodes, names are taken for those of another export. */
const LEAST_COMMON = 0.2;

/**
 * Aligns built engines by the ONNX nodes that their layers run. Layers without nodes, and all layers of an engine whose names
 * are others, are aligned by type and shapes, in order. Copies go with the layer that reads them.
 */
export function alignBuiltEngines(engines: readonly BuiltEngine[]): Alignment {
  const quantizers = quantizersOf(engines);
  const byNodes = groupLayers(
    engines.map(({ layers }) => layers),
    quantizers,
  );
  const drafts: Draft[] = byNodes.map(({ nodes, sides }) => ({
    nodes,
    byShape: false,
    sides: sides.map((side) => [...side]),
  }));
  drafts.push(...ungrouped(engines, drafts));
  const namesDiffer = engines.map((_, i) => i > 0 && haveOtherNames(drafts, i));
  const groups = joinByShape(drafts, namesDiffer).map(finished);
  return { groups: withCopies(groups, engines), namesDiffer };
}

/** A group while it is put together. */
interface Draft {
  readonly nodes: readonly string[];
  byShape: boolean;
  readonly sides: BuiltLayer[][];
}

/** Q/DQ by their names, and those that run by themselves whatever they are called. */
function quantizersOf(engines: readonly BuiltEngine[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { layers } of engines)
    for (const { role, nodes } of layers)
      for (const node of nodes) if (role === 'qdq' || /quantizelinear/i.test(node)) found.add(node);
  return found;
}

/** A group of its own for each layer that runs no node that could be in common. */
function ungrouped(engines: readonly BuiltEngine[], drafts: readonly Draft[]): Draft[] {
  const grouped = new Set(drafts.flatMap(({ sides }) => sides.flat()));
  return engines.flatMap(({ layers }, i) =>
    layers
      .filter((layer) => isAskedFor(layer) && !grouped.has(layer))
      .map((layer) => ({
        nodes: [],
        byShape: false,
        sides: engines.map((_, k) => (k === i ? [layer] : [])),
      })),
  );
}

/** Whether engine `i` runs hardly any node that the first one runs. */
function haveOtherNames(drafts: readonly Draft[], i: number): boolean {
  const own = drafts.filter(({ nodes, sides }) => nodes.length > 0 && sides[i]!.length > 0);
  const common = own.filter(({ sides }) => sides[0]!.length > 0);
  return common.length < own.length * LEAST_COMMON;
}

/**
 * Adds lone layers to the first group of an earlier engine that has none of theirs and a layer of the same signature. Both must be
 * without names that mean anything: no nodes, or of an engine with other names.
 */
function joinByShape(drafts: readonly Draft[], namesDiffer: readonly boolean[]): readonly Draft[] {
  const open = new Map<string, Draft[]>();
  const result: Draft[] = [];
  const anyDiffer = namesDiffer.includes(true);
  const inOrder = [...drafts].sort((a, b) => firstEngine(a) - firstEngine(b));
  for (const draft of inOrder) {
    const i = firstEngine(draft);
    const isLone = draft.sides.every((side, k) => k === i || side.length === 0);
    const layer = draft.sides[i]?.[0];
    const mayJoin = isLone && i > 0 && (draft.nodes.length === 0 || namesDiffer[i] === true);
    const target =
      mayJoin && layer && draft.sides[i]!.length === 1
        ? open.get(signature(layer))?.find((other) => other.sides[i]!.length === 0)
        : undefined;
    if (target && layer) {
      target.sides[i]!.push(layer);
      target.byShape = true;
      continue;
    }
    result.push(draft);
    if (draft.nodes.length > 0 && !anyDiffer) continue;
    for (const each of draft.sides.flat()) {
      const key = signature(each);
      const same = open.get(key);
      if (same === undefined) open.set(key, [draft]);
      else if (!same.includes(draft)) same.push(draft);
    }
  }
  return result;
}

const firstEngine = ({ sides }: Draft): number => sides.findIndex((side) => side.length > 0);

/** What a layer does, as far as shapes tell: type, dimensions of the data without the batch, kernel and stride. */
function signature(layer: BuiltLayer): string {
  const { inputs, outputs, convolution } = layer;
  const dims = [inputs[0], outputs[0]].map((tensor) => tensor?.dims.slice(1).join('×') ?? '');
  const work = convolution
    ? ['conv', convolution.kernel.join('×'), convolution.stride.join('×'), convolution.groups]
    : [layerKind(layer)];
  return [...work, ...dims].join(' ');
}

const finished = ({ nodes, byShape, sides }: Draft): BuiltGroup => ({
  nodes,
  alignedBy: byShape
    ? 'shape'
    : sides.filter((side) => side.length > 0).length > 1
      ? 'nodes'
      : 'none',
  sides: sides.map((layers) => ({ layers, copies: [] })),
});

/** Gives each copy to the group of the layer that reads it, else of the one that writes it, else a group of its own. */
function withCopies(groups: readonly BuiltGroup[], engines: readonly BuiltEngine[]): BuiltGroup[] {
  const copies = groups.map(() => engines.map((): BuiltLayer[] => []));
  const lone: BuiltGroup[] = [];
  engines.forEach((engine, i) => {
    const flow = new EngineFlow(engine);
    const groupOf = new Map(
      groups.flatMap(({ sides }, g) => sides[i]!.layers.map((layer) => [layer, g] as const)),
    );
    for (const layer of engine.layers) {
      if (isAskedFor(layer)) continue;
      const near = [...flow.computeAfter(layer), ...flow.computeBefore(layer)];
      const group = near.map((passage) => groupOf.get(passage.layer)).find((g) => g !== undefined);
      if (group !== undefined) copies[group]![i]!.push(layer);
      else
        lone.push({
          nodes: [],
          alignedBy: 'none',
          sides: engines.map((_, k) => ({ layers: [], copies: k === i ? [layer] : [] })),
        });
    }
  });
  const filled = groups.map((group, g) => ({
    ...group,
    sides: group.sides.map(({ layers }, i) => ({ layers, copies: copies[g]![i]! })),
  }));
  return [...filled, ...lone];
}
