import { DATA_TYPES } from '../../ir/data-type.ts';
import type { DataType } from '../../ir/data-type.ts';
import type { Node } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import { passDocs } from '../pass-docs.ts';
import { propose } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

/** What can be cast to which type and back without loss. */
const HELD_BY: Readonly<Partial<Record<DataType, readonly DataType[]>>> = {
  float16: ['float32', 'float64'],
  bfloat16: ['float32', 'float64'],
  float32: ['float64'],
  bool: ['uint8', 'int8', 'int32', 'int64', 'float16', 'float32', 'float64'],
  uint8: ['int32', 'int64', 'float16', 'float32', 'float64'],
  int8: ['int32', 'int64', 'float16', 'float32', 'float64'],
  int32: ['int64', 'float64'],
};

// Casts to the type that a value has, and there and back through a wider type, do nothing. torch.ao writes one between
// each Q and its DQ, which hides the pair from all who look at neighbours.
export const removeCastNoise: RewritePass = {
  id: 'remove-cast-noise',
  title: 'Take Casts out that do nothing',
  summary:
    'A Cast to the same type goes, and two that undo one another without loss, so that Q, DQ and layers are neighbours',
  group: 'normalize',
  docs: [passDocs.onnx('Cast', 'widening casts keep every number')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: ['Cast'],
  check(node) {
    const [input] = node.inputs;
    const to = DATA_TYPES[attrInt(node, 'to', 0)];
    if (!input || to === undefined) return null;
    if (input.dataType === to)
      return propose(`Take ${node.name} out`, [node], () => [
        { kind: 'bypass-node', node: node.name },
      ]);
    const first = input.producer();
    const source = first && castSource(first);
    const [output] = node.outputs;
    if (!source || !output || source.dataType !== to || input.dataType === undefined) return null;
    if (!HELD_BY[to]?.includes(input.dataType)) return null;
    return propose(`Take ${node.name} out, which undoes ${first.name}`, [first, node], () => [
      { kind: 'replace-reads', value: output.name, by: source.name },
      { kind: 'remove-node', node: node.name },
      ...(input.useCount === 1 && !input.isGraphOutput
        ? [{ kind: 'remove-node', node: first.name } as const]
        : []),
    ]);
  },
};

const castSource = (node: Node): Node['inputs'][number] =>
  node.opType === 'Cast' && node.domain === '' ? (node.inputs[0] ?? null) : null;
