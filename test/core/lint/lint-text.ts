import assert from 'node:assert/strict';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Finding } from '../../../src/core/lint/finding.ts';
import { lintModel } from '../../../src/core/lint/lint-model.ts';
import { parseOnnxText } from '../../../src/core/onnx/index.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import type { BuildMode } from '../../../src/core/sim/target.ts';

/** A model as text, and what is special about it. */
export interface ModelText {
  readonly body: readonly string[];
  /** Further constants; `s` 0.1, `s2` 0.2, `z` 0 (INT8) and the weights `w`, `w2`, `w3` are there. */
  readonly constants?: string;
  readonly input?: string;
  readonly outputs?: string;
  readonly opset?: number;
  readonly target?: string;
  readonly mode?: BuildMode;
}

const CONSTANTS = `float s = {0.1}, float s2 = {0.2}, float sw = {0.01}, int8 z = {0},
  float[64, 64, 3, 3] w = {0.5 ...}, float[64, 64, 3, 3] w2 = {0.5 ...}, float[64, 64, 3, 3] w3 = {0.5 ...}`;

/** The findings of a model with the input `x` and, unless it says otherwise, the output `y`. */
export function findingsOf(model: ModelText): Finding[] {
  const { body, constants, opset = 21, input = 'float[1, 64, 16, 16] x' } = model;
  const text = `<ir_version: 10, opset_import: ["": ${String(opset)}, "com.microsoft": 1]>
g (${input}) => (${model.outputs ?? 'float[] y'}) <${CONSTANTS}${constants === undefined ? '' : `, ${constants}`}>
{
${body.join('\n')}
}`;
  const parsed = parseOnnxText(text);
  assert.ok(parsed.ok, parsed.ok ? '' : `${parsed.error.message}\n${text}`);
  const target = parseTarget(model.target ?? 'trt10.6-sm90', model.mode);
  assert.ok(target.ok, model.target);
  const inferred = inferShapes(parsed.value);
  return lintModel(parsed.value, simulate(parsed.value, target.value, inferred), inferred);
}

/** A Q/DQ pair: `x` to `x_d`, by the scale `s`. */
export const pair = (x: string, scale = 's', zeroPoint = 'z'): string =>
  `[Q_${x}] ${x}_q = QuantizeLinear (${x}, ${scale}, ${zeroPoint})
  [DQ_${x}] ${x}_d = DequantizeLinear (${x}_q, ${scale}, ${zeroPoint})`;

/** A convolution of `x_d` by the weight `w`, which gets Q/DQ; both must be told once only. */
export const conv = (y: string, x: string, w = 'w', op = 'Conv <pads = [1, 1, 1, 1]>'): string =>
  `${pair(w, 'sw')}
  [Conv_${y}] ${y} = ${op} (${x}, ${w}_d)`;

/** A step of one input. */
export const step = (y: string, op: string, ...inputs: string[]): string =>
  `[${op.replace(/ .*/, '')}_${y}] ${y} = ${op} (${inputs.join(', ')})`;
