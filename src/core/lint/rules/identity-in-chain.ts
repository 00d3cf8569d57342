import type { FindingRule } from '../finding.ts';
import { isRelu, isSum } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';

const IDLE: ReadonlySet<string> = new Set(['Identity', 'Dropout', 'Cast']);

// Patterns of fusions are looked for while these nodes still stand between the layers that belong together.
export const identityInChain: FindingRule = {
  id: 'identity-in-chain',
  severity: 'info',
  title: 'A node that computes nothing stands in a chain that fuses',
  docs: [lintDocs.issue(1699, 'an Identity between ConvTranspose and BatchNorm keeps them apart')],
  evidence: { kind: 'documented' },
  consequence: 'Fusion across it may fail, depending on when the builder takes it away.',
  advice: 'Remove Identity, Dropout and needless Cast nodes, for example with onnxsim.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => IDLE.has(opType))
      .flatMap((node) => {
        const [input, output] = [node.inputs[0], node.outputs[0]];
        const before = input?.producer();
        const after = context.soleReader(node);
        const isFused =
          after !== undefined &&
          (after.opType === 'BatchNormalization' || isRelu(after) || isSum(after));
        if (!context.isWeighted(before) || !isFused || !output) return [];
        return [
          {
            nodes: [node.name, before.name, after.name],
            message: `${node.name} (${node.opType}) stands between ${before.name} and ${after.name}.`,
            costBytes: context.bytes(output),
            fix: { kind: 'replace-operator' as const, description: `Remove ${node.name}.` },
          },
        ];
      }),
};
