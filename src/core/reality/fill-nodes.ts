import type { BuiltLayer } from '../engine/built-engine.ts';
import { partsOfName } from '../engine/layer-names.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';

/**
 * The layers of a built engine with the nodes of `graph` that they run: those that metadata and name tell of, and for regions of
 * TensorRT's compiler, which name only their ends, all nodes between the tensors that they take and give.
 */
export function fillNodes(layers: readonly BuiltLayer[], graph: Graph): readonly BuiltLayer[] {
  const told = layers.map((layer) => toldNodes(layer, graph));
  const claimed = new Set(layers.flatMap((layer, i) => (isRegion(layer) ? [] : (told[i] ?? []))));
  return layers.map((layer, i) => {
    const named = told[i] ?? [];
    if (!isRegion(layer)) return { ...layer, nodes: named };
    const inside = nodesOfRegion(layer, named, graph, claimed);
    return { ...layer, nodes: [...new Set([...named, ...inside])] };
  });
}

/** Metadata and the name both count: each leaves out nodes that the other has. */
function toldNodes(layer: BuiltLayer, graph: Graph): string[] {
  const names = [...layer.nodes, ...partsOfName(layer.name)];
  return [...new Set(names)].filter((name) => graph.node(name) !== undefined);
}

const isRegion = ({ name, nodesGuessed }: BuiltLayer): boolean =>
  nodesGuessed && name.includes('{ForeignNode[');

/** Walks from what the region gives back to what it takes; nodes of other layers are not entered. */
function nodesOfRegion(
  layer: BuiltLayer,
  named: readonly string[],
  graph: Graph,
  claimed: ReadonlySet<string>,
): readonly string[] {
  const taken = new Set(layer.inputs.map(({ name }) => name));
  const open: (Node | null)[] = endsOf(layer, named, graph).map((value) => value.producer());
  const inside = new Set<Node>();
  for (const node of open) {
    if (!node || inside.has(node) || claimed.has(node.name)) continue;
    inside.add(node);
    for (const value of [...node.inputs, ...node.captures])
      if (value && !taken.has(value.name)) open.push(value.producer());
  }
  return [...graph.nodes()].filter((node) => inside.has(node)).map(({ name }) => name);
}

/** Its outputs, where the model has them; else what its last named node gives; else what the model gives. */
function endsOf(layer: BuiltLayer, named: readonly string[], graph: Graph): readonly Value[] {
  const values = (names: readonly string[]): Value[] =>
    names.flatMap((name) => graph.value(name) ?? []);
  const given = values(layer.outputs.map(({ name }) => name));
  if (given.length > 0) return given;
  const last = graph.node(named.at(-1) ?? '');
  return last ? last.outputs : graph.outputs;
}
