import { corruptFile } from '../base/diagnostics.ts';
import type { Attribute } from '../ir/attribute.ts';
import type { AttributeDecoder, Graph, Node } from '../ir/graph.ts';
import type { Tensor } from '../ir/tensor.ts';
import { BYTES, Fields } from './fields.ts';
import { decodeAttribute, scanAttribute } from './read-attribute.ts';
import type { AttributeSpan } from './read-attribute.ts';
import type { ReadContext } from './read-context.ts';
import { readTensor } from './read-tensor.ts';
import { WireError } from './wire-error.ts';

/** Subgraphs nested deeper than this are taken for an attack or damage. */
export const MAX_DEPTH = 32;

const ATTRIBUTE = 5;

const NO_NAMES: readonly string[] = [];
const NO_GRAPHS: ReadonlyMap<string, readonly Graph[]> = new Map();
const NO_TENSORS: ReadonlyMap<string, readonly Tensor[]> = new Map();

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
  /** Attributes that hold tensors, by name: read at once, so that damage and missing files show when the model opens. */
  tensors = NO_TENSORS;
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
      const { name } = span;
      const parts = { graphs: this.graphs.get(name) ?? [], tensors: this.tensors.get(name) ?? [] };
      if (!attributes.has(name)) attributes.set(name, decodeAttribute(this.context, span, parts));
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
  const { kind, name, parts } = span;
  if (kind === 'graph' || kind === 'graphs') {
    const graphs = parts.map((part) => subgraph(part.start, part.end));
    source.graphs = new Map([...source.graphs, [name, graphs]]);
  } else if (kind === 'tensor' || kind === 'tensors') {
    const tensors = parts.map((part) => readTensor(source.context, part.start, part.end, name));
    source.tensors = new Map([...source.tensors, [name, tensors]]);
  }
}

/** Refuses subgraphs that are nested without end. */
export function checkDepth(context: ReadContext, depth: number, offset: number): void {
  const file = context.image.source.name;
  if (depth > MAX_DEPTH)
    throw new WireError(
      corruptFile(`subgraphs are nested more than ${MAX_DEPTH} deep`, { file, offset }),
    );
}
