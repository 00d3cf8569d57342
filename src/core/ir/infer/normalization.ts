import { attrInt } from '../node-attributes.ts';
import { DATA_TYPES } from '../data-type.ts';
import type { DataType } from '../data-type.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';

function keepsShape(c: NodeContext): void {
  c.output(0, c.required(0)?.dataType, c.shape(0));
}

/**
 * Training mode makes running mean and variance (opset 14 on), before that also the saved ones; all are per channel.
 */
function batchNormalization(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const scale = c.required(1);
  const channels = shape?.[1];
  const perChannel = scale?.shape ?? (channels === undefined ? undefined : [channels]);
  const perChannelSize = perChannel?.[0];
  if (channels !== undefined && perChannelSize !== undefined) c.same(channels, perChannelSize);
  c.output(0, c.dataType(0), shape);
  for (let i = 1; i < c.outputCount; i++) {
    c.output(i, c.opset >= 14 ? (c.dataType(3) ?? c.dataType(0)) : c.dataType(0), perChannel);
  }
}

/** Mean and inverse deviation keep the rank; the normalized dimensions become 1. */
function layerNormalization(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  c.output(0, c.dataType(0), shape);
  if (c.outputCount < 2) return;
  const axis = shape && c.axis(attrInt(c.node, 'axis', -1), shape.length);
  const statistics = axis === undefined ? undefined : shape?.map((d, i) => (i < axis ? d : 1));
  for (let i = 1; i < c.outputCount; i++) c.output(i, statisticsType(c), statistics);
}

/** `stash_type` is the type of the statistics; 1 is float32. */
function statisticsType(c: NodeContext): DataType {
  return DATA_TYPES[attrInt(c.node, 'stash_type', 1)] ?? 'float32';
}

/** The mask has the shape of the data; its type changed with opset 10. */
function dropout(c: NodeContext): void {
  const shape: Shape | undefined = c.required(0)?.shape;
  c.output(0, c.dataType(0), shape);
  c.output(1, c.opset >= 10 ? 'bool' : c.dataType(0), shape);
  c.fold(0, c.constant(0));
}

const KEEPING =
  'InstanceNormalization GroupNormalization LRN LpNormalization MeanVarianceNormalization RMSNormalization ' +
  'SimplifiedLayerNormalization Normalizer';

export const normalizationOperators: OperatorTable = {
  ...sameFor(KEEPING, keepsShape),
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Dropout: dropout,
};
