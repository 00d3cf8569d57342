import { isReformatName, partsOfName } from '../engine/layer-names.ts';
import type { EngineLayer } from '../sim/predicted-engine.ts';
import type { NodeClasses } from './node-classes.ts';
import { typeClass } from './node-classes.ts';

/** How far a predicted engine agrees with the built one; each from 0 to 1. */
export interface AgreementFigures {
  /** F1 over layers, a layer being the set of computing nodes that it runs. */
  readonly layers: number;
  /** Share of computing nodes whose layer takes in and gives out the right class of types. */
  readonly precision: number;
  /** F1 over the Q/DQ nodes that stay layers of their own. */
  readonly qdq: number;
  /** All three are 1. */
  readonly perfect: boolean;
}

/**
 * The figures by which predictions are judged. A layer counts with the nodes that its file tells of: what was filled in for regions
 * of TensorRT's compiler does not, so that figures are those of any other reader of the files.
 */
export function agreementFigures(
  predicted: readonly EngineLayer[],
  built: readonly EngineLayer[],
  classes: NodeClasses,
): AgreementFigures {
  const [guess, real] = [factsOf(predicted, classes), factsOf(built, classes)];
  const right = [...real.precision].filter(([node, io]) => guess.precision.get(node) === io);
  const layers = f1(guess.layers, real.layers);
  const precision = real.precision.size === 0 ? 1 : right.length / real.precision.size;
  const qdq = f1([...guess.survivors], [...real.survivors]);
  return { layers, precision, qdq, perfect: layers === 1 && precision === 1 && qdq === 1 };
}

/** What one engine says of the nodes. */
interface EngineFacts {
  /** Each layer as its computing nodes, sorted and joined. */
  readonly layers: readonly string[];
  /** `int8>float` of each computing node's layer. */
  readonly precision: ReadonlyMap<string, string>;
  /** Q/DQ that are layers of their own. */
  readonly survivors: ReadonlySet<string>;
}

function factsOf(
  engine: readonly EngineLayer[],
  { computing, quantizers }: NodeClasses,
): EngineFacts {
  const layers: string[] = [];
  const precision = new Map<string, string>();
  const survivors = new Set<string>();
  for (const layer of engine) {
    const nodes = toldNodes(layer);
    const compute = nodes.filter((node) => computing.has(node)).sort();
    if (compute.length > 0) layers.push(compute.join('\u0000'));
    for (const node of compute) precision.set(node, inAndOut(layer));
    if (compute.length > 0 || layer.layerType === 'NoOp' || isReformatName(layer.name)) continue;
    for (const node of nodes) if (quantizers.has(node)) survivors.add(node);
  }
  return { layers, precision, survivors };
}

/** `int8>float`: classes of what a layer takes and gives first. */
export const inAndOut = (layer: EngineLayer): string =>
  `${typeClass(layer.inputs[0]?.dataType)}>${typeClass(layer.outputs[0]?.dataType)}`;

/** Files say nothing of what runs inside a region of TensorRT 8's compiler but for its ends. */
const toldNodes = ({ name, nodes, layerType }: EngineLayer): string[] => [
  ...new Set([...(layerType === 'Myelin' ? [] : nodes), ...partsOfName(name)]),
];

/** F1 of two lists in which elements may repeat; 1 where both are empty. */
function f1(guess: readonly string[], real: readonly string[]): number {
  if (guess.length + real.length === 0) return 1;
  const left = new Map<string, number>();
  for (const item of real) left.set(item, (left.get(item) ?? 0) + 1);
  let hits = 0;
  for (const item of guess) {
    const count = left.get(item) ?? 0;
    if (count > 0) hits++;
    left.set(item, count - 1);
  }
  return (2 * hits) / (guess.length + real.length);
}
