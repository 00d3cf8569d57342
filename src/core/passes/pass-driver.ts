import { assert } from '../base/assert.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { cancelled } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { checkGraph } from '../ir/check-graph.ts';
import type { Graph, Model, Node, Value } from '../ir/graph.ts';
import { constantOf } from '../ir/quantizer-nodes.ts';
import { keepNumbers, tensorNumbers } from '../ir/tensor-values.ts';
import type { Tensor } from '../ir/tensor.ts';
import type { Target } from '../sim/target.ts';
import { applyGraphEdit, withOpset } from './apply-graph-edit.ts';
import type { GraphEdit } from './graph-edit.ts';
import type { PassChange, PassDecline } from './pass-trace.ts';
import { Refusal } from './rewrite-pass.ts';
import type { PassContext, PassSettings, Proposal, RewritePass } from './rewrite-pass.ts';

/** A pass changes a node again and again: it does not reach its fixed point. More is a bug of the pass. */
const MAX_PER_NODE = 8;

/** What passes work for, and how they are held. */
export interface PassOptions {
  readonly target: Target;
  readonly settings?: PassSettings;
  /** Takes or leaves a proposal; all are taken unless told. */
  readonly accept?: (passId: string, site: string) => boolean;
  readonly signal?: AbortSignal;
}

/** Applies passes to one model, which is cloned first. The model given is never changed. */
export class PassDriver {
  readonly changes: PassChange[] = [];
  private declines = new Map<string, PassDecline>();
  private readonly original: Model;
  private current: Model;
  private readonly options: PassOptions;
  private readonly wanted = new Set<Tensor>();
  private readonly numberless = new WeakSet<Tensor>();
  private reserved = new Set<string>();

  constructor(model: Model, options: PassOptions) {
    this.original = model;
    this.current = { ...model, graph: model.graph.clone() };
    this.options = options;
  }
  /** The model as it is now. */
  get model(): Model {
    return this.current;
  }
  /** Where passes found their pattern and declined, as of the last time that they looked. */
  get declined(): readonly PassDecline[] {
    return [...this.declines.values()];
  }

  /** Runs one pass over the whole graph, and gives how many changes it made. */
  async run(pass: RewritePass): Promise<Result<number>> {
    for (const key of [...this.declines.keys()])
      if (key.startsWith(`${pass.id}\n`)) this.declines.delete(key);
    let count = 0;
    for (const name of sitesOf(this.current.graph, pass)) {
      if (this.options.signal?.aborted === true) return fail(cancelled());
      const done = await this.runAt(pass, name);
      if (!done.ok) return done;
      count += done.value;
    }
    if (count > 0) this.checkAfter(pass);
    return ok(count);
  }

  /** What a pass would do, node by node; nothing is changed. */
  async survey(pass: RewritePass): Promise<Result<readonly (Proposal & { site: string })[]>> {
    const proposals: (Proposal & { site: string })[] = [];
    for (const site of sitesOf(this.current.graph, pass)) {
      const found = await this.check(pass, site);
      if (!found.ok) return found;
      if (found.value instanceof Refusal) this.decline(pass, site, found.value);
      else if (found.value) proposals.push({ ...found.value, site });
    }
    return ok(proposals);
  }

  private async runAt(pass: RewritePass, site: string): Promise<Result<number>> {
    for (let times = 0; ; times++) {
      if (!this.current.graph.node(site)) return ok(times);
      const found = await this.check(pass, site);
      if (!found.ok) return found;
      const proposal = found.value;
      if (proposal instanceof Refusal) this.decline(pass, site, proposal);
      if (proposal === null || proposal instanceof Refusal) return ok(times);
      if (this.options.accept?.(pass.id, site) === false) return ok(times);
      assert(times < MAX_PER_NODE, `pass ${pass.id} does not come to an end at ${site}`);
      if (!this.take(pass, site, proposal)) return ok(times);
    }
  }

