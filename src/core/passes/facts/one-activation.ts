import type { Value } from '../../ir/graph.ts';
import { isQuantizer } from '../../ir/quantizer-nodes.ts';
import { dataInputs } from './copying-nodes.ts';
import { isActivation, isPointwisePair } from './layer-kinds.ts';

/** Nodes of one activation that are looked at. */
const MAX_NODES = 16;

/** `x * f(x)` and the like: both operands come from one value by element-wise nodes, so the three are one activation. */
export function isOneActivation(a: Value, b: Value): boolean {
  const above = elementwiseSources(a);
  return [...elementwiseSources(b)].some((value) => above.has(value));
}

/** A value, and those that it is made of element by element. */
function elementwiseSources(value: Value): ReadonlySet<Value> {
  const sources = new Set([value]);
  for (const source of sources) {
    const maker = source.producer();
    if (!maker || sources.size > MAX_NODES) continue;
    if (isActivation(maker) || isPointwisePair(maker) || isQuantizer(maker))
      for (const input of dataInputs(maker)) sources.add(input.value);
  }
  return sources;
}
