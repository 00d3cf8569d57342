import { isCopying, pairAbove } from '../facts/copying-nodes.ts';
import { quantizeRead } from '../facts/pair-scale.ts';
import { quantizerKey } from '../facts/quantizer-facts.ts';
import { readsOf } from '../facts/value-reads.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// A Q behind an upsampling, most often that of a Concat, moves in front of it. Where other readers of the same tensor
// quantize with another scale, the layer above is then left in float, with a Q layer for each scale. A pair before the
// Resize, with the others' scale, frees it: the Resize runs on those integers, and the change of scale takes the place of
// the copy into the Concat, which a Resize needs anyway. One scale for all would do too, but coarser.
export const quantizeResizeInput: RewritePass = {
  id: 'quantize-resize-input',
  title: 'Quantize what a Resize enlarges as its other readers do',
  summary: 'The layer above gives INT8, and the scale changes behind the Resize',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'Q moves backward over a fan-out only where all branches quantize with the same scale',
    ),
  ],
  evidence: { kind: 'observed', engines: ['yolov5n.mo', 'yolov5n.convs', 'fanout_unequal'] },
  numerics: 'approximate',
  opTypes: ['Resize', 'Upsample'],
  check(node, context) {
    const [value] = node.inputs;
    if (!value || value.tensor || pairAbove(value, context) || !isCopying(node, context))
      return null;
    const reads = readsOf(value, context);
    const own = reads.find(({ use }) => use.node === node);
    const others = reads.filter(({ use }) => use.node !== node);
    const [beside] = others.flatMap(({ quantize }) => quantize ?? []);
    if (!own?.quantize || !beside || own.key === quantizerKey(beside, context)) return null;
    const odd = others.find(({ key }) => key !== quantizerKey(beside, context));
    if (value.isGraphOutput || odd)
      return refuse(
        `${odd ? odd.use.node.name : 'an output of the network'} takes ${value.name} in float or with a scale of its own`,
        node,
        odd?.use.node,
      );
    if (isExcluded(node, context.settings)) return refuse(`${node.name} is excluded`, node);
    const text = `Quantize ${value.name} before ${node.name} as ${beside.name} does`;
    return propose(text, [node, beside], () =>
      quantizeRead(
        value,
        { node: node.name, input: 0 },
        { kind: 'same-as', quantizer: beside.name },
        context,
      ),
    );
  },
};
