import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Dim, Node, Value } from '../graph.ts';
import { elementCount } from '../tensor.ts';
import { tensorNumbers } from '../tensor-values.ts';
import type { Tensor } from '../tensor.ts';
import type { FoldedConstant, UnknownDim } from './infer-report.ts';
import { SymbolicDims } from './symbolic-dims.ts';

/** Constants with more elements are never shape arithmetic and are left alone. */
export const MAX_FOLDED_ELEMENTS = 1024;

/** Everything that one run of inference collects; shared by the main graph and the bodies inside it. */
export class InferSession {
  readonly diagnostics: Diagnostic[] = [];
  readonly folded = new Map<Value, FoldedConstant>();
  readonly unknownOperators = new Set<string>();
  readonly unknownDims = new Map<string, UnknownDim>();
  readonly dims = new SymbolicDims();
  private readonly opsets: ReadonlyMap<string, number>;
  private readonly initializers = new Map<Value, FoldedConstant | null>();
  private readonly broadcasts = new Map<string, string>();
  private nextUnknown: number;

  /** `firstUnknown` is the first number whose `unk__N` the file does not use. */
  constructor(opsets: ReadonlyMap<string, number>, firstUnknown: number) {
    this.opsets = opsets;
    this.nextUnknown = firstUnknown;
  }
  /** Version of an operator set; a model that does not say counts as the oldest. */
  opset(domain: string): number {
    return this.opsets.get(domain) ?? (domain === '' ? (this.opsets.get('ai.onnx') ?? 1) : 1);
  }
  /** A new name for a dimension of `value` that nothing determines. */
  freshDim(value: Value | undefined, node: Node | null): string {
    const name = `unk__${this.nextUnknown++}`;
    this.unknownDims.set(name, {
      value: value?.name ?? '',
      node: node?.name ?? '',
      operator: node?.opType ?? 'graph input',
    });
    return name;
  }
  /** Runs `work` and forgets the diagnostics it makes. */
  silently(work: () => void): void {
    const { length } = this.diagnostics;
    work();
    this.diagnostics.length = length;
  }
  /** One name for the broadcast of two different symbols, the same each time the two meet. */
  broadcastDim(a: string, b: string, value: Value | undefined, node: Node): string {
    const key = a < b ? `${a}\u001f${b}` : `${b}\u001f${a}`;
    let name = this.broadcasts.get(key);
    if (name === undefined) this.broadcasts.set(key, (name = this.freshDim(value, node)));
    return name;
  }
  /** The small constant that `value` is, if it is one. */
  constantOf(value: Value): FoldedConstant | undefined {
    const folded = this.folded.get(value);
    if (folded !== undefined || value.tensor === undefined) return folded;
    let read = this.initializers.get(value);
    if (read === undefined) {
      read = readConstant(value.tensor) ?? null;
      this.initializers.set(value, read);
    }
    return read ?? undefined;
  }
}

/** The elements of a small tensor that lies in memory; undefined for large, distant and string tensors. */
export function readConstant(tensor: Tensor): FoldedConstant | undefined {
  if (elementCount(tensor.dims) > MAX_FOLDED_ELEMENTS) return undefined;
  const numbers = tensorNumbers(tensor);
  if (numbers === undefined) return undefined;
  const elements: readonly Dim[] = Array.from(numbers);
  return { dataType: tensor.dataType, shape: tensor.dims, elements };
}
