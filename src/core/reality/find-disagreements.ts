import type { BuiltLayer } from '../engine/built-engine.ts';
import type { LayerRef } from '../explain/engine-difference.ts';
import { layerTypes } from '../explain/group-layers.ts';
import { typeGiven, typeTaken } from '../explain/low-types.ts';
import type { EngineLayer } from '../sim/predicted-engine.ts';
import { inAndOut } from './agreement-figures.ts';
import type { AlignedLayers, EngineAlignment } from './align-engines.ts';
import type { Scene, SuspectFinder } from './find-suspects.ts';
import type { NodeClasses } from './node-classes.ts';
import type { Disagreement, DisagreementKind } from './reality-comparison.ts';

/** Every place where the two engines part, in the order of the alignment. */
export function findDisagreements(
  { groups, qdq, reformats, classes }: EngineAlignment,
  suspects: SuspectFinder,
  typesKnown: boolean,
): Disagreement[] {
  const make = (kind: DisagreementKind, aligned: AlignedLayers): Disagreement =>
    disagreement(kind, aligned, suspects, classes);
  return [
    ...groups.flatMap((group) => {
      const kind = kindOfGroup(group, classes, typesKnown);
      return kind ? [make(kind, group)] : [];
    }),
    ...qdq.flatMap((item) => {
      const kind = kindOfQdq(item, classes);
      return kind ? [make(kind, item)] : [];
    }),
    ...onOneSide(reformats).map((item) =>
      make(item.built.length > item.predicted.length ? 'reformat-added' : 'reformat-gone', item),
    ),
  ];
}

const onOneSide = (items: readonly AlignedLayers[]): AlignedLayers[] =>
  items.filter(({ predicted, built }) => (predicted.length === 0) !== (built.length === 0));

/** Null where as many layers run the same Q/DQ. */
function kindOfQdq(
  { predicted, built }: AlignedLayers,
  { quantizers }: NodeClasses,
): DisagreementKind | null {
  const nodesOf = (layers: readonly EngineLayer[]): Set<string> =>
    new Set(layers.flatMap(({ nodes }) => nodes.filter((node) => quantizers.has(node))));
  const [guess, real] = [nodesOf(predicted), nodesOf(built)];
  if ([...real].some((node) => !guess.has(node))) return 'qdq-kept';
  if ([...guess].some((node) => !real.has(node))) return 'qdq-gone';
  if (predicted.length === built.length) return null;
  return predicted.length < built.length ? 'split' : 'merged';
}

/** Null where the same sets of nodes run, in the same classes of types. */
function kindOfGroup(
  { predicted, built }: AlignedLayers,
  classes: NodeClasses,
  typesKnown: boolean,
): DisagreementKind | null {
  if (built.length === 0) return 'not-built';
  if (predicted.length === 0) return 'not-predicted';
  const [guess, real] = [byNodes(predicted, classes), byNodes(built, classes)];
  if (predicted.length < built.length) return 'split';
  if (predicted.length > built.length) return 'merged';
  const isRegion = built.length === 1 && built[0]?.nodesGuessed === true;
  // What was filled in between the ends of a region is no evidence against the prediction.
  if (!isRegion && [...real.keys()].some((nodes) => !guess.has(nodes))) return 'regrouped';
  const wanted = (nodes: string): string | undefined =>
    isRegion ? [...guess.values()][0] : guess.get(nodes);
  const differs = [...real].some(([nodes, types]) => types !== wanted(nodes));
  return typesKnown && differs ? 'precision' : null;
}

/** What each set of computing nodes takes and gives. */
const byNodes = (
  layers: readonly EngineLayer[],
  { computing }: NodeClasses,
): ReadonlyMap<string, string> =>
  new Map(
    layers.map((layer) => [
      layer.nodes
        .filter((node) => computing.has(node))
        .sort()
        .join('\u0000'),
      inAndOut(layer),
    ]),
  );

