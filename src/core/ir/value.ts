import type { DataType } from './data-type.ts';
import type { Node } from './node.ts';
import type { Tensor } from './tensor.ts';
import { UseList } from './use-list.ts';

/** One dimension: a number, or a name when it is symbolic (`batch`) or unknown (`unk__7`). */
export type Dim = number | string;

/**
 * Node `node` reads a value as its input number `index`; -1 when not the node itself but one of its subgraphs (the body
 * of an If, Loop or Scan) reads it.
 */
export interface Use {
  readonly node: Node;
  readonly index: number;
}

/** An edge of the graph: made by one node, or a graph input, or an initializer; read by any number of nodes. */
export class Value {
  /** Changed only through `Graph.renameValue`. */
  name: string;
  /** The name that it had first: a writer finds by it what the file says about the value. */
  readonly fileName: string;
  /** Element type; undefined until known from the file or by inference. */
  dataType: DataType | undefined = undefined;
  /** Undefined while not even the rank is known. */
  shape: readonly Dim[] | undefined = undefined;
  /** The constant that this value is, when it is an initializer. */
  tensor: Tensor | undefined = undefined;
  isGraphInput = false;
  isGraphOutput = false;
  /** Type and shape were set by an edit and replace what the file says; set by `Graph.retype`. */
  retyped = false;
  /** @internal Kept by Graph. */
  producerNode: Node | null = null;
  /** @internal Kept by Graph. */
  readonly useList = new UseList();

  constructor(name: string, fileName = name) {
    this.name = name;
    this.fileName = fileName;
  }
  /** The node that makes this value; null for graph inputs and initializers. */
  producer(): Node | null {
    return this.producerNode;
  }
  /** Who reads this value and as which input, in the order in which the reads were added: a copy that stays as it is. */
  uses(): readonly Use[] {
    return this.useList.all();
  }
  /** Number of uses, without making a list of them. */
  get useCount(): number {
    return this.useList.size;
  }
  /** The nodes that read this value, each once. */
  consumers(): readonly Node[] {
    return this.useList.nodes();
  }
}
