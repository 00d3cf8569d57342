import type { NodeContext } from './node-context.ts';

/** States types, shapes and constants of a node's outputs through the context; never throws on bad graphs. */
export type InferOperator = (c: NodeContext) => void;

/** Inference functions by operator type; each operator family exports one. */
export type OperatorTable = Readonly<Record<string, InferOperator>>;

/** One function for several operators. */
export const sameFor = (opTypes: string, infer: InferOperator): OperatorTable =>
  Object.fromEntries(opTypes.split(' ').map((opType) => [opType, infer]));
