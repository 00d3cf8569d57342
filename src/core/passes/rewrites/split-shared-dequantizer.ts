import type { Attribute } from '../../ir/attribute.ts';
import type { Node, Use } from '../../ir/graph.ts';
import { closedUses } from '../facts/closed-uses.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// TensorRT copies a DQ for each of its readers before it moves any. In a model where that is done already each reader's
// DQ can be moved or taken away by itself, by hand or by other tools.
export const splitSharedDequantizer: RewritePass = {
  id: 'split-shared-dequantizer',
  title: 'Give each reader a DQ of its own',
  summary:
    'A DQ with several readers is copied, as TensorRT does itself, so that each can be edited alone',
  group: 'tidy',
  docs: [
    passDocs.explicitQuantization('DQ layers travel forward, towards the layers that use them'),
  ],
  evidence: { kind: 'observed', engines: ['fanout_one_q', 'spp_equal'] },
  numerics: 'bit-exact',
  onRequest: 'TensorRT does it itself',
  opTypes: ['DequantizeLinear'],
  check(node, context) {
    const [output] = node.outputs;
    if (!output?.dataType || output.useCount < 2) return null;
    const uses = closedUses(output);
    if (!uses)
      return refuse('its result is an output of the network, or a subgraph reads it', node);
    const [, ...others] = uses;
    return propose(`Copy ${node.name} for each of its readers`, [node], () =>
      others.flatMap((use) => copyFor(use, node, context)),
    );
  },
};

function copyFor(use: Use, node: Node, context: PassContext): readonly GraphEdit[] {
  const [output] = node.outputs;
  if (!output?.dataType) return [];
  const name = context.freshName(`${node.name}_copy`);
  const result = context.freshName(`${output.name}_copy`);
  const attributes: readonly Attribute[] = [...node.attributes.values()];
  return [
    {
      kind: 'add-node',
      name,
      opType: node.opType,
      domain: node.domain,
      inputs: node.inputs.map((value) => value?.name ?? null),
      outputs: [
        { name: result, dataType: output.dataType, ...(output.shape && { shape: output.shape }) },
      ],
      attributes,
      before: use.node.name,
    },
    { kind: 'set-input', node: use.node.name, input: use.index, value: result },
  ];
}
