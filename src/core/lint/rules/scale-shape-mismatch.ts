import type { Discovery, FindingRule } from '../finding.ts';
import type { LintContext } from '../lint-context.ts';
import { lintDocs } from '../lint-docs.ts';
import type { QuantizerFacts } from '../quantizer-facts.ts';
import { counted } from '../wording.ts';

// One scale, one scale for each channel of the axis, or a scale of the data's own rank with one blocked dimension. The
// checks are those of the parser, in its order and words.
export const scaleShapeMismatch: FindingRule = {
  id: 'scale-shape-mismatch',
  severity: 'error',
  title: 'The scales do not fit the data',
  docs: [
    lintDocs.parserSource('the number of scales is checked against the axis and the zero point'),
  ],
  evidence: { kind: 'documented' },
  consequence: 'The parser stops at this node and no engine is built.',
  advice: 'Check the axis attribute and the axis along which the weights were calibrated.',
  find: (context) =>
    context.quantizers.flatMap((facts) => {
      const found = mismatch(facts, context);
      return found ? [{ nodes: [facts.node.name], ...found }] : [];
    }),
};

type Mismatch = Pick<Discovery, 'message' | 'parserMessage'>;

function mismatch(facts: QuantizerFacts, context: LintContext): Mismatch | undefined {
  const { node, scaleDims, zeroPoint } = facts;
  const dims = context.dims(facts.data);
  if (!scaleDims) return undefined;
  const count = product(scaleDims);
  const zeroDims = zeroPoint && context.dims(zeroPoint);
  if (zeroDims && product(zeroDims) !== count) {
    const zeros = String(product(zeroDims));
    return {
      message: `${node.name} has ${counted(count, 'scale')} and ${counted(product(zeroDims), 'zero point')}.`,
      parserMessage: `The scale and zero point must have the same volume. Size of zero point = ${zeros}, size of the scale = ${String(count)}.`,
    };
  }
  if (count === 1 || !dims) return undefined;
  if (scaleDims.length === 1) return channelMismatch(facts, dims, count);
  return scaleDims.length === dims.length
    ? blockMismatch(node.name, scaleDims, dims)
    : {
        message: `The scale of ${node.name} has ${counted(scaleDims.length, 'dimension')}, its data ${String(dims.length)}.`,
        parserMessage: `Invalid rank for the scale tensor. Rank = ${String(scaleDims.length)}.`,
      };
}

function channelMismatch(
  { node, axis, data }: QuantizerFacts,
  dims: readonly number[],
  count: number,
): Mismatch | undefined {
  const channels = dims.at(axis);
  if (axis >= dims.length || axis < -dims.length || channels === undefined)
    return {
      message: `${node.name} has axis ${String(axis)}, but ${data.name} has ${counted(dims.length, 'dimension')}.`,
    };
  if (channels === count) return undefined;
  return {
    message: `${node.name} has ${counted(count, 'scale')} for ${counted(channels, 'channel')} of ${data.name} along axis ${String(axis)}.`,
    parserMessage: `The number of scales is not equal to the number of output channels. Number of output channels = ${String(channels)}, number of scales = ${String(count)}.`,
  };
}

function blockMismatch(
  name: string,
  scaleDims: readonly number[],
  dims: readonly number[],
): Mismatch | undefined {
  const blocked = dims.filter((dim, i) => dim !== scaleDims[i]).length;
  if (blocked > 1)
    return {
      message: `The scale of ${name} cuts ${String(blocked)} dimensions into blocks; one is the most.`,
      parserMessage: 'Only a single blocking dimension is allowed.',
    };
  const uneven = dims.findIndex((dim, i) => dim % (scaleDims[i] ?? 1) !== 0);
  return uneven < 0
    ? undefined
    : {
        message: `The scale of ${name} cuts ${String(dims[uneven])} elements into ${String(scaleDims[uneven])} blocks, which does not come out even.`,
        parserMessage: `Inferred block size is not an integer. Input volume = ${String(product(dims))}, scale volume = ${String(product(scaleDims))}.`,
      };
}

const product = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);
