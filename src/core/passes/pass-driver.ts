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
import { applyGraphEdits, withOpset } from './apply-graph-edit.ts';
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

/** Scales and zero points are asked for by many passes, and in each run: their numbers are kept. Weights would take room. */
const decoded = new WeakMap<Tensor, Float64Array>();
const MAX_DECODED = 4096;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What a pass answers about one node. */
type Answer = Proposal | Refusal | null;

/** Applies passes to one model, which is cloned first. The model given is never changed. */
export class PassDriver {
  readonly changes: PassChange[] = [];
  private declines = new Map<string, Map<string, PassDecline>>();
  private readonly original: Model;
  private current: Model;
  private readonly options: PassOptions;
  private readonly wanted = new Set<Tensor>();
  private readonly numberless = new WeakSet<Tensor>();
  private readonly reserved = new Set<string>();
  private readonly context: Mutable<PassContext>;
  /** Grows with each change of the graph. */
  private version = 0;
  /** The version that each pass has looked through without finding anything. */
  private settled = new Map<RewritePass, number>();
  /** Nodes by operator, as of `sitesVersion`. */
  private sites: ReadonlyMap<string, readonly Site[]> = new Map();
  private sitesVersion = -1;
  private wasSorted: boolean | undefined;
  /** So many of `changes` are made in `original` already. */
  private inherited = 0;

  constructor(model: Model, options: PassOptions) {
    this.original = model;
    this.current = { ...model, graph: model.graph.clone() };
    this.options = options;
    this.context = {
      model: this.current,
      graph: this.current.graph,
      target: options.target,
      settings: options.settings ?? {},
      numbers: (value) => this.numbers(value),
      freshName: (wish) => this.freshName(wish),
    };
  }
  /** The model as it is now. */
  get model(): Model {
    return this.current;
  }
  /** Where passes found their pattern and declined, as of the last time that they looked. */
  get declined(): readonly PassDecline[] {
    return [...this.declines.values()].flatMap((sites) => [...sites.values()]);
  }

  /** Another driver that stands where this one does, and takes or leaves what `accept` says from here on. */
  fork(accept: NonNullable<PassOptions['accept']>): PassDriver {
    const twin = new PassDriver(this.current, { ...this.options, accept });
    twin.startFrom(this);
    return twin;
  }

  /** True when a pass has found nothing and nothing has changed since: it would find nothing again. */
  isSettled(pass: RewritePass): boolean {
    return this.settled.get(pass) === this.version;
  }

  /** Runs one pass over the whole graph, and gives how many changes it made. */
  async run(pass: RewritePass): Promise<Result<number>> {
    this.declines.delete(pass.id);
    let count = 0;
    for (const name of this.sitesOf(pass)) {
      if (this.options.signal?.aborted === true) return fail(cancelled());
      // Nearly all nodes are no pattern of the pass: nothing to wait for.
      const first = this.ask(pass, name);
      if (this.wanted.size === 0 && (first === null || first instanceof Refusal)) {
        if (first) this.decline(pass, name, first);
        continue;
      }
      const done = await this.runAt(pass, name);
      if (!done.ok) return done;
      count += done.value;
    }
    if (count > 0) this.checkAfter(pass);
    else this.settled.set(pass, this.version);
    return ok(count);
  }

