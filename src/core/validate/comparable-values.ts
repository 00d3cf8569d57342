import { isRunDataType } from '../inputs/run-arrays.ts';
import { isFloatType } from '../ir/data-type.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';
import { inferShapes } from '../ir/infer/infer-shapes.ts';
import type { Model } from '../ir/model.ts';
import type { IncomparableTensor } from './validation-report.ts';

/** A value of the model before that the one after has too. */
export interface ComparableValue {
  readonly before: Value;
  readonly after: Value;
  readonly node: Node;
  readonly order: number;
  readonly isOutput: boolean;
}

/** What two models have in common, in the topological order of the first, and what outputs and tensors stand against it. */
export interface ComparableValues {
  readonly values: readonly ComparableValue[];
  readonly incomparable: readonly IncomparableTensor[];
}

/** A copy whose values have types as far as inference finds them; the model itself where all are known. */
export function withTypes(model: Model): Model {
  const isKnown = [...model.graph.nodes()].every(({ outputs }) =>
    outputs.every(({ dataType }) => dataType !== undefined),
  );
  if (isKnown) return model;
  const copy = { ...model, graph: model.graph.clone() };
  inferShapes(copy);
  return copy;
}

/**
 * The float values and the outputs that nodes of both graphs make under the same name. Values that depend on no input are left
 * out: they are constants, and where they matter everything behind them shows it.
 */
export function comparableValues(before: Graph, after: Graph): ComparableValues {
  const fed = dependsOnInputs(before);
  const values: ComparableValue[] = [];
  const incomparable: IncomparableTensor[] = [];
  const nodes = before.sortedNodes();
  for (const [order, node] of nodes.entries())
    for (const value of node.outputs) {
      const isOutput = value.isGraphOutput;
      if (!isOutput && !(fed.has(value) && isFloat(value))) continue;
      const other = after.value(value.name);
      const problem = problemOf(value, other, isOutput);
      if (problem) incomparable.push(problem);
      else if (other?.producer())
        values.push({ before: value, after: other, node, order, isOutput });
    }
  for (const { name } of after.outputs)
    if (before.value(name)?.isGraphOutput !== true)
      incomparable.push({ tensor: name, isOutput: true, reason: 'missing-before' });
  return { values, incomparable };
}

const isFloat = ({ dataType }: Value): boolean => dataType !== undefined && isFloatType(dataType);

/** Values in between that one model does not have are no problem: passes add and remove nodes. */
function problemOf(
  before: Value,
  after: Value | undefined,
  isOutput: boolean,
): IncomparableTensor | undefined {
  const about = { tensor: before.name, isOutput };
  if (!after?.producer() || (isOutput && !after.isGraphOutput))
    return isOutput ? { ...about, reason: 'missing-after' } : undefined;
  if (before.dataType !== after.dataType)
    return {
      ...about,
      reason: 'type',
      before: before.dataType ?? 'unknown',
      after: after.dataType ?? 'unknown',
    };
  if (before.dataType === undefined || !isRunDataType(before.dataType))
    return { ...about, reason: 'not-runnable', before: before.dataType ?? 'unknown' };
  return undefined;
}

function dependsOnInputs(graph: Graph): ReadonlySet<Value> {
  const fed = new Set<Value>(graph.inputs);
  for (const node of graph.sortedNodes())
    if ([...node.inputs, ...node.captures].some((value) => value !== null && fed.has(value)))
      for (const output of node.outputs) fed.add(output);
  return fed;
}
