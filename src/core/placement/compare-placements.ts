import type { Graph, Node, Value } from '../ir/graph.ts';
import { tensorNumbers } from '../ir/tensor-values.ts';
import { constantOf, isQuantizer } from '../ir/quantizer-nodes.ts';

/** How two models quantize one read of a value differently. */
export interface PlacementDifference {
  readonly kind: 'added' | 'removed' | 'scale';
  /** The value that is quantized, by the name that it has before its Q/DQ. */
  readonly value: string;
  /** The node that reads it, Q/DQ looked through. */
  readonly reader: string;
  /** Scales in words, where there are any. */
  readonly before?: string;
  readonly after?: string;
}

/** Where `b` quantizes otherwise than `a`: reads are aligned by the names of reader and input. In the order of `a`. */
export function comparePlacements(a: Graph, b: Graph): readonly PlacementDifference[] {
  const [left, right] = [readsOf(a), readsOf(b)];
  const differences: PlacementDifference[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [x, y] = [left.get(key), right.get(key)];
    if (!x || !y || x.scales === y.scales) continue;
    const kind = x.scales === '' ? 'added' : y.scales === '' ? 'removed' : 'scale';
    const { value, reader } = x;
    differences.push({
      kind,
      value,
      reader,
      ...(x.scales !== '' && { before: x.scales }),
      ...(y.scales !== '' && { after: y.scales }),
    });
  }
  return differences;
}

interface Read {
  readonly value: string;
  readonly reader: string;
  /** The scales on the way, empty without Q/DQ. */
  readonly scales: string;
}

function readsOf(graph: Graph): Map<string, Read> {
  const reads = new Map<string, Read>();
  for (const node of graph.nodes()) {
    if (isQuantizer(node)) continue;
    for (const [index, input] of node.inputs.entries()) {
      if (!input) continue;
      const { value, scales } = behindQuantizers(input);
      reads.set(`${node.name}\n${String(index)}`, { value: value.name, reader: node.name, scales });
    }
  }
  for (const output of graph.outputs) {
    const { value, scales } = behindQuantizers(output);
    const reader = `the output ${output.name}`;
    reads.set(`\n${output.name}`, { value: value.name, reader, scales });
  }
  return reads;
}

/** Walks up through Q and DQ; a Q and its DQ have the same scale, which is told once. */
function behindQuantizers(read: Value): { readonly value: Value; readonly scales: string } {
  const scales: string[] = [];
  let value = read;
  for (let maker = value.producer(); maker && isQuantizer(maker); maker = value.producer()) {
    const text = scaleText(maker);
    if (scales.at(-1) !== text) scales.push(text);
    const [source] = maker.inputs;
    if (!source) break;
    value = source;
  }
  return { value, scales: scales.join(', then ') };
}

function scaleText(quantizer: Node): string {
  const scale = quantizer.inputs[1];
  const tensor = constantOf(scale);
  const numbers = tensor && tensorNumbers(tensor);
  return numbers ? scalesInWords(numbers) : `scale ${scale?.name ?? '?'}`;
}

/** `scale 0.05`, or `64 scales, 0.012 on average`. */
export function scalesInWords(numbers: ArrayLike<number>): string {
  if (numbers.length === 1) return `scale ${short(numbers[0] ?? 0)}`;
  const sum = Array.from(numbers).reduce((total, number) => total + number, 0);
  return `${String(numbers.length)} scales, ${short(sum / numbers.length)} on average`;
}

const short = (number: number): string => String(Number(number.toPrecision(6)));
