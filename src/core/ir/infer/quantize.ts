import { DATA_TYPES } from '../data-type.ts';
import type { DataType } from '../data-type.ts';
import { attrInt } from '../node-attributes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

/** The zero point decides the type; without one `output_dtype` (opset 21) does, and else it is uint8. */
function quantizeLinear(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  c.required(1);
  c.output(0, quantizedType(c), shape);
}

function quantizedType(c: NodeContext): DataType | undefined {
  if (c.input(2) !== undefined) return c.dataType(2);
  const stated = DATA_TYPES[attrInt(c.node, 'output_dtype', 0)];
  if (stated === undefined)
    c.attributeProblem('output_dtype', 'is not the number of an element type');
  return stated === undefined || stated === 'undefined' ? 'uint8' : stated;
}

/** The scale decides the type, unless `output_dtype` (opset 23) does. */
function dequantizeLinear(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const stated = DATA_TYPES[attrInt(c.node, 'output_dtype', 0)];
  const scaleType = c.required(1)?.dataType;
  c.output(0, stated === undefined || stated === 'undefined' ? scaleType : stated, shape);
}

/** Data, scale and zero point; the last two are scalars. */
function dynamicQuantizeLinear(c: NodeContext): void {
  c.output(0, 'uint8', c.required(0)?.shape);
  c.output(1, 'float32', []);
  c.output(2, 'uint8', []);
}

export const quantizeOperators: OperatorTable = {
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
};
