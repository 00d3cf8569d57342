import type { Node, Value } from '../../ir/graph.ts';
import {
  dequantizersOf,
  isConstantThroughQuantizers,
  isDequantizeNode,
  integerTypeOf,
  isQuantizeNode,
  quantizeOf,
} from '../../ir/quantizer-nodes.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { refuse } from '../rewrite-pass.ts';
import type { PassContext, Refusal } from '../rewrite-pass.ts';
import {
  isPending,
  quantizerFacts,
  quantizerKey,
  sharingRefusal,
  widestOf,
} from './quantizer-facts.ts';

/** Tensors that are pieces of one another, and what quantizes them. */
export interface ScaleGroup {
  readonly quantizers: readonly Node[];
  /** Nodes that join or copy, in the order in which they were found. */
  readonly joined: readonly Node[];
}

/**
 * Everything that one scale around `start` concerns: tensors connected by Q/DQ and by nodes for which `connects` holds.
 * Other readers' quantizers of those tensors belong to it, for a layer gives INT8 only where all its readers agree.
 */
export function scaleGroupOf(start: Node, connects: (node: Node) => boolean): ScaleGroup {
  const values = new Set<Value>();
  const quantizers = new Set<Node>();
  const joined = new Set<Node>([start]);
  const add = (value: Value | null | undefined): void => {
    if (value && value.name !== '' && !isConstantThroughQuantizers(value)) values.add(value);
  };
  const join = (node: Node): void => {
    joined.add(node);
    for (const value of node.opType === 'Concat' ? node.inputs : [node.inputs[0]]) add(value);
    for (const value of node.outputs) add(value);
  };
  const quantize = (node: Node): void => {
    quantizers.add(node);
    add(node.inputs[0]);
    for (const { outputs } of dequantizersOf(node)) add(outputs[0]);
  };
  join(start);
  for (const value of values) {
    const maker = value.producer();
    const before = maker && isDequantizeNode(maker) ? quantizeOf(maker) : null;
    if (before) quantize(before);
    else if (maker && connects(maker)) join(maker);
    for (const { node, index } of value.uses())
      if (index === 0 && isQuantizeNode(node)) quantize(node);
      else if (connects(node) && (index === 0 || (index > 0 && node.opType === 'Concat')))
        join(node);
  }
  return { quantizers: [...quantizers], joined: [...joined] };
}

/** How the quantizers of a group get one scale. */
export interface SharedScale {
  readonly from: Node;
  readonly others: readonly Node[];
  readonly text: string;
  readonly edits: () => readonly GraphEdit[];
}

/**
 * Gives all `quantizers` one scale, the one with the widest range, or one that calibration still has to find. Null where
 * they have one already, a refusal where they cannot.
 */
export function shareOneScale(
  quantizers: readonly Node[],
  context: PassContext,
): SharedScale | Refusal | null {
  const keys = new Set(quantizers.map((node) => quantizerKey(node, context)));
  if (keys.size < 2) return null;
  for (const node of quantizers) {
    const reason = sharingRefusal(node, context);
    if (reason !== undefined) return refuse(reason, node);
  }
  const [first] = quantizers;
  const other = quantizers.find((node) => first && integerTypeOf(node) !== integerTypeOf(first));
  if (other)
    return refuse(
      `${other.name} makes ${integerTypeOf(other) ?? 'another type'}, others do not`,
      other,
      first,
    );
  const from = widestOf(quantizers, context);
  if (!from)
    return refuse(
      'a scale is computed when the network runs, so ranges cannot be compared',
      ...quantizers,
    );
  const key = quantizerKey(from, context);
  const others = quantizers.filter((node) => quantizerKey(node, context) !== key);
  const names = others.map(({ name }) => name);
  const scale = isPending(from)
    ? 'still to be calibrated'
    : String(Number(quantizerFacts(from, context).scale?.toPrecision(6)));
  return {
    from,
    others,
    text: `Give ${names.join(' and ')} the scale of ${from.name} (${scale})`,
    edits: () => [{ kind: 'share-scale', from: from.name, quantizers: names }],
  };
}
