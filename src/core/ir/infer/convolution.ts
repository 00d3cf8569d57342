import { inferDimsDisagree } from '../../base/diagnostics.ts';
import type { DataType } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import { attrInt, attrInts } from '../node-attributes.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { readWindow, windowOutput } from './window.ts';

/** Where a convolution operator keeps its weights, and what element type it makes. */
interface ConvolutionForm {
  readonly weights: number;
  readonly dataType: (c: NodeContext) => DataType | undefined;
}

function convolution(form: ConvolutionForm): InferOperator {
  return (c) => {
    const dataType = form.dataType(c);
    const data = c.shapeOfRank(0, 3);
    const weights = c.shapeOfRank(form.weights, 3);
    if (data === undefined) return c.output(0, dataType, weights && c.freshShape(weights.length));
    // com.microsoft: channels last, which only its own optimizer writes.
    if (attrInt(c.node, 'channels_last', 0) !== 0)
      return c.output(0, dataType, c.freshShape(data.length));
    const spatial = data.slice(2);
    const kernel = kernelOf(c, weights, spatial.length);
    const window = kernel && readWindow(c, spatial.length, kernel);
    if (weights !== undefined) checkChannels(c, data, weights);
    const channels = weights?.[0] ?? c.fresh();
    if (window === undefined)
      return c.output(0, dataType, [data[0] ?? 1, channels, ...c.freshShape(spatial.length)]);
    c.output(0, dataType, [data[0] ?? 1, channels, ...windowOutput(c, spatial, window)]);
  };
}

/** The kernel is that of the weights; `kernel_shape` only repeats it, and stands in where the weights are unknown. */
function kernelOf(c: NodeContext, weights: Shape | undefined, rank: number): Shape | undefined {
  const stated = attrInts(c.node, 'kernel_shape');
  if (weights === undefined) return stated?.length === rank ? stated : undefined;
  const kernel = weights.slice(2);
  if (kernel.length === rank) return kernel;
  c.problem(inferDimsDisagree(c.node, `${rank} spatial dimensions`, kernel.length));
  return undefined;
}

function checkChannels(c: NodeContext, data: Shape, weights: Shape): void {
  const group = attrInt(c.node, 'group', 1);
  const needed = c.dims.multiply(weights[1] ?? 1, group);
  const channels = data[1] ?? 1;
  if (needed !== undefined && c.dims.equal(needed, channels) === false) {
    c.problem(inferDimsDisagree(c.node, `${channels} channels`, `weights for ${needed}`));
  }
}

function convTranspose(c: NodeContext): void {
  const data = c.shapeOfRank(0, 3);
  const weights = c.shapeOfRank(1, 3);
  if (data === undefined)
    return c.output(0, c.dataType(0), weights && c.freshShape(weights.length));
  const rank = data.length - 2;
  const channels = c.orFresh(
    weights && c.dims.multiply(weights[1] ?? 1, attrInt(c.node, 'group', 1)),
  );
  if (weights !== undefined) c.same(data[1] ?? 1, weights[0] ?? 1);
  const stated = attrInts(c.node, 'output_shape');
  const spatial =
    stated !== undefined && stated.length >= rank
      ? stated.slice(-rank)
      : (transposedSizes(c, data.slice(2), kernelOf(c, weights, rank)) ?? c.freshShape(rank));
  c.output(0, c.dataType(0), [data[0] ?? 1, channels, ...spatial]);
}

/** stride * (size - 1) + output_padding + dilated kernel - pads; with SAME padding size * stride. */
function transposedSizes(
  c: NodeContext,
  sizes: Shape,
  kernel: Shape | undefined,
): Shape | undefined {
  const window = kernel && readWindow(c, sizes.length, kernel);
  if (window === undefined) return undefined;
  const extra = attrInts(c.node, 'output_padding', []);
  const { dims } = c;
  const sum = (...terms: (Dim | undefined)[]): Dim | undefined =>
    terms.reduce<Dim | undefined>(
      (total, term) =>
        total === undefined || term === undefined ? undefined : dims.add(total, term),
      0,
    );
  return sizes.map((size, i) => {
    const stride = window.strides[i] ?? 1;
    const scaled = dims.multiply(size, stride);
    if (window.autoPad.startsWith('SAME')) return c.orFresh(scaled);
    const kernelSpread = dims.multiply(window.kernel[i] ?? 1, window.dilations[i] ?? 1);
    const pads =
      window.autoPad === 'VALID' ? 0 : (window.pads[i] ?? 0) + (window.pads[i + sizes.length] ?? 0);
    const rest = (extra[i] ?? 0) - stride - (window.dilations[i] ?? 1) + 1 - pads;
    return c.orFresh(sum(scaled, kernelSpread, rest));
  });
}

/** Offsets and masks of a deformable convolution do not change the size. */
const plain: ConvolutionForm = { weights: 1, dataType: (c) => c.dataType(0) ?? c.dataType(1) };

export const convolutionOperators: OperatorTable = {
  Conv: convolution(plain),
  DeformConv: convolution(plain),
  // com.microsoft: an activation or a sum behind the convolution does not change the size.
  FusedConv: convolution(plain),
  ConvInteger: convolution({ weights: 1, dataType: () => 'int32' }),
  QLinearConv: convolution({ weights: 3, dataType: (c) => c.dataType(7) }),
  ConvTranspose: convTranspose,
};
