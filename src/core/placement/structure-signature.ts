import type { Graph, Node, Value } from '../ir/graph.ts';
import { constantOf, isQuantizer } from '../ir/quantizer-nodes.ts';

/**
 * Where a node stands, without any name: `up` over all that it is computed from, `down` over all that is computed from
 * it. A change somewhere in the network leaves `up` of what lies before it and `down` of what lies behind it alone.
 */
export interface NodeSignature {
  readonly opType: string;
  readonly up: string;
  readonly down: string;
}

/** Nodes that exporters add or leave out at will; Q/DQ are what a placement adds. */
const isTransparent = (node: Node): boolean =>
  isQuantizer(node) || node.opType === 'Identity' || node.opType === 'Dropout';

/** Signatures of all nodes that are no Q/DQ, constants or copies. Linear in nodes and reads. */
export function signaturesOf(graph: Graph): ReadonlyMap<Node, NodeSignature> {
  const nodes = graph.sortedNodes();
  const inputs = new Map(graph.inputs.map((value, i) => [value, i]));
  const ups = new Map<Node, string>();
  for (const node of nodes) {
    const sources = node.inputs.map((value) => (value ? sourceText(value, inputs, ups) : '-'));
    ups.set(node, hash([node.opType, ...sources].join(' ')));
  }
  const downs = new Map<Node, string>();
  for (const node of [...nodes].reverse()) {
    const targets = node.outputs.map((value) => [...readTexts(value, downs)].sort().join(','));
    downs.set(node, hash([node.opType, ...targets].join(' ')));
  }
  const signatures = new Map<Node, NodeSignature>();
  for (const node of graph.nodes()) {
    if (isTransparent(node) || node.opType === 'Constant') continue;
    const { opType } = node;
    signatures.set(node, { opType, up: ups.get(node) ?? '', down: downs.get(node) ?? '' });
  }
  return signatures;
}

function sourceText(
  read: Value,
  inputs: ReadonlyMap<Value, number>,
  ups: ReadonlyMap<Node, string>,
): string {
  let value = read;
  for (let node = value.producer(); node && isTransparent(node); node = value.producer()) {
    const [source] = node.inputs;
    if (!source) break;
    value = source;
  }
  const constant = constantOf(value);
  if (constant) return `constant ${constant.dims.join('x')}`;
  const maker = value.producer();
  if (maker) return `${ups.get(maker) ?? '?'}:${String(maker.outputs.indexOf(value))}`;
  return `input ${String(inputs.get(value) ?? '?')}`;
}

/** Who reads a value, copies and Q/DQ looked through. */
function* readTexts(value: Value, downs: ReadonlyMap<Node, string>): Generator<string> {
  const waiting = [value];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.isGraphOutput) yield 'output';
    for (const { node, index } of next.uses())
      if (!isTransparent(node)) yield `${String(index)}:${downs.get(node) ?? '?'}`;
      else if (index === 0) waiting.push(...node.outputs.slice(0, 1));
  }
}

/** Names and types of the nodes of a graph without its Q/DQ and constants: the same export has the same. */
export function fingerprintOf(graph: Graph): {
  readonly nodes: number;
  readonly fingerprint: string;
} {
  const lines: string[] = [];
  for (const node of graph.nodes())
    if (!isQuantizer(node) && node.opType !== 'Constant')
      lines.push(`${node.name}\t${node.domain}\t${node.opType}`);
  return { nodes: lines.length, fingerprint: hash(lines.join('\n')) };
}

/** FNV-1a over UTF-16 units, twice with different starts: 64 bits are plenty to tell the nodes of a network apart. */
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x2f0b4c47];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit ^ (b >>> 15), 0x85ebca6b);
  }
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
  return hex(a) + hex(b);
}
