import type { Node } from '../../ir/graph.ts';
import { isQuantizer } from '../../ir/quantizer-nodes.ts';
import { isCopyingInPlace } from '../facts/copying-nodes.ts';
import { scaleGroupOf, shareOneScale } from '../facts/scale-group.ts';
import { passDocs } from '../pass-docs.ts';
import { Refusal, propose } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// TensorRT copies the Q behind a Concat to each of its inputs. With one scale all around, that Q is the one that other
// readers of the input have too, or it undoes the DQ before it: the Concat joins integers in place. With other scales the
// values are quantized anew, by the convolution before it at best, else by a layer for each input, and a tensor that two
// Concats or a Concat and a convolution read is left in float. TensorRT does not make scales equal itself.
export const shareConcatScale: RewritePass = {
  id: 'share-concat-scale',
  title: 'Give all quantizers around a Concat one scale',
  summary: 'The Concat joins integers in place, and the layers before it give INT8',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'Q is propagated backward over the inputs of a Concat, and equal scales cancel',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['concat_unequal_after', 'fanout_unequal', 'yolov5n.convs'],
  },
  numerics: 'approximate',
  opTypes: ['Concat'],
  check(node, context) {
    // One site for a group: the Concat that comes first.
    if (hasConcatAbove(node, context)) return null;
    const group = scaleGroupOf(node, (other) => connects(other, context));
    const shared = shareOneScale(group.quantizers, context);
    if (shared === null || shared instanceof Refusal) return shared;
    return propose(shared.text, [node, shared.from, ...shared.others], shared.edits);
  },
};

/** Not over a Resize: its copy into the Concat can change the scale at no cost, so scales may differ there. */
const connects = (node: Node, context: PassContext): boolean =>
  (node.opType === 'Concat' && node.domain === '') || isCopyingInPlace(node, context);

/** True when pieces of another Concat go into this one, through Q/DQ and copies. */
function hasConcatAbove(concat: Node, context: PassContext): boolean {
  const above = new Set(concat.inputs);
  for (const value of above) {
    const maker = value?.producer();
    if (!maker) continue;
    if (maker.opType === 'Concat') return true;
    if (isQuantizer(maker) || isCopyingInPlace(maker, context)) above.add(maker.inputs[0] ?? null);
  }
  return false;
}
