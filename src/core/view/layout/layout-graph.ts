/** A box to place. Lengths are in scene units. */
export interface LayoutBox {
  readonly width: number;
  readonly height: number;
}

/** An edge to route between boxes given by index. */
export interface LayoutEdge {
  readonly from: number;
  readonly to: number;
  /** Edges of one box that carry the same value: equal numbers share one way down. Unique to its `from` box. */
  readonly net: number;
  /** Width to keep free where the edge enters `to`: a badge needs more than a line. */
  readonly slot: number;
  /** Height to keep free above `to`, straight down the port, for badges. */
  readonly headroom: number;
}

export interface LayoutGraph {
  readonly boxes: readonly LayoutBox[];
  readonly edges: readonly LayoutEdge[];
}

/** Where everything is: box centres by box index, polylines (x0, y0, x1, y1, …) by edge index. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Empty for an edge from a box to itself. */
  readonly routes: readonly (readonly number[])[];
}

/** One connected part of a layout graph with its own numbering; typed arrays keep 10,000 boxes cheap. */
export interface Part {
  readonly boxes: readonly LayoutBox[];
  readonly edges: readonly LayoutEdge[];
  readonly tail: Int32Array;
  readonly head: Int32Array;
}

/** One part, laid out in coordinates of its own. */
export interface PartLayout {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly routes: readonly (readonly number[])[];
}
