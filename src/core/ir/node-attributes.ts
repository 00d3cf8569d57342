import type { Node } from './graph.ts';
import type { Tensor } from './tensor.ts';

/**
 * The integer attribute `name`, or `fallback` where it is absent or of another type. An int64 beyond 2^53 comes back
 * as the nearest double; read `node.attributes` where the exact value matters.
 */
export function attrInt(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'int' ? Number(attribute.value) : fallback;
}

/** The integer list `name`, or `fallback` where it is absent or of another type; large values round as in `attrInt`. */
export function attrInts(node: Node, name: string): readonly number[] | undefined;
export function attrInts(node: Node, name: string, fallback: readonly number[]): readonly number[];
export function attrInts(
  node: Node,
  name: string,
  fallback?: readonly number[],
): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'ints' ? attribute.value.map(Number) : fallback;
}

/** The float attribute `name`, or `fallback` where it is absent or of another type. */
export function attrFloat(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'float' ? attribute.value : fallback;
}

/** The float list `name`; undefined where it is absent or of another type. */
export function attrFloats(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'floats' ? attribute.value : undefined;
}

/** The string attribute `name`, or `fallback` where it is absent or of another type. */
export function attrString(node: Node, name: string, fallback: string): string {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'string' ? attribute.value : fallback;
}

/** The tensor attribute `name`; undefined where it is absent or of another type. */
export function attrTensor(node: Node, name: string): Tensor | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'tensor' ? attribute.value : undefined;
}
