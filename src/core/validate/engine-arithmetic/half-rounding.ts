import type { Graph, Node, Use, Value } from '../../ir/graph.ts';
import type { Attribute } from '../../ir/attribute.ts';

const FLOAT = 1n;
const FLOAT16 = 10n;

const castTo = (type: bigint): ReadonlyMap<string, Attribute> =>
  new Map([['to', { name: 'to', type: 'int', value: type }]]);

/**
 * Rounds values to FP16, as storing them in it does, and back. onnxruntime takes two Casts in a row that lead back to the first
 * type for nothing; an Identity on the FP16 number, for which it has a kernel, keeps the rounding. In a model that is FP16
 * itself the same Identity stops it from keeping more digits between two nodes than the type has.
 */
export class HalfRounding {
  private readonly graph: Graph;
  private readonly rounded = new Map<Value, Value>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Makes `uses` read `value` rounded. */
  redirect(value: Value, uses: readonly Use[]): void {
    const own = uses.filter(({ index }) => index >= 0);
    const first = own[0]?.node;
    if (first === undefined) return;
    const rounded = this.of(value);
    for (const { node, index } of own) this.graph.setInput(node, index, rounded);
  }

  /** The value that carries the numbers of `value` in FP16; made when first asked for. */
  of(value: Value): Value {
    let rounded = this.rounded.get(value);
    if (rounded === undefined) this.rounded.set(value, (rounded = this.build(value)));
    return rounded;
  }

  private build(value: Value): Value {
    const isHalf = value.dataType === 'float16';
    const { graph } = this;
    const before = value.producer()?.next ?? firstNode(graph);
    const step = (opType: string, input: Value, type?: bigint): Value => {
      const output = graph.ensureValue(graph.freshName(`${value.name}_half_${opType}`));
      output.dataType = type === FLOAT16 || (isHalf && type === undefined) ? 'float16' : 'float32';
      output.shape = value.shape;
      const name = graph.freshName(`${value.name}_half_${opType}_node`);
      const attributes = type === undefined ? {} : { attributes: castTo(type) };
      graph.addNode({ name, opType, inputs: [input], outputs: [output], ...attributes }, before);
      return output;
    };
    if (isHalf) return step('Identity', value);
    const narrow = step('Identity', step('Cast', value, FLOAT16));
    narrow.dataType = 'float16';
    return step('Cast', narrow, FLOAT);
  }
}

function firstNode(graph: Graph): Node | null {
  for (const node of graph.nodes()) return node;
  return null;
}
