import {
  inferAttributeInvalid,
  inferAxisOutOfRange,
  inferDimsDisagree,
  inferFileContradicted,
  inferInputMissing,
  inferNegativeDim,
  inferRankUnexpected,
} from '../../base/diagnostics.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DataType } from '../data-type.ts';
import type { Dim, Graph, Node, Value } from '../graph.ts';
import type { FoldedConstant } from './infer-report.ts';
import type { InferSession } from './infer-session.ts';
import { MAX_FOLDED_ELEMENTS } from './infer-session.ts';
import type { SymbolicDims } from './symbolic-dims.ts';
import type { Shape } from './merge-shapes.ts';
import { mergeShapes } from './merge-shapes.ts';

/** Infers the bodies of control flow operators; given to the context so that operator files need not know the walk. */
export interface BodyInference {
  infer(body: Graph, node: Node): void;
  /** How many graphs lie around the node. */
  readonly depth: number;
}

/** A longer list is no list of axes or dimensions, whatever the file says. */
const MAX_RANK = 64;

/** What an inference function sees of its node: inputs as far as they are known, and where to put the answers. */
export class NodeContext {
  readonly node: Node;
  readonly session: InferSession;
  private readonly bodies: BodyInference;
  /** Version of the operator set that the node belongs to. */
  readonly opset: number;
  /** False once something about the node did not fit: then the file is believed where it says otherwise. */
  private certain = true;