function disagreement(
  kind: DisagreementKind,
  aligned: AlignedLayers,
  suspects: SuspectFinder,
  classes: NodeClasses,
): Disagreement {
  const { predicted, built } = aligned;
  const decidedByTiming =
    kind.startsWith('reformat') ||
    predicted.some(({ uncertain }) => uncertain && kind === 'precision');
  const nodes = aligned.nodes.filter((node) => classes.all.has(node));
  return {
    kind,
    nodes,
    predicted: predicted.map(refTo),
    built: built.map(refTo),
    text: textOf(kind, aligned),
    suspects: kind.startsWith('reformat') ? [] : suspects.find(sceneOf(kind, aligned, classes)),
    decidedByTiming,
    timeUs: timeOf(built),
  };
}

/** Kinds in which TensorRT did more than we let it do. */
const DONE_MORE: ReadonlySet<DisagreementKind> = new Set(['merged', 'qdq-gone', 'not-predicted']);

function sceneOf(
  kind: DisagreementKind,
  { nodes, predicted, built }: AlignedLayers,
  { computing }: NodeClasses,
): Scene {
  const around = new Set([...nodes, ...predicted.flatMap((layer) => layer.nodes)]);
  const isQuantizedLess = kind === 'precision' && lowCount(built) < lowCount(predicted);
  const wanted =
    DONE_MORE.has(kind) || (kind === 'precision' && !isQuantizedLess) ? 'refused' : 'fired';
  if (kind !== 'split' && kind !== 'regrouped') return { nodes: around, wanted };
  const apart = built.map((layer) => layer.nodes.filter((node) => computing.has(node)));
  return { nodes: around, wanted, apart };
}

const lowCount = (layers: readonly EngineLayer[]): number =>
  layers.reduce((sum, layer) => sum + (inAndOut(layer).match(/int8|fp8|int4/g) ?? []).length, 0);

const refTo = (layer: EngineLayer): LayerRef => ({
  index: layer.index,
  name: layer.name,
  layerType: layer.layerType,
  takes: typeTaken(layer) ?? null,
  gives: typeGiven(layer) ?? null,
});

function timeOf(built: readonly BuiltLayer[]): number | null {
  const times = built.map(({ time }) => time?.medianUs ?? time?.averageUs ?? null);
  const known = times.filter((time) => time !== null);
  if (built.length > 0 && known.length === 0) return null;
  return known.reduce((sum, time) => sum + time, 0);
}

function textOf(kind: DisagreementKind, { nodes, predicted, built }: AlignedLayers): string {
  const names = (layers: readonly EngineLayer[]): string =>
    layers.map((layer) => `${layer.name} (${layerTypes(layer)})`).join(', ');
  const types = (layers: readonly EngineLayer[]): string =>
    [...new Set(layers.map(layerTypes))].join(', ');
  switch (kind) {
    case 'split':
      return `predicted as ${count(predicted, 'layer')}, built as ${built.length}: ${names(built)} in place of ${names(predicted)}`;
    case 'merged':
      return `predicted as ${count(predicted, 'layer')}, built as ${built.length}: ${names(built)} in place of ${names(predicted)}`;
    case 'regrouped':
      return `other nodes share a layer: built ${names(built)}, predicted ${names(predicted)}`;
    case 'precision':
      return `${built[0]?.name ?? ''}: predicted ${types(predicted)}, built ${types(built)}`;
    case 'not-built':
      return `predicted ${names(predicted)}, which the built engine does not have`;
    case 'not-predicted':
      return `built ${names(built)}, which was not predicted`;
    case 'qdq-kept':
      return predicted.length === 0
        ? `${nodes.join(', ')}: built as ${names(built)}; predicted to be fused or to vanish`
        : `built ${names(built)}, predicted ${names(predicted)}`;
    case 'qdq-gone':
      return built.length === 0
        ? `${nodes.join(', ')}: predicted as ${names(predicted)}; fused or vanished in the built engine`
        : `built ${names(built)}, predicted ${names(predicted)}`;
    case 'reformat-added':
      return `a reformat that was not predicted: ${names(built)}`;
    case 'reformat-gone':
      return `no reformat where one was predicted: ${names(predicted)}`;
  }
}

const count = (items: readonly unknown[], one: string): string =>
  `${items.length} ${one}${items.length === 1 ? '' : 's'}`;
