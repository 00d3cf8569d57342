import type { Attribute } from '../../ir/attribute.ts';
import type { Graph, Node } from '../../ir/graph.ts';
import { attrInts } from '../../ir/node-attributes.ts';
import { WEIGHTED, isWeighted } from '../../placement/weight-axis.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

/** The first with half-precision scales and FP8. */
const NEW_OPSET = 19;
/** From here on we know all that changed up to the new one. */
const OLDEST = 13;
/** Their axes became an input in 18; those of ReduceSum had in 13. */
const REDUCTIONS = /^Reduce(?:Max|Mean|Min|Prod|L1|L2|LogSum|LogSumExp|SumSquare)$/;

// Half-precision scales and FP8 need operator set 19. From 13 on few operators changed in what they mean: the axes of
// reductions became an input, Split states how many parts it makes, and BatchNormalization lost its training outputs.
export const raiseOperatorSet: RewritePass = {
  id: 'raise-operator-set',
  title: 'Raise the operator set to 19',
  summary:
    'The model states operator set 19, the first with half-precision scales, and its nodes are written as that has them',
  group: 'normalize',
  docs: [passDocs.onnx('QuantizeLinear', 'half-precision scales came with operator set 19')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  onRequest: 'older tools may not read it; half-precision scales and FP8 need it',
  opTypes: ['QuantizeLinear', 'DequantizeLinear', ...WEIGHTED],
  check(node, context) {
    const { model, graph } = context;
    const opset = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 1;
    if (opset >= NEW_OPSET || node.domain !== '') return null;
    if (isWeighted(node) && context.settings.type !== 'float8e4m3fn') return null;
    if (opset < OLDEST)
      return refuse(`the model has operator set ${String(opset)}, before 13`, node);
    const bad = unknownNode(graph);
    if (bad) return refuse(`${bad.name} may mean something else in the new set`, node, bad);
    return propose(`Raise the operator set from ${String(opset)} to 19`, [node], () => [
      ...[...graph.nodes()].flatMap((each) => rewritten(each, opset, context)),
      { kind: 'set-opset', version: NEW_OPSET },
    ]);
  },
};

/** Subgraphs may hold reductions of their own, and training outputs are gone. */
function unknownNode(graph: Graph): Node | undefined {
  for (const node of graph.nodes()) {
    const hasBody = [...node.attributes.values()].some(
      ({ type }) => type === 'graph' || type === 'graphs',
    );
    if (hasBody || (node.opType === 'BatchNormalization' && node.outputs.length > 1)) return node;
  }
  return undefined;
}

function rewritten(node: Node, opset: number, context: PassContext): readonly GraphEdit[] {
  if (node.domain !== '' || opset >= 18) return [];
  const { name } = node;
  if (node.opType === 'Split' && !node.inputs[1]) {
    const parts: Attribute = {
      name: 'num_outputs',
      type: 'int',
      value: BigInt(node.outputs.length),
    };
    return [{ kind: 'set-attributes', node: name, attributes: { num_outputs: parts } }];
  }
  const axes = attrInts(node, 'axes');
  if (!REDUCTIONS.test(node.opType) || !axes) return [];
  const constants = new NewConstants(context);
  const init = { dataType: 'int64', dims: [axes.length], numbers: axes } as const;
  const value = constants.add(`${name}_axes`, init);
  return [
    ...constants.edits,
    { kind: 'set-input', node: name, input: 1, value },
    { kind: 'set-attributes', node: name, attributes: { axes: null } },
  ];
}
