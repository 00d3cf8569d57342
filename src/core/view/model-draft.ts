import type { Model, Node, Value } from '../ir/graph.ts';
import { constantNodes, hostConstants } from './constant-hosts.ts';
import type { Draft, DraftBadge, DraftBox, DraftEdge } from './draft.ts';
import { commonPath, foldablePaths, modulePath } from './module-path.ts';
import { nodeOrder } from './node-order.ts';
import { nodeSubtitle, nodeTitle, shapeText, shortName } from './node-label.ts';
import { quantizerText, scaleText } from './quantizer.ts';
import type { BoxKind } from './scene.ts';

/** Everything that a model's drawing shows, before folding and layout. */
export function draftModel(model: Model): Draft {
  return new ModelDrafter(model).draft();
}

/** `targets` of a quantizer that several boxes read. */
const SEVERAL = '\n';

class ModelDrafter {
  private readonly model: Model;
  private readonly order: readonly Node[];
  private readonly constants: ReadonlySet<Node>;
  /** Quantizers of activations, with the one box that reads them, '' for none, or SEVERAL. */
  private readonly target = new Map<Node, string>();
  private readonly shapeNodes = new Set<Node>();
  private readonly badgeUsed = new Set<Node>();
  private readonly boxes = new Map<string, DraftBox>();
  private readonly edges: DraftEdge[] = [];
  /** The list of the box or badge that a node is in, for the constants that come with the node. */
  private readonly listOf = new Map<string, string[]>();

  constructor(model: Model) {
    this.model = model;
    this.order = nodeOrder(model.graph);
    this.constants = constantNodes(this.order);
  }

  draft(): Draft {
    const hosts = hostConstants(this.order, this.constants);
    this.findTargets();
    for (const value of this.model.graph.inputs) {
      if (value.tensor === undefined) this.addIo(inputId(value), 'Input', value);
    }
    for (const node of this.order) {
      if (hosts.get(node) === node) this.addBox(node, 'constant');
      else if (this.isHub(node)) this.addHub(node);
      else if (!this.constants.has(node) && !this.target.has(node)) this.addBox(node);
    }
    for (const value of this.model.graph.outputs) this.addOutput(value);
    this.attachConstants(hosts);
    return { boxes: this.withPaths(), edges: this.edges };
  }

  private isHub(node: Node): boolean {
    const target = this.target.get(node);
    return target === '' || target === SEVERAL;
  }

  /** Readers come after producers, so a walk backwards knows every reader's own target. */
  private findTargets(): void {
    for (let i = this.order.length - 1; i >= 0; i--) {
      const node = this.order[i]!;
      if (!this.isBadge(node)) continue;
      const value = node.outputs[0]!;
      const targets = new Set(value.isGraphOutput ? [outputId(value)] : []);
      for (const { node: reader, index } of value.uses()) {
        const next = index === 0 ? this.target.get(reader) : undefined;
        targets.add(next === undefined || this.isHub(reader) ? reader.name : next);
      }
      this.target.set(node, targets.size > 1 ? SEVERAL : ([...targets][0] ?? ''));
    }
  }

  /** A quantizer with fixed scales on an activation. Others compute: they are boxes, or part of their weight's box. */
  private isBadge(node: Node): boolean {
    if (quantizerText(node) === undefined || this.constants.has(node)) return false;
    return node.outputs.length === 1 && node.inputs.slice(1).every((value) => this.isFixed(value));
  }

  private isFixed(value: Value | null): boolean {
    if (value === null) return true;
    const producer = value.producer();
    return producer === null ? value.tensor !== undefined : this.constants.has(producer);
  }

  private addIo(id: string, title: string, value: Value): void {
    const shape = shapeText(value.shape);
    const subtitle = shape === '' ? shortName(value.name) : `${shortName(value.name)} · ${shape}`;
    this.boxes.set(id, { id, kind: 'io', title, subtitle, nodes: [] });
  }

  private addOutput(value: Value): void {
    const id = outputId(value);
    this.addIo(id, 'Output', value);
    this.connect(value, id);
  }

  private addBox(node: Node, kind: BoxKind = this.kindOf(node)): void {
    const [title, subtitle] = [nodeTitle(node), nodeSubtitle(node)];
    const nodes = this.list(node);
    this.boxes.set(node.name, { id: node.name, kind, title, subtitle, nodes });
    for (const value of new Set(node.inputs)) if (value !== null) this.connect(value, node.name);
  }

