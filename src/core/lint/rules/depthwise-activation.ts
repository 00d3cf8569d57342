import type { Node } from '../../ir/graph.ts';
import type { FindingRule } from '../finding.ts';
import { channelsOf, isInt8 } from '../graph-questions.ts';
import type { LintContext } from '../lint-context.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText } from '../wording.ts';

const GENERIC: ReadonlySet<string> = new Set([
  'Sigmoid',
  'HardSwish',
  'HardSigmoid',
  'LeakyRelu',
  'Elu',
  'Selu',
  'Mish',
  'Gelu',
  'Softplus',
  'Tanh',
  'PRelu',
]);

// Depthwise kernels are made by hand and know ReLU and Clip; SiLU and its like stay layers of their own.
export const depthwiseActivation: FindingRule = {
  id: 'depthwise-activation',
  severity: 'info',
  title: 'A depthwise convolution does not take its activation',
  docs: [lintDocs.issue(3205, 'depthwise convolution and SiLU stay two layers')],
  evidence: { kind: 'documented' },
  consequence:
    'The activation reads and writes the tensor once more, in float unless it has Q/DQ on both sides.',
  advice: 'Use ReLU or ReLU6 behind depthwise convolutions, or quantize the activation by itself.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => opType === 'Conv')
      .flatMap((node) => {
        const channels = channelsOf(node, context);
        if (!channels || channels.groups < 2 || channels.groups !== channels.input) return [];
        if (!isInt8(context.layer(node))) return [];
        const activation = activationBehind(node, context);
        if (!activation || context.sharesLayer(node, activation)) return [];
        const costBytes = context.bytes(activation.outputs[0]);
        return [
          {
            nodes: [activation.name, node.name],
            message: `${activation.name} (${activation.opType}) is a layer of its own behind the depthwise ${node.name}, over ${byteText(costBytes)} in FP32.`,
            costBytes,
          },
        ];
      }),
};

function activationBehind(conv: Node, context: LintContext): Node | undefined {
  const next = context.soleReader(conv);
  const last = next?.opType === 'BatchNormalization' ? next : conv;
  const [output] = last.outputs;
  return output && context.readers(output).find(({ opType }) => GENERIC.has(opType));
}
