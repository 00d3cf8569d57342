import type { Node } from '../../ir/graph.ts';
import { constantOf, isQuantizer } from '../../ir/quantizer-nodes.ts';
import { compareVersions } from '../../sim/target.ts';
import { moveNode, movingInputs } from '../edits/move-float-type.ts';
import type { FloatMove } from '../edits/move-float-type.ts';
import { HALF_OPERATORS, OVERFLOWING } from '../facts/keep-float32.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

const MOVE: FloatMove = { from: 'float16', to: 'float32' };
/** ONNX knows half-precision scales from here on. */
const HALF_OPSET = 19;

// The parser of TensorRT 8 reads every scale as FP32, whatever its type, and before operator set 19 ONNX has no other. A
// DQ makes the type of its scale, and a Cast behind it would part it from its layer, so the layers are written in FP32
// too: these builds are weakly typed and run them in FP16 all the same.
export const makeScalesFloat32: RewritePass = {
  id: 'make-scales-float32',
  title: 'Store scales in FP32',
  summary:
    'Half-precision scales, and the layers around them, become FP32 where TensorRT or the operator set knows no other scales',
  group: 'normalize',
  docs: [
    passDocs.parser('before TensorRT 10 scales are read as FP32'),
    passDocs.onnx('QuantizeLinear', 'half-precision scales came with operator set 19'),
  ],
  evidence: {
    kind: 'inferred',
    from: 'the parser source of 8.6 and reports of refused FP16 exports',
  },
  numerics: 'approximate',
  opTypes: ['QuantizeLinear', 'DequantizeLinear', ...HALF_OPERATORS, ...OVERFLOWING],
  check(node, context) {
    if (!isNeeded(context)) return null;
    const moving = movingInputs(node, MOVE);
    if (node.domain !== '' || moving.length === 0) return null;
    if (isQuantizer(node) && !constantOf(node.inputs[1]))
      return refuse('its scale is computed while the network runs', node);
    if (!isQuantizer(node) && moving.every(([, value]) => constantOf(value))) return null;
    const captured = node.outputs.find((value) => value.uses().some(({ index }) => index < 0));
    if (captured) return refuse(`a subgraph reads ${captured.name}`, node);
    if (node.outputs.length > 1 && node.outputs.some((value) => value.isGraphOutput))
      return refuse('it makes outputs of the network among others', node);
    const deed = isQuantizer(node)
      ? `Store the scale of ${node.name} in FP32`
      : `Write ${node.name} in FP32`;
    return propose(deed, [node], () => moveNode(node, MOVE, context));
  },
};

/** Half-precision scales are the trouble: a network without any Q or DQ is fine as it is. */
function isNeeded({ model, graph, target }: PassContext): boolean {
  const opset = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 1;
  if (compareVersions(target.trt, '10.0') >= 0 && opset >= HALF_OPSET) return false;
  for (const node of graph.nodes() as Iterable<Node>) if (isQuantizer(node)) return true;
  return false;
}
