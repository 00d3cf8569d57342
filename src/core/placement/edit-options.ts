import { QUANTIZABLE_FLOATS } from '../ir/data-type.ts';
import type { Graph, Node, Use, Value } from '../ir/graph.ts';
import {
  constantOf,
  dequantizersOf,
  isConstantThroughQuantizers,
  isDequantizeNode,
  isPerTensor,
  isQuantizeNode,
  isQuantizer,
  quantizeOf,
} from '../ir/quantizer-nodes.ts';
import { tensorNumbers } from '../ir/tensor-values.ts';
import type { PlacementEdit, ScaleSource } from './placement-edit.ts';
import { isWeighted, weightAxis } from './weight-axis.ts';

/**
 * One edit that a user may make at a node or value. `add`: a pair for all who read it; `add-input`: for one input of one
 * node; `remove`: a pair away; `share`: the scale of another quantizer; `move`: a pair over a node.
 */
export interface EditOption {
  readonly role: 'add' | 'add-input' | 'remove' | 'share' | 'move';
  /** The value, quantizer or node that it is about, for a label. */
  readonly about: string;
  /** Which input of the node, for `add-input` and `remove`. */
  readonly input?: number;
  /** The scale that the pair would get, where it is one number. */
  readonly scale?: number;
  readonly edit: PlacementEdit;
}

/** Operators that move or pick elements: a pair says the same on both sides. */
const MOVED_OVER =
  /^(?:MaxPool|Relu|Reshape|Flatten|Transpose|Squeeze|Unsqueeze|Resize|Slice|Pad|Identity|Split|Concat|DepthToSpace|SpaceToDepth)$/;
/** Scales of so many neighbours are offered. */
const NEIGHBOURS = 8;

/** The edits that make sense at a node, a quantizer or a constant, likeliest first; none where the name says nothing. */
export function editOptions(graph: Graph, name: string): readonly EditOption[] {
  const node = graph.node(name);
  if (!node) return ofConstant(graph.value(name));
  if (!isQuantizer(node)) return [...ofOutputs(node), ...ofInputs(node)];
  const quantize = isQuantizeNode(node) ? node : quantizeOf(node);
  return quantize ? ofPair(quantize) : [];
}

/** A pair on a constant, with the scales of its own values. */
function ofConstant(value: Value | undefined): EditOption[] {
  if (!value || !constantOf(value) || !QUANTIZABLE_FLOATS.has(value.dataType)) return [];
  const [use] = value.uses().filter(({ index }) => index >= 0);
  if (!use || value.consumers().some(isQuantizer)) return [];
  return [{ role: 'add', about: value.name, edit: pairOn(value, ofWeights(use)) }];
}

function ofOutputs(node: Node): EditOption[] {
  return node.outputs.flatMap((value) => {
    const consumers = value.consumers();
    const quantizes = consumers.filter(isQuantizeNode);
    const options = quantizes.flatMap((quantize) => [
      removal(quantize),
      ...(MOVED_OVER.test(node.opType) ? [move(quantize, node)] : []),
    ]);
    const isRead = value
      .uses()
      .some(({ node: reader, index }) => index >= 0 && !isQuantizer(reader));
    if (!isRead || !QUANTIZABLE_FLOATS.has(value.dataType)) return options;
    const [beside] = quantizes;
    const add: EditOption = { role: 'add', about: value.name, ...scaleOf(beside, value) };
    return beside ? [...options, add] : [add, ...options];
  });
}

function ofInputs(node: Node): EditOption[] {
  return node.inputs.flatMap((value, input) => {
    if (!value || !QUANTIZABLE_FLOATS.has(value.dataType)) return [];
    const maker = value.producer();
    if (isDequantizeNode(maker)) {
      const quantize = maker && quantizeOf(maker);
      if (!quantize || constantOf(quantize.inputs[0])) return [];
      const over = MOVED_OVER.test(node.opType) ? [move(quantize, node)] : [];
      return [{ ...removal(quantize), input }, ...over];
    }
    const use = { node, index: input };
    if (constantOf(value))
      return isWeighted(node) && input === 1
        ? [
            {
              role: 'add-input',
              about: value.name,
              input,
              edit: pairOn(value, ofWeights(use), use),
            },
          ]
        : [];
    const beside = value.consumers().find(isQuantizeNode);
    return [{ role: 'add-input', about: value.name, input, ...scaleOf(beside, value, use) }];
  });
}