  /** Asks a pass about a node, and again when numbers that it wanted were read from the file. */
  private async check(pass: RewritePass, site: string): Promise<Result<Proposal | Refusal | null>> {
    for (;;) {
      const node = this.current.graph.node(site);
      this.wanted.clear();
      this.reserved = new Set();
      const found = node ? pass.check(node, this.context()) : null;
      if (this.wanted.size === 0) return ok(found);
      for (const tensor of this.wanted) {
        const read = await keepNumbers(tensor, this.options.signal);
        if (!read.ok) return read;
        // Complex numbers, and data that is cut off, are none in memory either: asking again would never end.
        if (tensorNumbers(tensor) === undefined) this.numberless.add(tensor);
      }
    }
  }

  /** False when the graph does not permit the edits: the model is then as it was, and the place is told as declined. */
  private take(pass: RewritePass, site: string, proposal: Proposal): boolean {
    const { text, nodes } = proposal;
    const edits = proposal.edits();
    assert(edits.length > 0, `pass ${pass.id} proposes nothing at ${site}`);
    const done = applyChange(this.current.graph, pass.id, edits);
    if (!done.ok) {
      this.decline(pass, site, new Refusal(clauseOf(done.error), nodes));
      this.restore();
      return false;
    }
    this.current = withOpset(this.current, edits);
    const { id: passId, numerics } = pass;
    this.changes.push({ passId, site, text, nodes, numerics, edits });
    return true;
  }

  /** Makes all changes anew: a set of edits that failed half way has left its mark. */
  private restore(): void {
    const graph = this.original.graph.clone();
    for (const { passId, edits } of this.changes) {
      const done = applyChange(graph, passId, edits);
      assert(done.ok, `pass ${passId} does not do the same twice`);
    }
    this.current = { ...this.current, graph };
  }

  private decline(pass: RewritePass, site: string, { reason, nodes }: Refusal): void {
    this.declines.set(`${pass.id}\n${site}`, { passId: pass.id, site, reason, nodes });
  }

  private context(): PassContext {
    const { current, options } = this;
    return {
      model: current,
      graph: current.graph,
      target: options.target,
      settings: options.settings ?? {},
      numbers: (value) => this.numbers(value),
      freshName: (wish) => this.freshName(wish),
    };
  }

  private numbers(value: Value | null | undefined): Float64Array | undefined {
    const tensor = constantOf(value);
    if (tensor === undefined) return undefined;
    const numbers = tensorNumbers(tensor);
    if (numbers === undefined && tensor.strings === undefined && !this.numberless.has(tensor))
      this.wanted.add(tensor);
    return numbers;
  }

  private freshName(wish: string): string {
    let name = this.current.graph.freshName(wish);
    for (let i = 2; this.reserved.has(name); i++)
      name = this.current.graph.freshName(`${wish}_${String(i)}`);
    this.reserved.add(name);
    return name;
  }

  private checkAfter(pass: RewritePass): void {
    const isSorted = checkGraph(this.original.graph, { trustBooks: true }).length === 0;
    const [fault] = checkGraph(this.current.graph).filter(
      ({ severity }) => isSorted || severity === 'error',
    );
    assert(!fault, `pass ${pass.id} broke the graph: ${fault?.message ?? ''}`);
  }
}

/** The reason inside a diagnostic's sentence. */
const clauseOf = ({ message }: Diagnostic): string =>
  message.replace(/^This change cannot be made: /, '').replace(/\.$/, '');

/** Makes the edits of one change in place; new nodes say which pass they are of. */
function applyChange(graph: Graph, passId: string, edits: readonly GraphEdit[]): Result<unknown> {
  graph.stamp = `qdq-lab: ${passId}`;
  for (const edit of edits) {
    const done = applyGraphEdit(graph, edit);
    if (!done.ok) return done;
  }
  graph.stamp = '';
  return ok(null);
}

function sitesOf(graph: Graph, pass: RewritePass): readonly string[] {
  const types = new Set<string>(pass.opTypes);
  const names: string[] = [];
  for (const node of graph.nodes() as Iterable<Node>)
    if (types.has(node.opType)) names.push(node.name);
  return names;
}
