import { scalesStillPending } from '../base/diagnostics/calibrate.ts';
import { inputsDiffer } from '../base/diagnostics/validate.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { FeedStream } from '../calibrate/feed-stream.ts';
import { pendingScales } from '../calibrate/pending-scales.ts';
import { isFloatType } from '../ir/data-type.ts';
import type { Graph } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import { quantizerOfValue, rangeOf, readScales, stepOfValue } from './activation-quantizer.ts';
import { comparableValues, withTypes } from './comparable-values.ts';
import type { ComparableValue } from './comparable-values.ts';
import { PassContracts } from './pass-contracts.ts';
import { TensorWatch } from './tensor-watch.ts';
import type { CompareOptions, ModelPair, ValidateOptions } from './validate-options.ts';
import type {
  ContractBreach,
  EquivalenceReport,
  RunFacts,
  TensorComparison,
} from './validation-report.ts';
import { walkPair } from './walk-pair.ts';
import type { WalkResults } from './walk-pair.ts';

/** A value, and the sums over it. */
interface Watched {
  readonly value: ComparableValue;
  readonly watch: TensorWatch;
}

/**
 * Holds a model after a rewrite against the one before: runs both on the same feeds and compares every float tensor that they have
 * in common by name, and all outputs; then holds the promises of the passes against the numbers. Outputs decide: a bit-exact pass
 * may move a quantizer over a tensor, so that tensors in between are allowed to differ, and `TensorContract` says which. Fails on
 * scales that wait for calibration, on unlike inputs, without data, on what the runner refuses, and on abort.
 */
export async function compareModels(
  pair: ModelPair,
  feeds: FeedStream,
  options: CompareOptions,
): Promise<Result<EquivalenceReport>> {
  const ready = await readyPair(pair, options);
  if (!ready.ok) return ready;
  const { before, after } = ready.value;
  const { values, incomparable } = comparableValues(before.graph, after.graph);
  const watched = new Map(
    chosenOf(values, options).map((value) => [
      value.before.name,
      { value, watch: watchOf(value, options) },
    ]),
  );
  const groups = splitNames(before.graph, [...watched.keys()], options);
  const walked = await walkPair(
    {
      pair: ready.value,
      groups: groups.map((names) => ({ before: names, after: names })),
      feeds,
      take: (results) => {
        takeResults(watched, results);
      },
    },
    options,
  );
  if (!walked.ok) return walked;
  const contracts = new PassContracts(before.graph, after.graph, options.changes);
  const report = reportOf(watched, contracts, walked.value);
  return ok({ ...report, incomparable: [...incomparable, ...report.incomparable] });
}

/** The names in groups that fit into memory; at least one group, so that data without a tensor to compare is an error too. */
export const splitNames = (
  graph: Graph,
  names: readonly string[],
  { splitValues }: ValidateOptions,
): readonly (readonly string[])[] => splitValues?.(graph, names) ?? [names];

/** Both models with types and scales at hand; fails where they cannot be run, or not on the same data. */
async function readyPair(
  { before, after }: ModelPair,
  { signal }: CompareOptions,
): Promise<Result<ModelPair>> {
  const names = [before, after].map(({ graph }) => graph.inputs.map(({ name }) => name));
  const [a = [], b = []] = names;
  if ([...a].sort().join('\0') !== [...b].sort().join('\0')) return fail(inputsDiffer(a, b));
  const ready: Model[] = [];
  for (const model of [before, after]) {
    const pending = pendingScales(model.graph);
    if (pending.length > 0)
      return fail(scalesStillPending(pending.flatMap(({ values }) => values)));
    const typed = withTypes(model);
    const read = await readScales(typed.graph, signal);
    if (!read.ok) return read;
    ready.push(typed);
  }
  const [first = before, second = after] = ready;
  return ok({ before: first, after: second });
}

const chosenOf = (
  values: readonly ComparableValue[],
  { tensors }: CompareOptions,
): readonly ComparableValue[] => {
  const wanted = tensors && new Set(tensors);
  return values.filter(({ before, isOutput }) => isOutput || (wanted?.has(before.name) ?? true));
};

function watchOf(
  { before, after, isOutput }: ComparableValue,
  { kernels, details }: CompareOptions,
): TensorWatch {
  const quantizer = quantizerOfValue(after) ?? quantizerOfValue(before);
  const isFloat = before.dataType !== undefined && isFloatType(before.dataType);
  return new TensorWatch({
    tensor: before.name,
    isOutput,
    kernels,
    step: stepOfValue(after) ?? stepOfValue(before),
    quantizer: quantizer && rangeOf(quantizer),
    isDetailed: details?.includes(before.name) ?? (isOutput && isFloat),
  });
}

function takeResults(watched: ReadonlyMap<string, Watched>, { before, after }: WalkResults): void {
  for (const [name, tensor] of before) {
    const other = after.get(name);
    if (other) watched.get(name)?.watch.add(tensor, other);
  }
}

function reportOf(
  watched: ReadonlyMap<string, Watched>,
  contracts: PassContracts,
  facts: RunFacts,
): EquivalenceReport {
  const tensors: TensorComparison[] = [];
  for (const { value, watch } of watched.values()) {
    const error = watch.error();
    const { before, node, order, isOutput } = value;
    if (!error || before.dataType === undefined) continue;
    tensors.push({
      tensor: before.name,
      isOutput,
      node: node.name,
      opType: node.opType,
      order,
      dataType: before.dataType,
      contract: contracts.contractOf(before.name, isOutput),
      error,
    });
  }
  const all = [...watched.values()];
  const firstApart = tensors.find(({ error }) => error.unequal > 0)?.tensor;
  return {
    ...facts,
    tensors,
    incomparable: all.flatMap(({ watch }) => watch.problem ?? []),
    ...(firstApart === undefined ? {} : { firstApart }),
    passes: contracts.applied(),
    breaches: tensors.flatMap((tensor) => breachOf(tensor, contracts)),
    details: all.flatMap(({ watch }) => watch.detail() ?? []),
  };
}

/** Only what must be equal to the bit can be broken; what may move is judged by the tolerance. */
function breachOf(
  { tensor, contract, error }: TensorComparison,
  contracts: PassContracts,
): ContractBreach[] {
  const mustBeEqual = contract === 'bit-exact' || contract === 'untouched';
  if (!mustBeEqual || error.unequal === 0) return [];
  const passes = contract === 'untouched' ? [] : contracts.passesBefore(tensor);
  const { unequal, maxAbsError } = error;
  return [{ tensor, contract, passes, unequal, maxAbsError }];
}