  constructor(node: Node, session: InferSession, bodies: BodyInference) {
    this.node = node;
    this.session = session;
    this.bodies = bodies;
    this.opset = session.opset(node.domain);
  }
  /** How many graphs lie around the node. */
  get depth(): number {
    return this.bodies.depth;
  }
  /** Infers a graph that is an attribute of the node. */
  inferBody(body: Graph): void {
    this.bodies.infer(body, this.node);
  }
  get dims(): SymbolicDims {
    return this.session.dims;
  }
  get inputCount(): number {
    return this.node.inputs.length;
  }
  get outputCount(): number {
    return this.node.outputs.length;
  }
  input(index: number): Value | undefined {
    const value = this.node.inputs[index];
    return value === null || value?.name === '' ? undefined : value;
  }
  /** The input, or undefined and a diagnostic. */
  required(index: number): Value | undefined {
    const value = this.input(index);
    if (value === undefined) this.problem(inferInputMissing(this.node, index));
    return value;
  }
  dataType(index: number): DataType | undefined {
    return this.input(index)?.dataType;
  }
  shape(index: number): Shape | undefined {
    return this.input(index)?.shape;
  }
  /** Shape of a required input of at least `minRank` (and at most `maxRank`) dimensions, or undefined. */
  shapeOfRank(index: number, minRank: number, maxRank = Infinity): Shape | undefined {
    const shape = this.required(index)?.shape;
    if (shape === undefined) return undefined;
    if (shape.length >= minRank && shape.length <= maxRank) return shape;
    this.problem(
      inferRankUnexpected(this.node, index, shape.length, { min: minRank, max: maxRank }),
    );
    return undefined;
  }
  constant(index: number): FoldedConstant | undefined {
    const value = this.input(index);
    return value === undefined ? undefined : this.session.constantOf(value);
  }
  /** Elements of a constant list of integers, symbols included. */
  elements(index: number): readonly Dim[] | undefined {
    const elements = this.constant(index)?.elements;
    return elements?.every((e) => typeof e === 'string' || Number.isInteger(e))
      ? elements
      : undefined;
  }
  /** Elements of a constant input if all are numbers. */
  numbers(index: number): readonly number[] | undefined {
    const elements = this.constant(index)?.elements;
    return elements?.every((e) => typeof e === 'number') ? elements : undefined;
  }
  /** Length of a list of axes or sizes whose elements are not known. */
  listLength(index: number): number | undefined {
    const length = this.shape(index)?.[0];
    return typeof length === 'number' && length <= MAX_RANK ? length : undefined;
  }
  hasAttribute(name: string): boolean {
    return this.node.attributes.has(name);
  }
  /** `axis` counted from the front, or undefined and a diagnostic when it is outside -rank..rank-1. */
  axis(axis: number, rank: number): number | undefined {
    const positive = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(positive) && positive >= 0 && positive < rank) return positive;
    this.problem(inferAxisOutOfRange(this.node, axis, rank));
    return undefined;
  }
  /** All of `axes` counted from the front, or undefined and a diagnostic. */
  axes(axes: readonly number[], rank: number): readonly number[] | undefined {
    const result: number[] = [];
    for (const axis of axes) {
      const positive = this.axis(axis, rank);
      if (positive === undefined) return undefined;
      result.push(positive);
    }
    return result;
  }
  /** A made-up dimension of output `index`. */
  fresh(index = 0): string {
    return this.session.freshDim(this.node.outputs[index], this.node);
  }
  /** `dim`, or a made-up one of output `index` where arithmetic gave none. */
  orFresh(dim: Dim | undefined, index = 0): Dim {
    return dim === undefined || Number.isNaN(dim) ? this.fresh(index) : dim;
  }
  /** A shape of `rank` made-up dimensions. */
  freshShape(rank: number, index = 0): Shape {
    return Array.from({ length: rank }, () => this.fresh(index));
  }
  /** Two dimensions that must be the same: the better known one, and a diagnostic when they differ. */
  same(a: Dim, b: Dim): Dim {
    if (a === b) return a;
    if (this.dims.equal(a, b) === false) this.problem(inferDimsDisagree(this.node, a, b));
    return typeof a === 'number' ? a : b;
  }
  attributeProblem(attribute: string, why: string): void {
    this.problem(inferAttributeInvalid(this.node, attribute, why));
  }
  problem(diagnostic: Diagnostic): void {
    this.certain = false;
    const { diagnostics } = this.session;
    const repeated = diagnostics.at(-1);
    if (repeated?.code === diagnostic.code && repeated.message === diagnostic.message) return;
    diagnostics.push(diagnostic);
  }
  /** States what output `index` is; undefined stands for "not known". */
  output(index: number, dataType: DataType | undefined, shape?: Shape): void {
    const value = this.node.outputs[index];
    if (value === undefined || value.name === '') return;
    this.assignType(value, dataType);
    if (shape === undefined) return;
    const clean = shape.every(isDimension) ? shape : this.openImpossible(value, shape, index);
    if (value.shape === undefined) value.shape = clean;
    else this.mergeInto(value, value.shape, clean);
  }
  /** States that output `index` is a known constant; nothing happens when it is too large to keep. */
  fold(index: number, constant: FoldedConstant | undefined): void {
    const value = this.node.outputs[index];
    if (value === undefined || constant === undefined || value.name === '') return;
    if (constant.elements.length > MAX_FOLDED_ELEMENTS) return;
    this.session.folded.set(value, constant);
  }

  private openImpossible(value: Value, shape: Shape, index: number): Shape {
    this.problem(inferNegativeDim(this.node, value, shape));
    return shape.map((d) => (isDimension(d) ? d : this.fresh(index)));
  }
  private assignType(value: Value, dataType: DataType | undefined): void {
    if (dataType === undefined || value.dataType === dataType) return;
    if (value.dataType !== undefined && value.dataType !== 'undefined') {
      const winner = this.certain ? dataType : value.dataType;
      this.session.diagnostics.push(
        inferFileContradicted(this.node, value, value.dataType, dataType),
      );
      value.dataType = winner;
    } else value.dataType = dataType;
  }
  private mergeInto(value: Value, given: Shape, inferred: Shape): void {
    const { shape, contradicts } = mergeShapes(given, inferred, this.certain);
    if (contradicts) {
      const text = (s: Shape): string => `[${s.join(', ')}]`;
      this.session.diagnostics.push(
        inferFileContradicted(this.node, value, text(given), text(inferred)),
      );
    }
    value.shape = shape;
  }
}

const isDimension = (dim: Dim): boolean =>
  typeof dim === 'string' || (Number.isSafeInteger(dim) && dim >= 0);
