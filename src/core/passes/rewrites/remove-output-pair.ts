import type { Value } from '../../ir/graph.ts';
import { wholePair } from '../facts/activation-pairs.ts';
import { isCopyingOne } from '../facts/copying-nodes.ts';
import { mayUseInt8, needsQuantizer } from '../facts/int8-neighbours.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// Whoever reads an output of the network reads float. A convolution writes that itself; with a pair behind it the DQ is
// one more layer that widens the data.
export const removeOutputPair: RewritePass = {
  id: 'remove-output-pair',
  title: 'Take Q/DQ off the outputs of the network',
  summary: 'The last layer gives float itself, and the DQ before the output goes',
  group: 'tidy',
  docs: [passDocs.explicitQuantization('a convolution takes INT8 and gives float without a layer')],
  evidence: { kind: 'observed', engines: ['output_qdq'] },
  numerics: 'approximate',
  opTypes: ['QuantizeLinear'],
  check(node, context) {
    const pair = wholePair(node, context);
    const values = pair?.dequantizers.flatMap(({ outputs }) => outputs) ?? [];
    if (!pair || !values.some((value) => reachesOutput(value, context, MAX_STEPS))) return null;
    const reader = values.flatMap((value) => value.uses()).find((use) => mayUseInt8(use, context));
    if (reader) return refuse('another reader of the pair computes on INT8', node, reader.node);
    if (needsQuantizer(pair.source, context))
      return refuse('the layer before it is quantized because of it', node, pair.source.producer());
    return propose(`Take ${node.name} out before the output`, [node], () => [
      { kind: 'remove-pair', quantize: node.name },
    ]);
  },
};

const MAX_STEPS = 24;

/** Directly, or over nodes that only move elements. */
const reachesOutput = (value: Value, context: PassContext, steps: number): boolean =>
  value.isGraphOutput ||
  (steps > 0 &&
    value
      .consumers()
      .some(
        (node) =>
          isCopyingOne(node, context) &&
          node.outputs.some((output) => reachesOutput(output, context, steps - 1)),
      ));
