import { corruptFile } from '../base/diagnostics.ts';
import type { Attribute } from '../ir/attribute.ts';
import type { Graph, Node } from '../ir/graph.ts';
import { BYTES, Fields } from './fields.ts';
import { decodeAttribute, scanAttribute } from './read-attribute.ts';
import type { AttributeSpan } from './read-attribute.ts';
import type { ReadContext } from './read-context.ts';
import { WireError } from './wire-error.ts';

/** Subgraphs nested deeper than this are taken for an attack or damage. */
export const MAX_DEPTH = 32;

/** A NodeProto as it stands in the file; the writer compares with it and copies from it. */
export interface NodeSource {
  readonly context: ReadContext;
  /** The payload of the node field. */
  readonly start: number;
  readonly end: number;
  /** The name in the file, often empty. */
  readonly fileName: string;
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that hold graphs, by name. */
  readonly graphs: ReadonlyMap<string, readonly Graph[]>;
  /** The name in the IR, which is unique; equal to `fileName` where possible. */
  shownName: string;
  /** Decodes the attributes when they are asked for, once. */
  readonly attributes: () => ReadonlyMap<string, Attribute>;
  /** What they decoded to: the writer tells untouched attributes by identity. */
  decoded: ReadonlyMap<string, Attribute> | undefined;
}

export const isNodeSource = (source: unknown): source is NodeSource =>
  typeof source === 'object' && source !== null && 'fileName' in source;

/** The source of a node that was read from a file. */
export const nodeSource = (node: Node): NodeSource | undefined =>
  isNodeSource(node.source) ? node.source : undefined;

type ReadSubgraph = (start: number, end: number) => Graph;

/** Reads the NodeProto of the current field; subgraphs are read at once, other attributes when asked for. */
export function readNode(context: ReadContext, outer: Fields, subgraph: ReadSubgraph): NodeSource {
  outer.expect(BYTES);
  const { image, data: start, end } = outer;
  const inputs: string[] = [];
  const outputs: string[] = [];
  const graphs = new Map<string, readonly Graph[]>();
  const texts = { name: '', opType: '', domain: '' };
  const fields = new Fields(image, start, end);
  while (fields.next())
    switch (fields.number) {
      case 1:
        inputs.push(fields.string());
        break;
      case 2:
        outputs.push(fields.string());
        break;
      case 3:
        texts.name = fields.string();
        break;
      case 4:
        texts.opType = fields.string();
        break;
      case 5: {
        const span = scanAttribute(fields);
        if (span.kind === 'graph' || span.kind === 'graphs')
          graphs.set(
            span.name,
            span.parts.map((part) => subgraph(part.start, part.end)),
          );
        break;
      }
      case 7:
        texts.domain = fields.string();
        break;
    }
  const { name: fileName, opType, domain } = texts;
  const source: NodeSource = {
    context,
    start,
    end,
    fileName,
    opType,
    domain,
    inputs,
    outputs,
    graphs,
    shownName: fileName,
    attributes: () => decodeAttributes(source),
    decoded: undefined,
  };
  return source;
}

/** Decodes the attributes of a node; of two with one name the first counts. */
function decodeAttributes(source: NodeSource): ReadonlyMap<string, Attribute> {
  if (source.decoded) return source.decoded;
  const attributes = new Map<string, Attribute>();
  for (const span of attributeSpans(source))
    if (!attributes.has(span.name)) {
      const graphs = source.graphs.get(span.name) ?? [];
      attributes.set(span.name, decodeAttribute(source.context, span, graphs));
    }
  source.decoded = attributes;
  return attributes;
}

/** The attributes as they stand in the file. */
export function* attributeSpans(source: NodeSource): Generator<AttributeSpan> {
  const fields = new Fields(source.context.image, source.start, source.end);
  while (fields.next()) if (fields.number === 5) yield scanAttribute(fields);
}

/** Refuses subgraphs that are nested without end. */
export function checkDepth(context: ReadContext, depth: number, offset: number): void {
  const file = context.image.source.name;
  if (depth > MAX_DEPTH)
    throw new WireError(
      corruptFile(`subgraphs are nested more than ${MAX_DEPTH} deep`, { file, offset }),
    );
}
