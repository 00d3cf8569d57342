import type { Node, Use, Value } from '../../ir/graph.ts';
import { isPerTensor, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { MAX_COPIES, isCopying } from './copying-nodes.ts';
import { quantizerKey } from './quantizer-facts.ts';

/** How one reader takes a value. */
export interface Read {
  /** Who reads it directly. */
  readonly use: Use;
  /** The Q that this read comes to, maybe behind nodes that only copy; null where it is float. */
  readonly quantize: Node | null;
  /** Equal for reads that quantize alike; null where the read is float. */
  readonly key: string | null;
}

/**
 * All reads of a value. A Q behind a copying node, a Concat, Max or Min counts as the read of what goes into it, since
 * TensorRT moves it there, but only where everybody quantizes alike behind that node.
 */
export const readsOf = (value: Value, context: PassContext): readonly Read[] =>
  value.uses().map((use) => readOf(use, context, MAX_COPIES));

/** The Q to which all reads of a value come, if they all quantize alike and it is no output of the network. */
export const commonQuantizer = (
  value: Value | null | undefined,
  context: PassContext,
): Node | null => (value ? commonOf(value, context, MAX_COPIES) : null);

function readOf(use: Use, context: PassContext, depth: number): Read {
  const { node, index } = use;
  if (index === 0 && isQuantizeNode(node) && isPerTensor(node))
    return { use, quantize: node, key: quantizerKey(node, context) };
  const [output] = node.outputs;
  const isPassed = index >= 0 && depth > 0 && isQuantizedFromBehind(use, context);
  const quantize = isPassed && output ? commonBehind(node, context, depth - 1) : null;
  return { use, quantize, key: quantize && quantizerKey(quantize, context) };
}

/** True where a Q behind the reader is moved in front of it. */
export const isQuantizedFromBehind = ({ node, index }: Use, context: PassContext): boolean =>
  (index === 0 && isCopying(node, context)) ||
  (node.domain === '' && /^(?:Concat|Max|Min)$/.test(node.opType));

/** The Q of all outputs together: a Split has several. */
function commonBehind(node: Node, context: PassContext, depth: number): Node | null {
  let common: Node | null = null;
  for (const output of node.outputs) {
    if (output.useCount === 0 && !output.isGraphOutput) continue;
    const quantize = commonOf(output, context, depth);
    if (!quantize) return null;
    if (common && quantizerKey(common, context) !== quantizerKey(quantize, context)) return null;
    common ??= quantize;
  }
  return common;
}

function commonOf(value: Value, context: PassContext, depth: number): Node | null {
  if (value.isGraphOutput) return null;
  let common: Read | undefined;
  for (const use of value.uses()) {
    const read = readOf(use, context, depth);
    if (read.key === null || (common && common.key !== read.key)) return null;
    common ??= read;
  }
  return common?.quantize ?? null;
}
