/** The parts of TensorRT's inspector JSON that the figures look at. */
export interface InspectedEngine {
  readonly Layers: readonly InspectedLayer[];
}
interface InspectedLayer {
  readonly Name: string;
  readonly LayerType: string;
  readonly Inputs: readonly InspectedTensor[];
  readonly Outputs: readonly InspectedTensor[];
  readonly Metadata?: string;
}
interface InspectedTensor {
  readonly 'Format/Datatype'?: string;
}
/** Operator type of each named ONNX node. */
export type OpTypes = ReadonlyMap<string, string>;

/** How far a predicted engine agrees with a real one, each 0 to 1. */
export interface EngineFigures {
  /** F1 over layers, a layer being the set of computing ONNX nodes that it runs. */
  readonly layers: number;
  /** Share of computing nodes whose layer takes in and gives out the right class of types. */
  readonly precision: number;
  /** F1 over Q and DQ that are layers of their own. */
  readonly qdq: number;
}

const PASSIVE = new Set(['Constant', 'Identity', 'Shape', 'ConstantOfShape']);
const QUANTIZERS = new Set(['QuantizeLinear', 'DequantizeLinear']);

/** Compares as the score of the given engines does; what a Q/DQ, a constant or a no-op runs does not count. */
export function engineFigures(
  real: InspectedEngine,
  predicted: InspectedEngine,
  ops: OpTypes,
): EngineFigures {
  const [built, guess] = [factsOf(real, ops), factsOf(predicted, ops)];
  const right = [...built.precision].filter(([node, io]) => guess.precision.get(node) === io);
  return {
    layers: agreement(built.layers, guess.layers),
    precision: built.precision.size === 0 ? 1 : right.length / built.precision.size,
    qdq: agreement([...built.survivors], [...guess.survivors]),
  };
}

function factsOf({ Layers }: InspectedEngine, ops: OpTypes) {
  const layers: string[] = [];
  const precision = new Map<string, string>();
  const survivors = new Set<string>();
  for (const layer of Layers) {
    const nodes = nodesOf(layer, ops);
    const compute = nodes.filter((node) => isComputing(ops.get(node))).sort();
    const io = `${typeClass(layer.Inputs[0])}>${typeClass(layer.Outputs[0])}`;
    if (compute.length > 0) layers.push(compute.join('\n'));
    for (const node of compute) precision.set(node, io);
    if (compute.length > 0 || layer.LayerType === 'NoOp' || isReformat(layer)) continue;
    for (const node of nodes) if (QUANTIZERS.has(ops.get(node) ?? '')) survivors.add(node);
  }
  return { layers, precision, survivors };
}

const isReformat = ({ Name }: InspectedLayer): boolean => Name.startsWith('Reformatting CopyNode');

const isComputing = (op = ''): boolean => !PASSIVE.has(op) && !QUANTIZERS.has(op);

/** The nodes that the metadata and the parts of the name tell of; reformats are named after others. */
function nodesOf(layer: InspectedLayer, ops: OpTypes): string[] {
  const told = [...(layer.Metadata ?? '').matchAll(/\[ONNX Layer: ([^\]]*)\]/g)].map(
    ([, name = '']) => name,
  );
  const parts = layer.Name.split(/ \+ | \|\| |, |PWN\(|\)+|\{ForeignNode\[|\]\}|\.\.\./).map(
    (part) => part.trim().replace(/_clone_\d+$/, ''),
  );
  const names = [...told, ...(isReformat(layer) ? [] : parts)];
  return [...new Set(names)].filter((name) => ops.has(name));
}

function typeClass(tensor: InspectedTensor | undefined): string {
  const type = tensor?.['Format/Datatype'] ?? '';
  if (/int8/i.test(type)) return 'int8';
  if (/fp8|float8/i.test(type)) return 'fp8';
  return /float|half|fp16|fp32|bf16/i.test(type) ? 'float' : 'other';
}

/** F1 of two lists in which elements may repeat. */
function agreement(real: readonly string[], guess: readonly string[]): number {
  if (real.length + guess.length === 0) return 1;
  const left = new Map<string, number>();
  for (const item of guess) left.set(item, (left.get(item) ?? 0) + 1);
  let hits = 0;
  for (const item of real) {
    const count = left.get(item) ?? 0;
    if (count > 0) hits++;
    left.set(item, count - 1);
  }
  return (2 * hits) / (real.length + guess.length);
}
