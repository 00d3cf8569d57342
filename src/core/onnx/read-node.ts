import { corruptFile } from '../base/diagnostics.ts';
import type { Attribute } from '../ir/attribute.ts';
import type { AttributeDecoder, Graph, Node } from '../ir/graph.ts';
import { BYTES, Fields } from './fields.ts';
import { decodeAttribute, scanAttribute } from './read-attribute.ts';
import type { AttributeSpan } from './read-attribute.ts';
import type { ReadContext } from './read-context.ts';
import { WireError } from './wire-error.ts';

/** Subgraphs nested deeper than this are taken for an attack or damage. */
export const MAX_DEPTH = 32;

const ATTRIBUTE = 5;

const NO_NAMES: readonly string[] = [];
const NO_GRAPHS: ReadonlyMap<string, readonly Graph[]> = new Map();

/** A NodeProto as it stands in the file; the writer compares with it and copies from it. */
export class NodeSource implements AttributeDecoder {
  readonly context: ReadContext;
  /** The payload of the node field. */
  readonly start: number;
  readonly end: number;
  /** The name in the file, often empty. */
  fileName = '';
  opType = '';
  domain = '';
  inputs: readonly string[] = NO_NAMES;
  outputs: readonly string[] = NO_NAMES;
  /** Attributes that hold graphs, by name. */
  graphs = NO_GRAPHS;
  /** The name in the IR, which is unique; equal to `fileName` where possible. */
  shownName = '';
  /** What the attributes decoded to: the writer tells untouched ones by identity. */
  decoded: ReadonlyMap<string, Attribute> | undefined = undefined;

  constructor(context: ReadContext, start: number, end: number) {
    this.context = context;
    this.start = start;
    this.end = end;
  }
  /** Decodes the attributes, once; of two with one name the first counts. */
  decode(): ReadonlyMap<string, Attribute> {
    if (this.decoded) return this.decoded;
    const attributes = new Map<string, Attribute>();
    const fields = new Fields(this.context.image, this.start, this.end);
    while (fields.next()) {
      if (fields.number !== ATTRIBUTE) continue;
      const span = scanAttribute(fields);
      const graphs = this.graphs.get(span.name) ?? [];
      if (!attributes.has(span.name))
        attributes.set(span.name, decodeAttribute(this.context, span, graphs));
    }
    this.decoded = attributes;
    return attributes;
  }
}

/** The source of a node that was read from a file. */
export const nodeSource = (node: Node): NodeSource | undefined =>
  node.source instanceof NodeSource ? node.source : undefined;

type ReadSubgraph = (start: number, end: number) => Graph;

/** Reads the NodeProto of the current field; subgraphs are read at once, other attributes when asked for. */
export function readNode(context: ReadContext, outer: Fields, subgraph: ReadSubgraph): NodeSource {
  outer.expect(BYTES);
  const source = new NodeSource(context, outer.data, outer.end);
  const inputs: string[] = [];
  const outputs: string[] = [];
  const fields = new Fields(outer.image, outer.data, outer.end);
  while (fields.next())
    switch (fields.number) {
      case 1:
        inputs.push(fields.string());
        break;
      case 2:
        outputs.push(fields.string());
        break;
      case 3:
        source.fileName = fields.string();
        break;
      case 4:
        source.opType = fields.string();
        break;
      case ATTRIBUTE:
        takeAttribute(source, scanAttribute(fields), subgraph);
        break;
      case 7:
        source.domain = fields.string();
        break;
    }
  source.shownName = source.fileName;
  // Copies take no more room than they need, unlike arrays that grew.
  source.inputs = inputs.slice();
  source.outputs = outputs.slice();
  return source;
}

function takeAttribute(source: NodeSource, span: AttributeSpan, subgraph: ReadSubgraph): void {
  if (span.kind !== 'graph' && span.kind !== 'graphs') return;
  const graphs = span.parts.map((part) => subgraph(part.start, part.end));
  source.graphs = new Map([...source.graphs, [span.name, graphs]]);
}

/** Refuses subgraphs that are nested without end. */
export function checkDepth(context: ReadContext, depth: number, offset: number): void {
  const file = context.image.source.name;
  if (depth > MAX_DEPTH)
    throw new WireError(
      corruptFile(`subgraphs are nested more than ${MAX_DEPTH} deep`, { file, offset }),
    );
}
