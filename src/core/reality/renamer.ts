import type { Graph } from '../ir/graph.ts';

/** Gives every name of a model, and of the files about its engine, another one: the same for the same. */
export interface Renamer {
  node(name: string): string;
  value(name: string): string;
  /** A name of the model in a layer's name, be it of a node or of a value; what the model does not know gets one of its own. */
  part(name: string): string;
  /** A symbolic dimension. */
  dim(name: string): string;
}

/** Leaves names as they are. */
export const KEEP_NAMES: Renamer = {
  node: (name) => name,
  value: (name) => name,
  part: (name) => name,
  dim: (name) => name,
};

/** Numbers names in the order in which they are met: `n1` for nodes, `t1` for values, `d1` for dimensions, `u1` for what is unknown. */
export function numberingRenamer(graph: Graph): Renamer {
  const nodes = new Numbering('n');
  const values = new Numbering('t');
  const dims = new Numbering('d');
  const unknown = new Numbering('u');
  for (const value of graph.values()) values.of(value.name);
  for (const node of graph.nodes()) nodes.of(node.name);
  return {
    node: (name) => nodes.of(name),
    value: (name) => values.of(name),
    dim: (name) => dims.of(name),
    part: (name) => nodes.known(name) ?? values.known(name) ?? unknown.of(name),
  };
}

class Numbering {
  private readonly names = new Map<string, string>();
  private readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }
  of(name: string): string {
    if (name === '') return '';
    const known = this.names.get(name) ?? `${this.prefix}${this.names.size + 1}`;
    this.names.set(name, known);
    return known;
  }
  known(name: string): string | undefined {
    return this.names.get(name);
  }
}