  /** What a pass would do, node by node; nothing is changed. */
  async survey(pass: RewritePass): Promise<Result<readonly (Proposal & { site: string })[]>> {
    const proposals: (Proposal & { site: string })[] = [];
    for (const site of this.sitesOf(pass)) {
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

  /** Asks a pass about a node; what it wanted to know and is still in the file is in `wanted` then. */
  private ask(pass: RewritePass, site: string): Answer {
    const node = this.current.graph.node(site);
    if (this.wanted.size > 0) this.wanted.clear();
    if (this.reserved.size > 0) this.reserved.clear();
    return node ? pass.check(node, this.context) : null;
  }

  /** Asks a pass about a node, and again when numbers that it wanted were read from the file. */
  private async check(pass: RewritePass, site: string): Promise<Result<Answer>> {
    for (;;) {
      const found = this.ask(pass, site);
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
    const done = applyGraphEdits(this.current.graph, pass.id, edits);
    if (!done.ok) {
      this.decline(pass, site, new Refusal(clauseOf(done.error), nodes));
      this.restore();
      return false;
    }
    this.moveTo(withOpset(this.current, edits));
    this.version++;
    const { id: passId, numerics } = pass;
    this.changes.push({ passId, site, text, nodes, numerics, edits });
    return true;
  }

  /** Makes all changes anew: a set of edits that failed half way has left its mark. */
  private restore(): void {
    const graph = this.original.graph.clone();
    for (const { passId, edits } of this.changes.slice(this.inherited)) {
      const done = applyGraphEdits(graph, passId, edits);
      assert(done.ok, `pass ${passId} does not do the same twice`);
    }
    this.moveTo({ ...this.current, graph });
  }

  private moveTo(model: Model): void {
    this.current = model;
    this.context.model = model;
    this.context.graph = model.graph;
  }

  private startFrom(other: PassDriver): void {
    this.changes.push(...other.changes);
    this.inherited = this.changes.length;
    this.version = other.version;
    this.settled = new Map(other.settled);
    this.declines = new Map([...other.declines].map(([id, sites]) => [id, new Map(sites)]));
  }

  private decline(pass: RewritePass, site: string, { reason, nodes }: Refusal): void {
    const sites = this.declines.get(pass.id) ?? new Map<string, PassDecline>();
    this.declines.set(pass.id, sites.set(site, { passId: pass.id, site, reason, nodes }));
  }

  /** Nodes at which a pass is tried, in the order of the graph: listed once for all passes while nothing changes. */
  private sitesOf({ opTypes }: RewritePass): readonly string[] {
    if (this.sitesVersion !== this.version) {
      this.sites = sitesByOperator(this.current.graph);
      this.sitesVersion = this.version;
    }
    const found = opTypes.flatMap((opType) => this.sites.get(opType) ?? []);
    if (opTypes.length > 1) found.sort((a, b) => a.at - b.at);
    return found.map(({ name }) => name);
  }

  private numbers(value: Value | null | undefined): Float64Array | undefined {
    const tensor = constantOf(value);
    if (tensor === undefined) return undefined;
    const known = decoded.get(tensor);
    if (known) return known;
    const numbers = tensorNumbers(tensor);
    if (numbers && numbers.length <= MAX_DECODED) decoded.set(tensor, numbers);
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
    const [fault] = checkGraph(this.current.graph).filter(
      ({ severity }) => this.isFromSorted() || severity === 'error',
    );
    assert(!fault, `pass ${pass.id} broke the graph: ${fault?.message ?? ''}`);
  }

  /** Only a model whose nodes stood in order must keep them so. */
  private isFromSorted(): boolean {
    this.wasSorted ??= checkGraph(this.original.graph, { trustBooks: true }).length === 0;
    return this.wasSorted;
  }
}

/** The reason inside a diagnostic's sentence. */
const clauseOf = ({ message }: Diagnostic): string =>
  message.replace(/^This change cannot be made: /, '').replace(/\.$/, '');

/** A node by its name, and its place in the order of the graph. */
interface Site {
  readonly name: string;
  readonly at: number;
}

function sitesByOperator(graph: Graph): ReadonlyMap<string, readonly Site[]> {
  const sites = new Map<string, Site[]>();
  let at = 0;
  for (const { opType, name } of graph.nodes() as Iterable<Node>) {
    const list = sites.get(opType);
    const site = { name, at: at++ };
    if (list) list.push(site);
    else sites.set(opType, [site]);
  }
  return sites;
}
