import { byteSize } from '../../ir/data-type.ts';
import type { Node } from '../../ir/graph.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { foldedOutput } from '../facts/constant-folding.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

/** Bytes by which folding one node may make the model larger. */
const LARGEST_GROWTH = 2 ** 20;

// Exporters leave arithmetic on shapes and constants behind: scales behind a Cast, zero points made by ConstantOfShape,
// transposed weights. What is computed here is equal to the bit, so only operators that are exact are folded. Q and DQ are
// none of them: a folded quantizer is a lost one, and TensorRT folds those on weights itself.
export const foldConstants: RewritePass = {
  id: 'fold-constants',
  title: 'Compute constants',
  summary:
    'Arithmetic on constants and on known shapes becomes constants, never Q or DQ, so that scales and weights stand beside their readers',
  group: 'normalize',
  docs: [passDocs.parser('scales and zero points must be constants when the network is read')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: [
    ...([
      'Shape',
      'Size',
      'Cast',
      'Reshape',
      'Flatten',
      'Squeeze',
      'Unsqueeze',
      'Transpose',
    ] as const),
    ...([
      'Concat',
      'Slice',
      'Gather',
      'ConstantOfShape',
      'Range',
      'Expand',
      'Where',
      'Equal',
    ] as const),
    ...(['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Abs', 'Floor', 'Ceil', 'Min', 'Max', 'Mod'] as const),
    ...(['Not', 'And', 'Or', 'Greater', 'Less', 'ReduceProd'] as const),
  ],
  check(node, context) {
    const [output] = node.outputs;
    const folded = output && foldedOutput(node, context);
    if (!output || !folded) return null;
    if (output.isGraphOutput) return refuse(`${output.name} is an output of the network`, node);
    const { dataType, dims, numbers } = folded;
    const size = byteSize(dataType, numbers.length) ?? Infinity;
    if (size - freedBytes(node) > LARGEST_GROWTH)
      return refuse(`the constant would take ${(size / 2 ** 20).toFixed(1)} MiB`, node);
    if (output.dataType !== undefined && output.dataType !== dataType) return null;
    return propose(`Compute ${node.name}`, [node], () => {
      const constants = new NewConstants(context);
      const name = constants.add(`${output.name}_constant`, { dataType, dims, numbers });
      return [
        ...constants.edits,
        { kind: 'replace-reads', value: output.name, by: name },
        { kind: 'remove-node', node: node.name },
      ];
    });
  },
};

/** Bytes of the constants that only this node reads. */
function freedBytes(node: Node): number {
  let bytes = 0;
  for (const input of node.inputs)
    if (input?.useCount === 1) bytes += constantOf(input)?.bytes.byteLength ?? 0;
  return bytes;
}
