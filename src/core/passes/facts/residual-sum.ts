import type { Node, Value } from '../../ir/graph.ts';
import { isQuantizer } from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { pairBefore } from './activation-pairs.ts';
import { isReadOnlyBy } from './closed-uses.ts';
import { dataInputs } from './copying-nodes.ts';
import { isInt8Weighted } from './int8-layers.ts';
import { isPointwisePair } from './layer-kinds.ts';
import { readsOf } from './value-reads.ts';

/** An operand of a residual Add. */
export interface SumOperand {
  readonly input: number;
  /** As the Add reads it: behind the DQ where it is quantized. */
  readonly value: Value;
  /** The convolution that would take the Add if it stood right before it: through a BatchNorm and one pair or not. */
  readonly taker: Node | null;
}

/** An Add of two computed values of one shape, one of which comes straight from an INT8 convolution. */
export interface ResidualSum {
  readonly add: Node;
  /** The operand whose convolution takes the Add, and which must carry no pair for that. */
  readonly main: SumOperand & { readonly taker: Node };
  /** The other one: this is where the pair belongs. */
  readonly shortcut: SumOperand;
}

/** Steps up a branch after which it is long enough. */
const MAX_STEPS = 200;

/**
 * The parts of a residual Add; undefined for other nodes. Where both operands end in convolutions, the one that stands
 * float beside a quantized one is the main branch already; otherwise it is the longer one, as in NVIDIA's own placement:
 * the downsampling convolution of the shortcut is the one that is ready first.
 */
export function residualSum(add: Node): ResidualSum | undefined {
  if (add.domain !== '' || (add.opType !== 'Add' && add.opType !== 'Sum')) return undefined;
  const operands = dataInputs(add).map(({ value, input }) => operandOf(value, input, add));
  const [first, second] = operands;
  if (!first || !second || operands.length !== 2 || add.inputs.length !== 2) return undefined;
  if (first.value === second.value || differInShape(first.value, second.value)) return undefined;
  const [main, shortcut] = isMain(first, second) ? [first, second] : [second, first];
  const { taker } = main;
  return taker ? { add, main: { ...main, taker }, shortcut } : undefined;
}

function operandOf(value: Value, input: number, add: Node): SumOperand {
  const pair = pairBefore(value);
  const [end, reader] = pair ? [pair.source, pair.quantize] : [value, add];
  return { input, value, taker: takerBefore(end, reader) };
}

/** The INT8 convolution right before `value`, if nobody but `reader` reads what it makes. */
function takerBefore(value: Value, reader: Node): Node | null {
  if (!isReadOnlyBy(value, reader)) return null;
  const maker = value.producer();
  const [input] = maker?.inputs ?? [];
  if (maker?.opType === 'BatchNormalization' && input) return takerBefore(input, maker);
  return maker?.opType === 'Conv' && isInt8Weighted(maker) ? maker : null;
}

function isMain(a: SumOperand, b: SumOperand): boolean {
  if (!a.taker || !b.taker) return a.taker !== null;
  const [aIsFloat, bIsFloat] = [a, b].map(({ value }) => !pairBefore(value));
  if (aIsFloat !== bIsFloat) return aIsFloat === true;
  return branchLength(a, b) >= branchLength(b, a);
}

/** Layers on the branch of `operand` until it meets the other one, or ends. */
function branchLength(operand: SumOperand, other: SumOperand): number {
  const meets = new Set(nodesAbove(other.value));
  const above = nodesAbove(operand.value);
  const end = above.findIndex((node) => meets.has(node));
  return (end < 0 ? above : above.slice(0, end)).filter((node) => !isQuantizer(node)).length;
}

/** The makers of a value, of their first inputs, and so on. */
function nodesAbove(value: Value): readonly Node[] {
  const nodes: Node[] = [];
  let maker = value.producer();
  while (maker && nodes.length < MAX_STEPS) {
    nodes.push(maker);
    maker = maker.inputs[0]?.producer() ?? null;
  }
  return nodes;
}

const differInShape = ({ shape: a }: Value, { shape: b }: Value): boolean =>
  a !== undefined && b !== undefined && (a.length !== b.length || a.some((dim, i) => dim !== b[i]));

/** What a residual Add gives, behind the ReLU that joins it. */
export function sumResult(add: Node): Value | undefined {
  const [sum] = add.outputs;
  const [reader, ...others] = sum?.consumers() ?? [];
  const isJoined = reader && others.length === 0 && /^(?:Relu|Clip)$/.test(reader.opType);
  return isJoined && sum?.isGraphOutput === false ? reader.outputs[0] : sum;
}

/** Sums in a row that are looked at, for each one asks whether the next is quantized: longer chains are taken to be. */
const MAX_SUMS = 24;

/**
 * Whether what `add` gives is quantized for all that read it, or will be: the shortcut of a next residual Add counts, for
 * it gets the same quantizer, as does an operand of a point-wise node that is quantized behind. Else the nodes that stand
 * against it: none where nobody quantizes the result.
 */
export function quantizedAfter(
  add: Node,
  context: PassContext,
  depth = MAX_SUMS,
): 'yes' | { readonly blame: readonly Node[] } {
  const result = sumResult(add);
  const reads = result ? readsOf(result, context) : [];
  const [first] = reads.filter(({ key }) => key !== null);
  if (!result || !first || result.isGraphOutput) return { blame: [] };
  const blame = reads
    .filter(({ key, use }) =>
      key === null ? !isQuantizedLater(use.node, result, context, depth) : key !== first.key,
    )
    .map(({ use }) => use.node);
  return blame.length === 0 ? 'yes' : { blame };
}

/** Whether a reader that takes `result` in float gets the quantizer that others of its readers have. */
export function isQuantizedLater(
  reader: Node,
  result: Value,
  context: PassContext,
  depth = MAX_SUMS,
): boolean {
  const next = residualSum(reader);
  if (next) return next.shortcut.value === result;
  return (
    isPointwisePair(reader) && (depth === 0 || quantizedAfter(reader, context, depth - 1) === 'yes')
  );
}
