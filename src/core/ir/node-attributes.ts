import type { Attribute } from './attribute.ts';
import type { Node } from './graph.ts';
import type { Tensor } from './tensor.ts';

type ValueOf<T extends Attribute['type']> = Extract<Attribute, { readonly type: T }>['value'];

function typed<T extends Attribute['type']>(
  node: Node,
  name: string,
  type: T,
): ValueOf<T> | undefined {
  const attribute = node.attributes.get(name);
  // The compiler does not narrow a union by a generic tag.
  return attribute?.type === type ? (attribute.value as ValueOf<T>) : undefined;
}

/**
 * The integer attribute `name`, or `fallback` where it is absent or of another type. An int64 beyond 2^53 comes back
 * as the nearest double; read `node.attributes` where the exact value matters.
 */
export function attrInt(node: Node, name: string, fallback: number): number {
  const value = typed(node, name, 'int');
  return value === undefined ? fallback : Number(value);
}

/** The integer list `name`, or `fallback` where it is absent or of another type; large values round as in `attrInt`. */
export function attrInts(node: Node, name: string): readonly number[] | undefined;
export function attrInts(node: Node, name: string, fallback: readonly number[]): readonly number[];
export function attrInts(
  node: Node,
  name: string,
  fallback?: readonly number[],
): readonly number[] | undefined {
  return typed(node, name, 'ints')?.map(Number) ?? fallback;
}

/** The float attribute `name`, or `fallback` where it is absent or of another type. */
export function attrFloat(node: Node, name: string, fallback: number): number {
  return typed(node, name, 'float') ?? fallback;
}

/** The float list `name`; undefined where it is absent or of another type. */
export function attrFloats(node: Node, name: string): readonly number[] | undefined {
  return typed(node, name, 'floats');
}

/** The string attribute `name`, or `fallback` where it is absent or of another type. */
export function attrString(node: Node, name: string, fallback: string): string {
  return typed(node, name, 'string') ?? fallback;
}

/** The tensor attribute `name`; undefined where it is absent or of another type. */
export function attrTensor(node: Node, name: string): Tensor | undefined {
  return typed(node, name, 'tensor');
}
