import type { Diagnostic } from '../base/diagnostic.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Node } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';
import { buildPairs } from './build-pairs.ts';
import { checkOpset } from './check-opset.ts';
import { matchPlacement } from './match-placement.ts';
import type { MatchedPair } from './match-placement.ts';
import type { Placement } from './placement-file.ts';
import { dropUnused } from './remove-node.ts';
import { stripQuantizers } from './strip-quantizers.ts';

/** How a pair of a placement found its place. */
export interface AppliedPair {
  /** As the placement calls it. */
  readonly tensor: string;
  /** As the model calls it. */
  readonly value: string;
  readonly by: MatchedPair['by'];
  /** Nodes that read the quantized value now. */
  readonly readers: readonly string[];
}

export interface AppliedPlacement {
  readonly model: Model;
  /** The model is the export that the placement was read from, so that names were trusted. */
  readonly isSameExport: boolean;
  readonly applied: readonly AppliedPair[];
  /** Tensors of pairs that were left out because the model quantizes these reads already. */
  readonly kept: readonly string[];
  /** Entries, or single readers of them, that found no place. */
  readonly unmatched: readonly Diagnostic[];
}

/**
 * Puts the Q/DQ of a placement into a model, which is not changed. With `replace` all that stand there go first; else they
 * stay, and pairs for reads that are quantized already are left out. Fails where the operator set is too old for a pair,
 * or Q/DQ cannot be taken out.
 */
export function applyPlacement(
  model: Model,
  placement: Placement,
  { replace }: { readonly replace: boolean },
): Result<AppliedPlacement> {
  const base = replace ? withoutQuantizers(model) : ok({ ...model, graph: model.graph.clone() });
  if (!base.ok) return base;
  const { graph } = base.value;
  const match = matchPlacement(graph, placement);
  const unmatched = [...match.unmatched];
  const { pairs, kept } = openReads(match.pairs);
  graph.stamp = 'qdq-lab: placement';
  unmatched.push(...buildPairs(graph, { ...match, pairs }, placement.scales));
  graph.stamp = '';
  const tooOld = checkOpset(graph, model.opsets);
  if (tooOld) return fail(tooOld);
  const failed = new Set(unmatched.map(({ place }) => place?.value));
  const applied = pairs
    .filter(({ pair, reads }) => reads.flat().length > 0 || !failed.has(pair.tensor))
    .map(({ pair, value, by, reads }) => ({
      tensor: pair.tensor,
      value: value.name,
      by,
      readers: reads.flat().flatMap((read) => read?.node.name ?? []),
    }));
  const { isSameExport } = match;
  return ok({ model: base.value, isSameExport, applied, kept, unmatched });
}

/** The model without Q/DQ and without the constants that only these read. */
function withoutQuantizers(model: Model): Result<Model> {
  const settings: string[] = [];
  for (const node of model.graph.nodes())
    if (isQuantizer(node)) settings.push(...node.inputs.slice(1).flatMap((v) => v?.name ?? []));
  const bare = stripQuantizers(model);
  if (bare.ok) {
    const { graph } = bare.value;
    dropUnused(
      graph,
      [...new Set(settings)].map((name) => graph.value(name)),
    );
  }
  return bare;
}

/** Leaves out reads that go through Q/DQ already, and pairs that have none left. */
function openReads(pairs: readonly MatchedPair[]): {
  readonly pairs: readonly MatchedPair[];
  readonly kept: readonly string[];
} {
  const kept = new Set<string>();
  const isOpen = (node: Node, index: number): boolean => {
    const maker = node.inputs[index]?.producer();
    return !maker || !isQuantizer(maker);
  };
  const open = pairs.flatMap((matched) => {
    const reads = matched.reads.map((list) =>
      list.filter((read) => {
        const isFree = read
          ? isOpen(read.node, read.index)
          : !isQuantizer(matched.value.producer()) && matched.value.isGraphOutput;
        if (!isFree) kept.add(matched.pair.tensor);
        return isFree;
      }),
    );
    const had = matched.reads.flat().length;
    return had > 0 && reads.flat().length === 0 ? [] : [{ ...matched, reads }];
  });
  return { pairs: open, kept: [...kept] };
}