function ofPair(quantize: Node): EditOption[] {
  const maker = quantize.inputs[0]?.producer();
  const readers = dequantizersOf(quantize).flatMap(({ outputs }) =>
    outputs.flatMap((value) => value.consumers()),
  );
  const beside = [maker, ...new Set(readers)].filter(
    (node): node is Node => !!node && MOVED_OVER.test(node.opType),
  );
  const shares = isPerTensor(quantize)
    ? nearQuantizers(quantize, readers).map(share(quantize))
    : [];
  return [removal(quantize), ...beside.map((over) => move(quantize, over)), ...shares];
}

/** Quantizers of what the same nodes read or give, and of what the maker of the value reads. */
function nearQuantizers(quantize: Node, readers: readonly Node[]): readonly Node[] {
  const found = new Set<Node>();
  const before = (node: Node): void => {
    for (const value of node.inputs) {
      const maker = value?.producer();
      const source = maker && isDequantizeNode(maker) ? quantizeOf(maker) : null;
      if (source) found.add(source);
    }
  };
  const behind = (node: Node): void => {
    for (const value of node.outputs)
      for (const other of value.consumers()) if (isQuantizeNode(other)) found.add(other);
  };
  const maker = quantize.inputs[0]?.producer();
  for (const node of readers) before(node);
  for (const node of readers) behind(node);
  if (maker) before(maker);
  if (maker) behind(maker);
  found.delete(quantize);
  return [...found]
    .filter((node) => isPerTensor(node) && !isConstantThroughQuantizers(node.inputs[0]))
    .filter((node) => node.inputs[1] !== quantize.inputs[1])
    .slice(0, NEIGHBOURS);
}

const removal = (quantize: Node): EditOption => ({
  role: 'remove',
  about: quantize.name,
  ...numberOf(quantize),
  edit: { kind: 'remove-pair', quantize: quantize.name },
});

const move = (quantize: Node, over: Node): EditOption => ({
  role: 'move',
  about: over.name,
  ...numberOf(quantize),
  edit: { kind: 'move-pair', quantize: quantize.name, over: over.name },
});

const share =
  (quantize: Node) =>
  (from: Node): EditOption => ({
    role: 'share',
    about: from.name,
    ...numberOf(from),
    edit: { kind: 'share-scale', from: from.name, quantizers: [quantize.name] },
  });

/** A pair with the scale of one that quantizes the same value, else one that calibration must give. */
function scaleOf(
  beside: Node | undefined,
  value: Value,
  use?: Use,
): Pick<EditOption, 'edit' | 'scale'> {
  const source: ScaleSource = beside
    ? { kind: 'same-as', quantizer: beside.name }
    : { kind: 'to-calibrate' };
  return { edit: pairOn(value, source, use), ...(beside && numberOf(beside)) };
}

const pairOn = (value: Value, scale: ScaleSource, use?: Use): PlacementEdit => ({
  kind: 'add-pair',
  value: value.name,
  ...(use && { reader: { node: use.node.name, input: use.index } }),
  scale,
});

function ofWeights({ node }: Use): ScaleSource {
  const axis = weightAxis(node);
  return { kind: 'from-constant', ...(axis !== null && { axis }) };
}

function numberOf(quantize: Node): { readonly scale?: number } {
  const tensor = constantOf(quantize.inputs[1]);
  const numbers = tensor && !tensor.placeholder ? tensorNumbers(tensor) : undefined;
  return numbers?.length === 1 ? { scale: numbers[0]! } : {};
}
