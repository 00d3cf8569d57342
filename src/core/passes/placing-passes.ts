import type { RewritePass } from './rewrite-pass.ts';
import { quantizeConcatOutput } from './rewrites/quantize-concat-output.ts';
import { quantizeFloatReader } from './rewrites/quantize-float-reader.ts';
import { quantizePointwiseOperands } from './rewrites/quantize-pointwise-operands.ts';
import { quantizeResidualShortcut } from './rewrites/quantize-residual-shortcut.ts';
import { quantizeResizeInput } from './rewrites/quantize-resize-input.ts';
import { shareBottleneckScale } from './rewrites/share-bottleneck-scale.ts';
import { shareConcatScale } from './rewrites/share-concat-scale.ts';
import { shareMaxpoolScale } from './rewrites/share-maxpool-scale.ts';
import { shareSiluScale } from './rewrites/share-silu-scale.ts';
import { unquantizeResidualBranch } from './rewrites/unquantize-residual-branch.ts';
import { unquantizeSilu } from './rewrites/unquantize-silu.ts';

/** What lets all readers of a tensor quantize alike, at SiLU, Concat, MaxPool and element-wise nodes. In this order. */
export const PLACING_PASSES: readonly RewritePass[] = [
  // What may go goes before scales are shared: a SiLU that has no quantizers needs no common one.
  unquantizeSilu,
  shareSiluScale,
  // A Q behind a Concat counts as one of those who read its inputs, for all that follow.
  quantizeConcatOutput,
  shareBottleneckScale,
  unquantizeResidualBranch,
  quantizeResidualShortcut,
  quantizePointwiseOperands,
  // Copies quantizers that are there by now, and only to readers that the passes above have left.
  quantizeFloatReader,
  // Scales last, when all quantizers around a tensor are there; what a Resize parts, stays parted.
  shareMaxpoolScale,
  shareConcatScale,
  quantizeResizeInput,
];
