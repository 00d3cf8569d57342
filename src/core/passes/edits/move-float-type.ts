import { DATA_TYPES } from '../../ir/data-type.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import { constantOf, isQuantizer } from '../../ir/quantizer-nodes.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from './new-constants.ts';
import type { PassContext } from '../rewrite-pass.ts';

type FloatType = 'float32' | 'float16';

/** From which float type to which a node goes. */
export interface FloatMove {
  readonly from: FloatType;
  readonly to: FloatType;
}

/** The largest finite number of half precision. */
export const LARGEST_HALF = 65504;

/** The smallest number of half precision above 0. */
export const SMALLEST_HALF = 2 ** -24;

/** Inputs that keep their type whatever the data has: scales and regions of Resize, the ratio of Dropout. */
const FIXED: Readonly<Record<string, readonly number[]>> = { Resize: [1, 2], Dropout: [1] };

/** The inputs of a node that follow its float type, with their indices. */
export const movingInputs = (
  node: Node,
  { from }: FloatMove,
): readonly (readonly [number, Value])[] =>
  node.inputs.flatMap((value, index) =>
    value && typeOf(value) === from && !FIXED[node.opType]?.includes(index)
      ? [[index, value] as const]
      : [],
  );

const typeOf = (value: Value) => constantOf(value)?.dataType ?? value.dataType;

/** The value of the other type that a Cast to `to` has read, where `value` comes from one. */
export function castFrom(value: Value, { to }: FloatMove): Value | null {
  const maker = value.producer();
  const source = maker?.opType === 'Cast' ? maker.inputs[0] : null;
  return source?.dataType === to ? source : null;
}

/**
 * Makes a node compute in the other float type: constants are stored anew, other inputs are cast (or taken from before the
 * Cast that a neighbour was given), and what still reads the old type gets a Cast. No two Casts in a row are left.
 */
export function moveNode(node: Node, move: FloatMove, context: PassContext): GraphEdit[] {
  const constants = new NewConstants(context);
  const edits: GraphEdit[] = [];
  const inputs = node.inputs.map((value) => value?.name ?? null);
  const moving = movingInputs(node, move);
  const known = new Map<Value, string>();
  for (const [index, value] of moving) {
    const isScale = isQuantizer(node) && index === 1;
    const fit = move.to !== 'float16' ? undefined : isScale ? scaleInHalf : clampToHalf;
    const making = { constants, edits, context, ...(fit && { fit }) };
    const name = known.get(value) ?? movedInput(value, move, making);
    known.set(value, name);
    inputs[index] = name;
  }
  const [output] = node.outputs;
  if (output?.isGraphOutput === true && output.dataType === move.from)
    edits.push(...moveOutputNode(node, inputs, move, context));
  else {
    for (const [input] of moving)
      edits.push({ kind: 'set-input', node: node.name, input, value: inputs[input] ?? null });
    for (const value of node.outputs)
      if (value.dataType === move.from) edits.push(...movedOutput(value, node, move, context));
  }
  return [...constants.edits, ...edits, ...unreadCasts(node, moving, move)];
}

interface Making {
  readonly constants: NewConstants;
  readonly edits: GraphEdit[];
  readonly context: PassContext;
  /** Makes a number of a constant one that the new type holds. */
  readonly fit?: (number: number) => number;
}

/** The name of `value` in the new type. */
function movedInput(value: Value, move: FloatMove, making: Making): string {
  const { constants, edits, context, fit } = making;
  const wish = `${value.name}_${move.to}`;
  const tensor = constantOf(value);
  const numbers = context.numbers(value);
  if (tensor && numbers) {
    const { dims, placeholder = false } = tensor;
    const fitting = fit ? numbers.map(fit) : numbers;
    return constants.add(wish, { dataType: move.to, dims, numbers: fitting, placeholder });
  }
  const before = castFrom(value, move);
  if (before) return before.name;
  const there = value.consumers().find((reader) => isCastTo(reader, move.to))?.outputs[0];
  if (there) return there.name;
  const maker = value.producer();
  const [first] = context.graph.nodes();
  const next = maker ? maker.next : (first ?? null);
  const name = context.freshName(wish);
  edits.push(
    castNode({ from: value.name, to: name, dataType: move.to, like: value }, next, context),
  );
  return name;
}