  private kindOf(node: Node): BoxKind {
    if (quantizerText(node) !== undefined) return 'qdq';
    const computed = node.inputs.filter((value) => !this.isFixed(value));
    const ofShapes = computed.every((value) => this.shapeNodes.has(value!.producer()!));
    if (!/^(Shape|Size)$/.test(node.opType) && (!ofShapes || computed.length === 0)) {
      return 'compute';
    }
    this.shapeNodes.add(node);
    return 'shape';
  }

  /** A quantizer read by several boxes; a lone Q right before it joins it. */
  private addHub(node: Node): void {
    const { chain, origin } = this.trace(node.inputs[0]!);
    const text = quantizerText(node)!;
    const before = chain.at(-1);
    const joins = text === 'DQ' && before !== undefined && quantizerText(before) === 'Q';
    if (joins) chain.pop();
    this.boxes.set(node.name, {
      id: node.name,
      kind: 'badge',
      title: joins ? 'Q·DQ' : text,
      subtitle: scaleText(node),
      nodes: joins ? this.list(before, node) : this.list(node),
    });
    this.addEdge(origin, node.name, chain);
  }

  private connect(value: Value, to: string): void {
    const { chain, origin } = this.trace(value);
    this.addEdge(origin, to, chain);
  }

  /** Walks up through badges to the value that a box makes. Each quantizer is given out once. */
  private trace(value: Value): { chain: Node[]; origin: Value } {
    const chain: Node[] = [];
    let at = value;
    for (let node = at.producer(); node !== null; node = at.producer()) {
      if (!this.target.has(node) || this.isHub(node)) break;
      if (!this.badgeUsed.has(node)) chain.push(node);
      this.badgeUsed.add(node);
      at = node.inputs[0]!;
    }
    return { chain: chain.reverse(), origin: at };
  }

  private addEdge(value: Value, to: string, chain: readonly Node[]): void {
    const producer = value.producer();
    const from = producer?.name ?? inputId(value);
    const drawn =
      producer === null
        ? value.isGraphInput && value.tensor === undefined
        : !this.constants.has(producer) || this.boxes.has(producer.name);
    if (!drawn) return;
    this.edges.push({ from, to, label: value.name, badges: this.badges(chain) });
  }

  private list(...nodes: readonly Node[]): string[] {
    const names = nodes.map(({ name }) => name);
    for (const name of names) this.listOf.set(name, names);
    return names;
  }

  /** A run of quantizers as badges: Q followed by DQ is one. */
  private badges(chain: readonly Node[]): DraftBadge[] {
    const badges: DraftBadge[] = [];
    chain.forEach((node, i) => {
      const text = quantizerText(node)!;
      const next = chain[i + 1];
      const previous = chain[i - 1];
      if (text === 'DQ' && previous && quantizerText(previous) === 'Q') return;
      const pair = text === 'Q' && next !== undefined && quantizerText(next) === 'DQ';
      const nodes = pair ? this.list(node, next) : this.list(node);
      badges.push({ text: pair ? 'Q·DQ' : text, nodes, scale: scaleText(node) });
    });
    return badges;
  }

  private attachConstants(hosts: ReadonlyMap<Node, Node>): void {
    for (const node of this.order) {
      const host = hosts.get(node);
      if (host !== undefined && host !== node) this.listOf.get(host.name)?.push(node.name);
    }
  }

  /** Boxes with the module paths by which they fold. A shared quantizer belongs where all its neighbours are. */
  private withPaths(): DraftBox[] {
    const worth = foldablePaths(
      [...this.boxes.values()].flatMap(({ id }) => {
        const node = this.model.graph.node(id);
        return node ? [{ path: modulePath(id), opType: node.opType }] : [];
      }),
    );
    const around = new Map<string, string[]>();
    const meet = (id: string, other: string): void => {
      if (this.boxes.get(id)?.kind !== 'badge') return;
      const list = around.get(id) ?? [];
      around.set(id, [...list, worth(modulePath(other))]);
    };
    for (const { from, to } of this.edges) {
      meet(from, to);
      meet(to, from);
    }
    return [...this.boxes.values()].map((box) => {
      if (box.kind === 'io') return box;
      const path =
        box.kind === 'badge' ? commonPath(around.get(box.id) ?? []) : worth(modulePath(box.id));
      return path === '' ? box : { ...box, path };
    });
  }
}

const inputId = (value: Value): string => `io:${value.name}`;

/** A value that goes straight from an input to an output needs two boxes. */
const outputId = (value: Value): string =>
  value.isGraphInput ? `io:${value.name} (output)` : `io:${value.name}`;
