import type { Graph, Node } from '../ir/graph.ts';
import type { Placement } from './placement-file.ts';
import { fingerprintOf, signaturesOf } from './structure-signature.ts';
import type { NodeSignature } from './structure-signature.ts';

/** A node of the model that stands for one of the placement, and how it was found. */
export interface FoundNode {
  readonly node: Node;
  readonly by: 'name' | 'structure';
  /** It has the name but stands elsewhere in the network: it is meant only if it reads what it read. */
  readonly isElsewhere?: true;
}

/**
 * Finds the nodes of a placement in a model. In the same export names decide. In another one names may have been dealt
 * out anew (`Conv_12` then is another convolution), so that the place in the network goes first where it is unique, and
 * the name decides only among nodes in like places and where the network itself differs.
 */
export class NodeFinder {
  /** The model is the same export: names can be trusted. */
  readonly isSameExport: boolean;
  private readonly graph: Graph;
  private readonly structure: Placement['structure'];
  private readonly byKey = new Map<string, Node[]>();
  private readonly stored = new Map<string, string[]>();

  constructor(graph: Graph, placement: Placement) {
    this.graph = graph;
    this.structure = placement.structure;
    this.isSameExport = fingerprintOf(graph).fingerprint === placement.model.fingerprint;
    if (this.isSameExport) return;
    for (const [node, signature] of signaturesOf(graph)) gather(this.byKey, signature, node);
    for (const [name, signature] of this.structure) gather(this.stored, signature, name);
  }

  /** The node, or a clause that says why there is none. */
  find(name: string): FoundNode | string {
    const named = this.graph.node(name);
    const signature = this.structure.get(name);
    if (named && (this.isSameExport || !signature)) return { node: named, by: 'name' };
    if (!signature) return `there is no node ${name}`;
    const [both = '', up = '', down = ''] = keysOf(signature);
    const exact = this.byKey.get(both) ?? [];
    const twins = Math.max(exact.length, this.stored.get(both)?.length ?? 0);
    if (exact.length > 0 && twins > 1)
      return named && exact.includes(named)
        ? { node: named, by: 'name' }
        : `${twins} nodes stand where ${name} stood, and none has its name`;
    const [above, below] = [this.only(up), this.only(down)];
    const oneSided = above && below && above !== below ? undefined : (above ?? below);
    const structural = exact[0] ?? oneSided;
    if (structural) return { node: structural, by: structural === named ? 'name' : 'structure' };
    return named?.opType === signature.opType
      ? { node: named, by: 'name', isElsewhere: true }
      : `no ${signature.opType} is called ${name} or stands where it stood`;
  }

  /** The one node that agrees with the one stored node in half of its place. */
  private only(key: string): Node | undefined {
    const nodes = this.byKey.get(key) ?? [];
    return nodes.length === 1 && this.stored.get(key)?.length === 1 ? nodes[0] : undefined;
  }
}

function gather<T>(byKey: Map<string, T[]>, signature: NodeSignature, item: T): void {
  for (const key of keysOf(signature)) {
    const same = byKey.get(key);
    if (same) same.push(item);
    else byKey.set(key, [item]);
  }
}

const keysOf = ({ opType, up, down }: NodeSignature): readonly string[] => [
  `${opType} ${up} ${down}`,
  `${opType} up ${up}`,
  `${opType} down ${down}`,
];
