import { constantOf, isDequantizeNode, isQuantizer } from '../../ir/quantizer-nodes.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { encodeNumbers } from '../../ir/encode-numbers.ts';
import { decodeNumbers } from '../../ir/tensor-values.ts';
import {
  castFrom,
  LARGEST_HALF,
  moveNode,
  movingInputs,
  scaleInHalf,
  SMALLEST_HALF,
} from '../edits/move-float-type.ts';
import type { FloatMove } from '../edits/move-float-type.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { HALF_OPERATORS, OVERFLOWING, reasonToKeep } from '../facts/keep-float32.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, Proposal, Refusal, RewritePass } from '../rewrite-pass.ts';

const MOVE: FloatMove = { from: 'float32', to: 'float16' };
/** ONNX knows half-precision scales from here on. */
const HALF_OPSET = 19;

// Strongly typed builds (the only ones from TensorRT 11 on) take float types from the graph: a network in FP32 runs in FP32
// around its INT8 layers. A DQ makes the type of its scale, so scales become half as well. Inputs and outputs of the
// network keep FP32, and what easily overflows stays in FP32 between Casts.
export const makeFloat16: RewritePass = {
  id: 'make-float16',
  title: 'Compute in half precision',
  summary:
    'The float part of a network becomes FP16, with Casts at its ends and around what overflows: what strongly typed builds need to run fast',
  group: 'normalize',
  docs: [passDocs.migration('types come from the network; precision flags are gone')],
  evidence: { kind: 'documented' },
  numerics: 'approximate',
  onRequest:
    'weakly typed builds choose FP16 by themselves, and half precision changes the numbers',
  opTypes: ['QuantizeLinear', 'DequantizeLinear', ...HALF_OPERATORS, ...OVERFLOWING],
  check(node, context) {
    const moving = movingInputs(node, MOVE);
    if (node.domain !== '' || (moving.length === 0 && !makesFloat32(node))) return null;
    const stop = obstacle(node, context);
    if (stop) return stop;
    if (isQuantizer(node)) return quantizer(node, context);
    if (moving.every(([, value]) => constantOf(value))) return null;
    return movedProposal(node, context);
  },
};

const makesFloat32 = (node: Node): boolean =>
  node.outputs.some(({ dataType }) => dataType === MOVE.from);

function obstacle(node: Node, context: PassContext): Refusal | undefined {
  const { model, graph, settings } = context;
  const keep = isQuantizer(node) ? undefined : reasonToKeep(node, settings);
  if (keep !== undefined) return refuse(keep, node);
  const opset = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 1;
  if (opset < HALF_OPSET && hasQuantizers(graph.nodes()))
    return refuse(
      `operator set ${String(opset)} has no half-precision scales: raise it to ${String(HALF_OPSET)} first`,
      node,
    );
  const outputs = node.outputs.filter(({ dataType }) => dataType === MOVE.from);
  const captured = outputs.find((value) => value.uses().some(({ index }) => index < 0));
  if (captured) return refuse(`a subgraph reads ${captured.name}`, node);
  const isSplit = node.outputs.length > 1 && outputs.some((value) => value.isGraphOutput);
  return isSplit ? refuse('it makes outputs of the network among others', node) : undefined;
}

/** Whether the network has quantizers at all: mostly one is among its first nodes. */
function hasQuantizers(nodes: Iterable<Node>): boolean {
  for (const node of nodes) if (isQuantizer(node)) return true;
  return false;
}

/** A quantizer has the float type of its scale. */
function quantizer(node: Node, context: PassContext): Proposal | Refusal | null {
  const [data, scale] = node.inputs;
  const scales = context.numbers(scale);
  if (!data || !scale || !scales) return null;
  const rounded = roundToHalf(scales.map(scaleInHalf));
  if (!rounded) return null;
  if (!staysFloat32(node, data)) return movedProposal(node, context);
  // Its scale must be the number that the rest of the pair has.
  if (constantOf(scale)?.placeholder) return null;
  if (rounded.every((half, i) => half === scales[i])) return null;
  return propose(`Round the scale of ${node.name} to half precision`, [node], () => {
    const constants = new NewConstants(context);
    const dims = constantOf(scale)?.dims ?? [];
    const init = { dataType: 'float32', dims, numbers: rounded } as const;
    const value = constants.add(`${scale.name}_rounded`, init);
    return [...constants.edits, { kind: 'set-input', node: node.name, input: 1, value }];
  });
}

/** A Q that reads FP32, as at the network's input, needs no Cast; nor does a DQ that makes nothing but an output. */
function staysFloat32(node: Node, data: Value): boolean {
  const [output] = node.outputs;
  if (isDequantizeNode(node)) return output?.isGraphOutput === true && output.useCount === 0;
  return castFrom(data, MOVE) === null && constantOf(data) === undefined;
}

function roundToHalf(numbers: Float64Array): Float64Array | undefined {
  const bytes = encodeNumbers('float16', numbers);
  return bytes && decodeNumbers('float16', numbers.length, bytes);
}

const counted = (count: number): string =>
  count === 1 ? 'one number' : `${String(count)} numbers`;

function movedProposal(node: Node, context: PassContext): Proposal {
  const beyond = movingInputs(node, MOVE)
    .flatMap(([, value]) => [...(context.numbers(value) ?? [])])
    .filter((number) => Math.abs(number) > LARGEST_HALF && Number.isFinite(number)).length;
  const scales = isQuantizer(node) ? context.numbers(node.inputs[1]) : undefined;
  const isRaised = scales?.some((scale) => scale < SMALLEST_HALF) === true;
  const note =
    (beyond > 0 ? `, with ${counted(beyond)} clamped to ${String(LARGEST_HALF)}` : '') +
    (isRaised ? ', with its scale raised to the smallest number that there is' : '');
  return propose(`Compute ${node.name} in FP16${note}`, [node], () =>
    moveNode(node, MOVE, context),
  );
}
