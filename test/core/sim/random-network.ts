/** How a node, value or constant is called, by what it is and its number; networks differ in nothing else. */
export type Naming = (kind: string, number: number) => string;

/** Names as exporters give them. */
export const plainNames: Naming = (kind, number) => `${kind}_${String(number)}`;

/** Other names, which sort the other way round and say nothing. */
export const strangeNames: Naming = (kind, number) =>
  `n${String(1e6 - number)}${[...kind].reverse().join('')}`;

const CHANNELS = 32;
const SHAPE = `float[1, ${String(CHANNELS)}, 8, 8]`;
const SCALES = 3;

/** A generator of numbers that is the same in each run. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) % below;
  };
}

/**
 * A small network of the operators that rules know, with Q/DQ here and there, as textual ONNX: each seed gives another,
 * and all values are images of one shape.
 */
export function randomNetwork(seed: number, naming: Naming = plainNames): string {
  return new Builder(seededRandom(seed), naming).build();
}

class Builder {
  private readonly nodes: string[] = [];
  private readonly constants = new Map<string, string>();
  private readonly values: string[] = [];
  private readonly read = new Set<string>();
  private readonly random: (below: number) => number;
  private readonly naming: Naming;
  private count = 0;

  constructor(random: (below: number) => number, naming: Naming) {
    this.random = random;
    this.naming = naming;
  }

  build(): string {
    const input = this.naming('input', 0);
    this.values.push(input);
    const size = 3 + this.random(10);
    for (let i = 0; i < size; i++) this.values.push(this.step());
    const outputs = this.values
      .slice(1)
      .filter((value) => !this.read.has(value) || this.random(8) === 0);
    const constants = [...this.constants].map(([name, type]) => type.replace('NAME', name));
    return [
      '<ir_version: 8, opset_import: ["" : 17]>',
      `g (${SHAPE} ${input}) => (${outputs.map((name) => `float[] ${name}`).join(', ')})`,
      ...(constants.length > 0 ? [`<${constants.join(', ')}>`] : []),
      '{',
      ...this.nodes,
      '}',
    ].join('\n');
  }

  private step(): string {
    const kinds = STEPS.length;
    return (STEPS[this.random(kinds)] ?? STEPS[0])(this);
  }
  /** A value made before, near the end more often, and half of the time through Q/DQ. */
  operand(): string {
    const back = Math.min(this.random(this.values.length), this.random(this.values.length));
    const value = this.values.at(-1 - back) ?? '';
    return this.random(2) === 0 ? this.quantized(value) : value;
  }
  quantized(value: string): string {
    const which = this.random(SCALES);
    const scale = this.constant('scale', which, `float NAME = {0.${String(which + 1)}}`);
    const zero = this.constant('zero', 0, 'int8 NAME = {0}');
    const q = this.node('QuantizeLinear', [value, scale, zero]);
    return this.node('DequantizeLinear', [q, scale, zero]);
  }
  weights(inputs: number): string {
    const dims = `${String(CHANNELS)}, ${String(inputs)}, 1, 1`;
    const name = this.constant('weights', ++this.count, `float[${dims}] NAME = {0.5 ...}`);
    return this.random(3) === 0 ? name : this.quantized(name);
  }
  constant(kind: string, number: number, text: string): string {
    const name = this.naming(kind, number);
    this.constants.set(name, text);
    return name;
  }
  node(opType: string, inputs: readonly string[], attributes = ''): string {
    const number = ++this.count;
    const output = this.naming('value', number);
    for (const input of inputs) this.read.add(input);
    const name = this.naming(opType, number);
    this.nodes.push(`[${name}] ${output} = ${opType} ${attributes} (${inputs.join(', ')})`);
    return output;
  }
}

type Step = (net: Builder) => string;
const single =
  (opType: string, attributes = ''): Step =>
  (net) =>
    net.node(opType, [net.operand()], attributes);
const double =
  (opType: string): Step =>
  (net) =>
    net.node(opType, [net.operand(), net.operand()]);
const WINDOW = '<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>';
const convolution: Step = (net) => net.node('Conv', [net.operand(), net.weights(CHANNELS)]);
const STEPS: readonly [Step, ...Step[]] = [
  convolution,
  convolution,
  (net) => net.node('Relu', [convolution(net)]),
  (net) => net.quantized(net.node('Add', [convolution(net), net.operand()])),
  single('Relu'),
  single('Sigmoid'),
  single('Softmax', '<axis = 1>'),
  single('MaxPool', WINDOW),
  single('AveragePool', WINDOW),
  single('Transpose', '<perm = [0, 1, 3, 2]>'),
  double('Add'),
  double('Mul'),
  double('Max'),
  (net) => {
    const number = net.constant('factor', 0, 'float NAME = {2}');
    return net.node('Mul', [net.operand(), number]);
  },
  (net) => {
    const joined = net.node('Concat', [net.operand(), net.operand()], '<axis = 1>');
    return net.node('Conv', [joined, net.weights(2 * CHANNELS)]);
  },
];
