import type { Graph, Node } from '../ir/graph.ts';
import { scanAttribute } from './read-attribute.ts';
import { Fields } from './fields.ts';
import { nodeSource } from './read-node.ts';
import type { NodeSource } from './read-node.ts';
import { frame, Rope, textField } from './rope.ts';
import { NO_MESSAGE, spliceMessage } from './splice-message.ts';
import type { FieldSpan, Item } from './splice-message.ts';
import { sameAttribute, writeAttribute } from './write-attribute.ts';
import { fieldSpans } from './write-tensor.ts';

/** Field numbers of NodeProto. */
const NODE = {
  input: 1,
  output: 2,
  name: 3,
  opType: 4,
  attribute: 5,
  docString: 6,
  domain: 7,
} as const;
/** Field numbers of AttributeProto that hold graphs. */
const GRAPH_FIELDS: ReadonlySet<number> = new Set([6, 11]);

type WriteGraph = (graph: Graph) => Rope;

/**
 * The NodeProto of a node. What is as in the file is copied from there, fields that we do not know included; a node that
 * did not change at all comes out as one piece of the file.
 */
export function writeNode(node: Node, writeGraph: WriteGraph): Rope {
  const source = nodeSource(node);
  const groups = changedGroups(node, source, writeGraph);
  if (source === undefined) return spliceMessage(NO_MESSAGE, groups);
  const { start, end, context } = source;
  const file = context.image.source;
  if (groups.size === 0) return new Rope().add({ source: file, start, end });
  return spliceMessage({ source: file, fields: fieldSpans(context.image, start, end) }, groups);
}

function changedGroups(
  node: Node,
  source: NodeSource | undefined,
  writeGraph: WriteGraph,
): Map<number, readonly Item[]> {
  const groups = new Map<number, readonly Item[]>();
  const put = (number: number, texts: readonly string[], old: readonly string[]): void => {
    if (texts.length === old.length && texts.every((text, i) => text === old[i])) return;
    groups.set(
      number,
      texts.map((text) => ({ original: null, content: textField(number, text) })),
    );
  };
  const some = (text: string): readonly string[] => (text === '' ? [] : [text]);
  put(
    NODE.input,
    node.inputs.map((value) => value?.name ?? ''),
    source?.inputs ?? [],
  );
  put(
    NODE.output,
    node.outputs.map((value) => value.name),
    source?.outputs ?? [],
  );
  // The shown name of a nameless node is no reason to write one.
  put(NODE.name, some(node.name), source ? some(source.shownName) : []);
  put(NODE.opType, some(node.opType), some(source?.opType ?? ''));
  put(NODE.domain, some(node.domain), some(source?.domain ?? ''));
  if (source === undefined) put(NODE.docString, some(node.docString), []);
  const attributes = attributeItems(node, source, writeGraph);
  if (attributes) groups.set(NODE.attribute, attributes);
  return groups;
}

/** The attributes to be written; undefined when all are as in the file. */
function attributeItems(
  node: Node,
  source: NodeSource | undefined,
  writeGraph: WriteGraph,
): Item[] | undefined {
  const untouched =
    source !== undefined &&
    (node.attributeSource === source || node.attributeSource === source.decoded);
  if (untouched && source.graphs.size === 0) return undefined;
  const items: Item[] = [];
  const left = new Map(node.attributes);
  for (const { name, field } of source ? originalAttributes(source) : []) {
    const attribute = left.get(name);
    const before = source?.decode().get(name);
    left.delete(name);
    if (attribute === undefined || before === undefined) continue;
    const content = sameAttribute(attribute, before)
      ? source && writeSubgraphs(source, name, field, writeGraph)
      : frame(NODE.attribute, writeAttribute(attribute, writeGraph));
    items.push({ original: field, content: content ?? null });
  }
  for (const attribute of left.values())
    items.push({
      original: null,
      content: frame(NODE.attribute, writeAttribute(attribute, writeGraph)),
    });
  return untouched && items.every((item) => item.content === null) ? undefined : items;
}

function* originalAttributes(source: NodeSource): Generator<{ name: string; field: FieldSpan }> {
  const fields = new Fields(source.context.image, source.start, source.end);
  while (fields.next()) {
    const { number, start, end } = fields;
    if (number === NODE.attribute)
      yield { name: scanAttribute(fields).name, field: { number, start, end } };
  }
}

/** The attribute field anew when one of its subgraphs was edited, else null. */
function writeSubgraphs(
  source: NodeSource,
  name: string,
  field: FieldSpan,
  writeGraph: WriteGraph,
): Rope | null {
  const graphs = source.graphs.get(name) ?? [];
  if (graphs.length === 0) return null;
  const { image } = source.context;
  const outer = new Fields(image, field.start, field.end);
  outer.next();
  const fields = fieldSpans(image, outer.data, outer.end);
  const spans = fields.filter((span) => GRAPH_FIELDS.has(span.number));
  const items = spans.map((original, i): Item => {
    const graph = graphs[i];
    return { original, content: graph ? frame(original.number, writeGraph(graph)) : null };
  });
  const changed = items.some(({ original, content }) => {
    const inner = original && new Fields(image, original.start, original.end);
    inner?.next();
    return inner && content && !endsAsCopy(content, image.source, inner);
  });
  if (!changed) return null;
  const groups = new Map(
    [...GRAPH_FIELDS].map((number) => [
      number,
      items.filter((item) => item.original?.number === number),
    ]),
  );
  return frame(NODE.attribute, spliceMessage({ source: image.source, fields }, groups));
}

/** True when a framed message is its header and then exactly the payload of `field`. */
function endsAsCopy(
  framed: Rope,
  source: NodeSource['context']['image']['source'],
  field: Fields,
): boolean {
  return new Rope().add(...framed.chunks.slice(1)).isCopyOf(source, field.data, field.end);
}
