import type { Precision } from '../sim/predicted-engine.ts';

/**
 * How a box looks, beside its precision. `badge`: a quantizer that several boxes read, drawn like a badge at the point
 * where their edges part.
 */
export type BoxKind =
  'compute' | 'reformat' | 'noop' | 'qdq' | 'constant' | 'shape' | 'io' | 'fold' | 'badge';

/** A box of a drawing. Lengths are in scene units (CSS pixels at zoom 1); x and y are the box's centre. */
export interface SceneBox {
  /** Unique in the scene: a node name, a layer index as text, `io:<value>` or `fold:<path>`. */
  readonly id: string;
  readonly kind: BoxKind;
  /** First line: operator or layer type. */
  readonly title: string;
  /** Second line: name. */
  readonly subtitle: string;
  /** Undefined where precision means nothing (graph inputs, folds). */
  readonly precision?: Precision;
  readonly uncertain?: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Names of the ONNX nodes that this box stands for, the main one first: the link between the two views. */
  readonly nodes: readonly string[];
  /** Module path by which boxes fold: `/layer1/0`. */
  readonly path?: string;
}

/** A quantizer shown on an edge. */
export interface SceneBadge {
  readonly text: 'Q' | 'DQ' | 'Q·DQ';
  readonly nodes: readonly string[];
  /** Scale as text for the tooltip: `0.0315` or `64 scales, 0.001 to 0.02`. */
  readonly scale: string;
  /** Centre, in scene units. */
  readonly x: number;
  readonly y: number;
}

export interface SceneEdge {
  /** Ids of the boxes. */
  readonly from: string;
  readonly to: string;
  /** Value or engine tensor name. */
  readonly label: string;
  /** x0, y0, x1, y1, … in scene units, first point at the lower edge of `from`, last at the upper edge of `to`. */
  readonly points: readonly number[];
  readonly precision?: Precision;
  readonly badges: readonly SceneBadge[];
}

/** A laid-out graph, ready to draw; boxes are sorted by y so that a view can draw only what it sees. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly SceneBox[];
  readonly edges: readonly SceneEdge[];
}
