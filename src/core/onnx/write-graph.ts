import type { Graph, Value } from '../ir/graph.ts';
import { GRAPH, graphSource } from './read-graph.ts';
import type { GraphField, GraphSource } from './read-graph.ts';
import { nodeSource } from './read-node.ts';
import type { NodeSource } from './read-node.ts';
import { frame, textField } from './rope.ts';
import type { Rope } from './rope.ts';
import { NO_MESSAGE, spliceMessage } from './splice-message.ts';
import type { Item } from './splice-message.ts';
import { writeNode } from './write-node.ts';
import { writeTensor } from './write-tensor.ts';
import { newValueInfo, updateValueInfo } from './write-value-info.ts';

/** Before this IR version every initializer had to be listed among the inputs as well. */
const IR_WITH_FREE_INITIALIZERS = 4;

/** The GraphProto of a graph: pieces of its file wherever nothing changed, new fields where something did. */
export function writeGraph(graph: Graph, irVersion: number): Rope {
  const source = graphSource(graph);
  const planner = new GraphPlanner(graph, source, irVersion);
  const file = source?.context.image.source;
  const original = source && file ? { source: file, fields: source.fields } : NO_MESSAGE;
  return spliceMessage(original, planner.groups());
}

/** Decides field by field what of a graph is copied and what is written anew. */
class GraphPlanner {
  private readonly graph: Graph;
  private readonly source: GraphSource | undefined;
  private readonly irVersion: number;
  private readonly values = new Map<string, Value>();

  constructor(graph: Graph, source: GraphSource | undefined, irVersion: number) {
    this.graph = graph;
    this.source = source;
    this.irVersion = irVersion;
    for (const value of graph.values()) this.values.set(value.fileName, value);
  }
  groups(): Map<number, readonly Item[]> {
    const { graph, source } = this;
    const groups = new Map<number, readonly Item[]>([
      [GRAPH.node, this.nodeItems()],
      [GRAPH.initializer, this.initializerItems(GRAPH.initializer)],
      [GRAPH.sparse, this.initializerItems(GRAPH.sparse)],
      [GRAPH.input, this.inputItems()],
      [GRAPH.output, this.ioItems(GRAPH.output, graph.outputs)],
      [GRAPH.valueInfo, this.valueInfoItems()],
    ]);
    const text = (number: number, now: string, before: string): void => {
      if (now !== before) groups.set(number, [{ original: null, content: textField(number, now) }]);
    };
    text(GRAPH.name, graph.name, source?.name ?? '');
    text(GRAPH.docString, graph.docString, source?.docString ?? '');
    return groups;
  }
  private originals(number: number): readonly GraphField[] {
    return this.source?.fields.filter((field) => field.number === number) ?? [];
  }
  private nodeItems(): Item[] {
    const fields = new Map<NodeSource, GraphField>();
    for (const field of this.originals(GRAPH.node)) if (field.node) fields.set(field.node, field);
    return [...this.graph.nodes()].map((node) => {
      const origin = nodeSource(node);
      const original = (origin && fields.get(origin)) ?? null;
      // A node that stands twice is a copy the second time.
      if (original && origin) fields.delete(origin);
      const rope = writeNode(node, (inner) => writeGraph(inner, this.irVersion));
      const isCopy =
        origin !== undefined &&
        rope.isCopyOf(origin.context.image.source, origin.start, origin.end);
      return { original, content: original && isCopy ? null : frame(GRAPH.node, rope) };
    });
  }
  private initializerItems(number: number): Item[] {
    const fields = new Map<string, GraphField>();
    for (const field of this.source?.fields ?? [])
      if (field.tensor && field.name !== undefined && !fields.has(field.name))
        fields.set(field.name, field);
    const items: Item[] = [];
    for (const [name, { tensor, fileName }] of this.graph.initializers) {
      const original = fields.get(fileName) ?? null;
      if (tensor === undefined || (original?.number ?? GRAPH.initializer) !== number) continue;
      const isSame = original?.tensor === tensor && original.name === name;
      items.push({ original, content: isSame ? null : frame(number, writeTensor(tensor, name)) });
    }
    return items;
  }
  private inputItems(): Item[] {
    const items = this.ioItems(GRAPH.input, this.graph.inputs);
    // Initializers that are listed as inputs too are no inputs in the IR; their entries go where they were.
    for (const original of this.originals(GRAPH.input)) {
      const value = this.values.get(original.name ?? '');
      if (value?.tensor === undefined || value.isGraphInput) continue;
      const at = items.findIndex((item) => item.original && item.original.start > original.start);
      items.splice(at < 0 ? items.length : at, 0, {
        original,
        content: this.update(original, value),
      });
    }
    if (this.irVersion < IR_WITH_FREE_INITIALIZERS) items.push(...this.initializersAsInputs());
    return items;
  }
  private initializersAsInputs(): Item[] {
    const known = new Set(
      this.source?.fields.filter((field) => field.tensor).map((field) => field.name),
    );
    return [...this.graph.initializers.values()]
      .filter((value) => !known.has(value.fileName))
      .map((value) => ({ original: null, content: newValueInfo(GRAPH.input, value) }));
  }
  private ioItems(number: number, values: readonly Value[]): Item[] {
    const fields = new Map(this.originals(number).map((field) => [field.name, field]));
    return values.map((value) => {
      const original = fields.get(value.fileName);
      return original
        ? { original, content: this.update(original, value) }
        : { original: null, content: newValueInfo(number, value) };
    });
  }
  private valueInfoItems(): Item[] {
    const items: Item[] = [];
    const told = new Set<Value>();
    for (const original of this.originals(GRAPH.valueInfo)) {
      const value = original.name === undefined ? undefined : this.values.get(original.name);
      if (original.name === undefined) items.push({ original, content: null });
      else if (value && isAlive(value))
        items.push({ original, content: this.update(original, value) });
      if (value) told.add(value);
    }
    for (const value of this.graph.values())
      if (!told.has(value) && this.needsInfo(value))
        items.push({ original: null, content: newValueInfo(GRAPH.valueInfo, value) });
    return items;
  }
  /** In a file only edits add value infos: what inference found is no reason to change it. */
  private needsInfo(value: Value): boolean {
    const isTold = value.isGraphInput || value.isGraphOutput || value.tensor !== undefined;
    const isWanted = value.retyped || (this.source === undefined && value.producer() !== null);
    return (
      !isTold && isWanted && value.dataType !== undefined && value.name !== '' && isAlive(value)
    );
  }
  private update(original: GraphField, value: Value): Rope | null {
    return this.source ? updateValueInfo(this.source.context.image, original, value) : null;
  }
}

/** False for a value that an edit left behind: nobody makes it, and nobody reads it. */
const isAlive = (value: Value): boolean =>
  value.producer() !== null ||
  value.tensor !== undefined ||
  value.isGraphInput ||
  value.isGraphOutput ||
  value.useCount > 0;
