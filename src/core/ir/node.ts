import type { Attribute } from './attribute.ts';
import type { Value } from './value.ts';

/** Something that decodes the attributes of a node when somebody asks. */
export interface AttributeDecoder {
  decode(): ReadonlyMap<string, Attribute>;
}

/** Attributes by name, or who decodes them when somebody asks. */
export type AttributeSource =
  ReadonlyMap<string, Attribute> | (() => ReadonlyMap<string, Attribute>) | AttributeDecoder;

const NO_VALUES: readonly Value[] = [];
const NO_ATTRIBUTES: ReadonlyMap<string, Attribute> = new Map();

export interface NodeInit {
  readonly name: string;
  readonly opType: string;
  readonly domain?: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes?: AttributeSource;
  /** Values of this graph that subgraphs of the node read by name. */
  readonly captures?: readonly Value[];
  /** What a writer needs to copy an unchanged node byte for byte. Opaque to everyone else. */
  readonly source?: unknown;
  /** Documentation of a new node; that of a node from a file stays in its bytes. */
  readonly docString?: string;
}

/** A vertex of the graph. Its lists are changed only through Graph, which keeps uses and order right. */
export class Node {
  /** Unique in its graph; nodes without a name in the file get `node_of_<first output>`, as TensorRT does. */
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly source: unknown;
  /** What a new node says about where it comes from; empty for nodes of a file. */
  readonly docString: string;
  /** Values of the surrounding graph that subgraphs of this node read, each once. */
  readonly captures: readonly Value[];
  /** @internal */ inputList: (Value | null)[];
  /** @internal */ outputList: Value[];
  /** @internal */ previous: Node | null = null;
  /** @internal */ next: Node | null = null;
  /** True once anything about the node differs from `source`. */
  changed = false;
  /** @internal What the attributes are, or come from: a writer compares it with what the file gave. */
  attributeSource: AttributeSource;

  constructor(init: NodeInit) {
    this.name = init.name;
    this.opType = init.opType;
    this.domain = init.domain ?? '';
    this.source = init.source;
    this.docString = init.docString ?? '';
    this.inputList = [...init.inputs];
    this.outputList = [...init.outputs];
    this.captures = init.captures ?? NO_VALUES;
    this.attributeSource = init.attributes ?? NO_ATTRIBUTES;
  }
  /** Inputs in ONNX order; a missing optional input is null. */
  get inputs(): readonly (Value | null)[] {
    return this.inputList;
  }
  get outputs(): readonly Value[] {
    return this.outputList;
  }
  get attributes(): ReadonlyMap<string, Attribute> {
    const source = this.attributeSource;
    if (typeof source === 'function') return (this.attributeSource = source());
    return 'decode' in source ? (this.attributeSource = source.decode()) : source;
  }
  /** Replaces all attributes. Attribute objects that are carried over keep their bytes in a saved file. */
  setAttributes(attributes: ReadonlyMap<string, Attribute>): void {
    this.attributeSource = attributes;
    this.changed = true;
  }
}
