import { encodeNumbers } from '../../ir/encode-numbers.ts';
import type { Node } from '../../ir/graph.ts';
import { soleUse } from '../facts/closed-uses.ts';
import { isQuantizedConvolution } from '../facts/int8-layers.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// The builder hands a Relu to a BatchNormalization before it, and an INT8 deconvolution takes the two at once: so a
// BatchNormalization that multiplies by 1 and adds 0 carries a Relu into a deconvolution that refuses it alone. Real
// engines show it with float behind; that a kernel also exists with INT8 behind is what the builder's passes promise.
export const joinDeconvolutionRelu: RewritePass = {
  id: 'join-deconvolution-relu',
  title: 'Bring a Relu into the INT8 ConvTranspose before it',
  summary:
    'A BatchNormalization that changes nothing, between the two, lets the deconvolution take the Relu',
  group: 'tidy',
  docs: [
    passDocs.fusions('scale and activation become one layer, which a deconvolution takes'),
    passDocs.onnx('BatchNormalization', 'scales and shifts each channel'),
  ],
  evidence: { kind: 'inferred', from: 'deconv_k3_bn_relu, whose deconvolution ran its Relu' },
  numerics: 'bit-exact',
  onRequest: 'a build must show that the GPU has a kernel for it',
  opTypes: ['Relu'],
  check(node, context) {
    const [source] = node.inputs;
    const maker = source?.producer();
    if (!source || maker?.opType !== 'ConvTranspose' || !isQuantizedConvolution(maker)) return null;
    if (soleUse(source) === null) return refuse('the deconvolution has other readers', maker, node);
    const channels = source.shape?.[1];
    if (source.dataType !== 'float32' || typeof channels !== 'number')
      return refuse('type or channels of the deconvolution are not known as they must be', maker);
    return propose(`Put a BatchNormalization of factor 1 before ${node.name}`, [node, maker], () =>
      normalize(node, channels, context),
    );
  },
};

function normalize(relu: Node, channels: number, context: PassContext): readonly GraphEdit[] {
  const [source] = relu.inputs;
  const stem = `${relu.name}_unit`;
  const output = context.freshName(`${stem}_output`);
  const constant = (ending: string, number: number): GraphEdit & { readonly name: string } => ({
    kind: 'add-constant',
    name: context.freshName(`${stem}_${ending}`),
    dataType: 'float32',
    dims: [channels],
    bytes: encodeNumbers('float32', new Array<number>(channels).fill(number)) ?? new Uint8Array(),
  });
  const [one, zero] = [constant('one', 1), constant('zero', 0)];
  const name = context.freshName(`${stem}_BatchNormalization`);
  return [
    one,
    zero,
    {
      kind: 'add-node',
      name,
      opType: 'BatchNormalization',
      inputs: [source?.name ?? null, one.name, zero.name, zero.name, one.name],
      outputs: [
        { name: output, dataType: 'float32', ...(source?.shape && { shape: source.shape }) },
      ],
      // no term under the root: the factor is 1 to the bit
      attributes: [{ name: 'epsilon', type: 'float', value: 0 }],
      before: relu.name,
    },
    { kind: 'set-input', node: relu.name, input: 0, value: output },
  ];
}
