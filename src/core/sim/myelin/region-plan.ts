import type { SimGraph, SimLayer } from '../graph/sim-graph.ts';
import { Groups } from './groups.ts';
import { isRowProduct } from './layer-roles.ts';

/** One kernel of a region: the layers it runs, in graph order, and ONNX nodes that its name borrows from others. */
export interface Kernel {
  readonly layers: readonly SimLayer[];
  readonly borrowed: readonly string[];
}

/** What goes to Myelin together. */
export interface Region {
  /** In graph order. */
  readonly layers: readonly SimLayer[];
  readonly half: boolean;
  readonly behindReshape: ReadonlySet<SimLayer>;
}

/** Who shares a kernel with whom, while a region is being split. */
export class RegionPlan {
  readonly layers: readonly SimLayer[];
  readonly gemms: readonly SimLayer[];
  /** Whether the region computes in FP16. */
  readonly half: boolean;
  /** Layers that read over a reshape, which moves nothing and is gone by now. */
  private readonly behindReshape: ReadonlySet<SimLayer>;
  private readonly inside: ReadonlySet<SimLayer>;
  private readonly groups = new Groups<SimLayer>();
  private readonly claimed = new Set<SimLayer>();
  private readonly vanished = new Set<SimLayer>();
  private readonly borrowed = new Map<SimLayer, string[]>();

  readonly graph: SimGraph;

  constructor(graph: SimGraph, { layers, half, behindReshape }: Region) {
    this.graph = graph;
    this.layers = layers;
    this.half = half;
    this.behindReshape = behindReshape;
    this.inside = new Set(layers);
    this.gemms = layers.filter((layer) => layer.kind === 'MATRIX_MULTIPLY' && !isRowProduct(layer));
  }

  /** The layers in the order of the graph, which hoisting a Q may have changed. */
  *inOrder(): Generator<SimLayer, void, undefined> {
    for (const layer of this.graph.layers()) if (this.inside.has(layer)) yield layer;
  }
  has(layer: SimLayer): boolean {
    return this.inside.has(layer);
  }
  /** Whether a reshape stood right before the layer. */
  isBehindReshape(layer: SimLayer): boolean {
    return this.behindReshape.has(layer);
  }
  /** The only reader of a layer's result, if it is in the region. */
  sole(layer: SimLayer): SimLayer | null {
    const reader = layer.output.soleReader();
    return reader && this.has(reader) ? reader : null;
  }
  /** `layer` runs in the kernel of `gemm`. */
  claim(gemm: SimLayer, layer: SimLayer): void {
    this.groups.join(gemm, layer);
    this.claimed.add(layer);
  }
  start(layer: SimLayer): void {
    this.groups.add(layer);
  }
  join(a: SimLayer, b: SimLayer): void {
    this.groups.join(a, b);
  }
  /** Becomes strides or scales of a neighbour. */
  vanish(layer: SimLayer): void {
    this.vanished.add(layer);
  }
  /** Moving layers that run as a kernel of their own behind `gemm`. */
  keep(moving: readonly SimLayer[], gemm: SimLayer): void {
    const [first, ...rest] = moving;
    if (!first) return;
    this.start(first);
    for (const layer of rest) this.join(first, layer);
    this.nameAfter(first, gemm);
  }
  /** Myelin's reshapes around a product carry the product's name. */
  nameAfter(layer: SimLayer, gemm: SimLayer): void {
    this.borrowed.set(layer, gemm.nodes.slice(0, 1));
  }
  isClaimed(layer: SimLayer): boolean {
    return this.claimed.has(layer);
  }
  isVanished(layer: SimLayer): boolean {
    return this.vanished.has(layer);
  }
  isPlanned(layer: SimLayer): boolean {
    return this.isVanished(layer) || this.groups.rootOf(layer) !== null;
  }
  together(a: SimLayer, b: SimLayer): boolean {
    const root = this.groups.rootOf(a);
    return root !== null && root === this.groups.rootOf(b);
  }

  kernels(): Kernel[] {
    const byRoot = new Map<SimLayer, { layers: SimLayer[]; borrowed: string[] }>();
    for (const layer of this.inOrder()) {
      const root = this.groups.rootOf(layer);
      if (root === null || layer.kind === 'CONSTANT') continue;
      const kernel = byRoot.get(root) ?? { layers: [], borrowed: [] };
      byRoot.set(root, kernel);
      kernel.layers.push(layer);
      kernel.borrowed.push(...(this.borrowed.get(layer) ?? []));
    }
    return [...byRoot.values()];
  }
}