/** What is finite stays finite; infinities are masks and stay what they are. */
export const clampToHalf = (number: number): number =>
  Math.abs(number) > LARGEST_HALF && Number.isFinite(number)
    ? Math.sign(number) * LARGEST_HALF
    : number;

/** A scale may not become 0. Half precision data has no finer steps than its smallest number, so nothing more is lost. */
export const scaleInHalf = (scale: number): number =>
  scale > 0 ? Math.max(clampToHalf(scale), SMALLEST_HALF) : scale;

const isCastTo = (node: Node, type: FloatType): boolean =>
  node.opType === 'Cast' && DATA_TYPES[attrInt(node, 'to', 0)] === type;

function castNode(
  cast: { readonly from: string; readonly to: string; readonly dataType: FloatType; like: Value },
  next: Node | null,
  context: PassContext,
): GraphEdit {
  const { from, to, dataType, like } = cast;
  return {
    kind: 'add-node',
    name: context.freshName(`${from}_Cast`),
    opType: 'Cast',
    inputs: [from],
    outputs: [{ name: to, dataType, ...(like.shape ? { shape: like.shape } : {}) }],
    attributes: [castAttribute(dataType)],
    before: next?.name ?? null,
  };
}

const castAttribute = (type: FloatType) =>
  ({ name: 'to', type: 'int', value: BigInt(DATA_TYPES.indexOf(type)) }) as const;

/** The output takes the new type; its readers read a Cast of it until they move too. */
function movedOutput(
  value: Value,
  node: Node,
  { from, to }: FloatMove,
  context: PassContext,
): GraphEdit[] {
  const shape = value.shape ? { shape: value.shape } : {};
  const edits: GraphEdit[] = [{ kind: 'set-type', value: value.name, dataType: to, ...shape }];
  const uses = value.uses().filter((use) => !isCastTo(use.node, to));
  if (uses.length > 0) {
    const name = context.freshName(`${value.name}_${from}`);
    edits.push(
      castNode({ from: value.name, to: name, dataType: from, like: value }, node.next, context),
    );
    for (const use of uses)
      edits.push({ kind: 'set-input', node: use.node.name, input: use.index, value: name });
  }
  return [...edits, ...skipCasts(value, value.name, to)];
}

/** Casts that made the new type of `value` are taken out: `by` has it already. Those that make outputs stay, and read it. */
const skipCasts = (value: Value, by: string, to: FloatType): GraphEdit[] =>
  value
    .consumers()
    .filter((reader) => isCastTo(reader, to))
    .flatMap((cast): GraphEdit[] =>
      cast.outputs[0]?.isGraphOutput === true
        ? [{ kind: 'set-input', node: cast.name, input: 0, value: by }]
        : [
            { kind: 'replace-reads', value: cast.outputs[0]?.name ?? '', by },
            { kind: 'remove-node', node: cast.name },
          ],
    );

/** The maker of an output of the network: a node in its place works in the new type, and a Cast makes the output. */
function moveOutputNode(
  node: Node,
  inputs: readonly (string | null)[],
  { from, to }: FloatMove,
  context: PassContext,
): GraphEdit[] {
  const [output] = node.outputs;
  if (!output) return [];
  const moved = context.freshName(`${output.name}_${to}`);
  const { opType, attributes } = node;
  return [
    {
      kind: 'add-node',
      name: context.freshName(`${node.name}_${to}`),
      opType,
      inputs,
      outputs: [{ name: moved, dataType: to, ...(output.shape ? { shape: output.shape } : {}) }],
      attributes: [...attributes.values()],
      before: node.name,
    },
    {
      kind: 'replace-node',
      node: node.name,
      name: context.freshName(`${output.name}_Cast`),
      opType: 'Cast',
      inputs: [moved],
      attributes: [castAttribute(from)],
    },
    ...skipCasts(output, moved, to),
  ];
}

/** Casts back to the old type that only this node read. */
function unreadCasts(
  node: Node,
  moving: readonly (readonly [number, Value])[],
  move: FloatMove,
): GraphEdit[] {
  return [...new Set(moving.map(([, value]) => value))]
    .filter((value) => castFrom(value, move) && !value.isGraphOutput)
    .filter((value) => value.uses().every((use) => use.node === node))
    .map((value) => ({ kind: 'remove-node', node: value.producer()?.name ?? '' }));
}
