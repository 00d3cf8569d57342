import assert from 'node:assert/strict';
import type { Graph, Node, Value } from '../../../../src/core/ir/graph.ts';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import { constantOf } from '../../../../src/core/ir/quantizer-nodes.ts';
import { tensorNumbers } from '../../../../src/core/ir/tensor-values.ts';
import type { PassContext } from '../../../../src/core/passes/rewrite-pass.ts';
import { textModel } from '../../sim/text-model.ts';

/** What a pass may ask about, over a model given as text: nodes of `body` are named by what they make. */
export interface Asked {
  readonly context: PassContext;
  readonly graph: Graph;
  readonly node: (output: string) => Node;
  readonly value: (name: string) => Value;
}

/** Opens a body of nodes over an input `x` and the usual constants. */
export function asked(outputs: string, body: readonly string[], constants = ''): Asked {
  const model = textModel(
    `<ir_version: 8, opset_import: ["" : 17]> g (float[1, 32, 8, 8] x) => (${outputs}) ` +
      `<float s = {0.1}, float t = {0.2}, int8 z = {0}, float[32, 32, 1, 1] w = {0.5 ...}${constants}> ` +
      `{ ${body.join(' ')} }`,
  );
  inferShapes(model);
  const { graph } = model;
  const value = (name: string): Value => {
    const found = graph.value(name);
    assert.ok(found, `no value ${name}`);
    return found;
  };
  const node = (output: string): Node => {
    const maker = value(output).producer();
    assert.ok(maker, `nobody makes ${output}`);
    return maker;
  };
  const context: PassContext = {
    model,
    graph,
    target: { trt: '10.6', sm: 90, mode: 'best' },
    settings: {},
    numbers: (asks) => {
      const tensor = constantOf(asks);
      return tensor && tensorNumbers(tensor);
    },
    freshName: (wish) => graph.freshName(wish),
  };
  return { context, graph, node, value };
}

/** A Q/DQ pair on a value: `v_q` and `v_d`. */
export const pair = (value: string, scale = 's'): string =>
  `${value}_q = QuantizeLinear (${value}, ${scale}, z) ${value}_d = DequantizeLinear (${value}_q, ${scale}, z)`;

/** A convolution with quantized weights. */
export const conv = (name: string, input: string): string =>
  `${name}_wq = QuantizeLinear (w, s, z) ${name}_wd = DequantizeLinear (${name}_wq, s, z) ` +
  `${name} = Conv (${input}, ${name}_wd)`;
