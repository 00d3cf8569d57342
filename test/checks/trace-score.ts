import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readCorpusIndex } from '../../src/cli/corpus-index.ts';
import type { CorpusRow } from '../../src/cli/corpus-index.ts';
import { predictModel } from '../../src/cli/predict-model.ts';
import { buildMode } from '../../src/cli/target-option.ts';
import { passesOfLog } from '../../src/core/engine/read-build-log.ts';
import { parseTarget } from '../../src/core/sim/parse-target.ts';
import { ruleCatalog } from '../../src/core/sim/rule-catalog.ts';

/** How often each event `pass on node` was seen. */
type Events = ReadonlyMap<string, number>;

export interface Counts {
  /** Events in both, in the prediction, in the real log. */
  readonly hit: number;
  readonly predicted: number;
  readonly real: number;
}

export interface TraceScore extends CorpusRow {
  readonly total: Counts;
  readonly byPass: ReadonlyMap<string, Counts>;
}

/** Passes that the rules claim to retell; names with spaces are descriptions of ours, not the log's. */
const CLAIMED: ReadonlySet<string> = new Set(
  ruleCatalog.map(({ pass }) => pass).filter((pass) => !pass.includes(' ')),
);

/** Harmonic mean of precision and recall over events counted with repetition; 1 where neither side has any. */
export const f1 = ({ hit, predicted, real }: Counts): number =>
  predicted + real === 0 ? 1 : (2 * hit) / (predicted + real);

/** The claimed events of a verbose builder log. */
export function eventsOfLog(log: string): Events {
  const events = new Map<string, number>();
  for (const { pass, node } of passesOfLog(log))
    if (CLAIMED.has(pass)) count(events, `${pass} on ${node}`);
  return events;
}

/** Compares the simulator's trace of one engine with the builder's log; undefined where there is no log. */
export async function scoreTrace(row: CorpusRow, truth: string): Promise<TraceScore | undefined> {
  const log = join(truth, row.target, row.kind, `${row.model}.${row.mode}.log.gz`);
  const target = parseTarget(row.target, buildMode(row.mode));
  if (!existsSync(log) || !target.ok) return undefined;
  const model = join(truth, 'models', row.kind, `${row.model}.onnx.gz`);
  const { engine } = await predictModel(model, target.value);
  const predicted = new Map<string, number>();
  for (const { outcome, pass, node } of engine.trace)
    if (outcome === 'fired' && CLAIMED.has(pass)) count(predicted, `${pass} on ${node}`);
  const byPass = compare(predicted, eventsOfLog(gunzipSync(readFileSync(log)).toString('utf8')));
  return { ...row, total: sum([...byPass.values()]), byPass };
}

/** Scores of all engines that `wanted` lets through, in the order of the index. */
export async function scoreTraces(
  truth: string,
  wanted: (row: CorpusRow) => boolean = () => true,
): Promise<TraceScore[]> {
  const scores: TraceScore[] = [];
  for (const row of (await readCorpusIndex(join(truth, 'index.tsv'))).filter(wanted)) {
    const score = await scoreTrace(row, truth);
    if (score) scores.push(score);
  }
  return scores;
}

/** The mean of F1 over engines; NaN over none. */
export const meanF1 = (scores: readonly TraceScore[]): number =>
  scores.reduce((total, score) => total + f1(score.total), 0) / scores.length;

/** Sums by pass over engines, most wrong events first. */
export function sumByPass(scores: readonly TraceScore[]): [string, Counts][] {
  const groups = new Map<string, Counts[]>();
  for (const { byPass } of scores)
    for (const [pass, counts] of byPass) groups.set(pass, [...(groups.get(pass) ?? []), counts]);
  const wrong = ({ hit, predicted, real }: Counts): number => predicted + real - 2 * hit;
  return [...groups]
    .map(([pass, counts]): [string, Counts] => [pass, sum(counts)])
    .sort(([, a], [, b]) => wrong(b) - wrong(a) || b.real - a.real);
}

function compare(predicted: Events, real: Events): ReadonlyMap<string, Counts> {
  const byPass = new Map<string, Counts>();
  for (const event of new Set([...predicted.keys(), ...real.keys()])) {
    const [p, r] = [predicted.get(event) ?? 0, real.get(event) ?? 0];
    const pass = event.slice(0, event.indexOf(' '));
    const counts = { hit: Math.min(p, r), predicted: p, real: r };
    byPass.set(pass, sum([counts, ...(byPass.has(pass) ? [byPass.get(pass)!] : [])]));
  }
  return byPass;
}

const sum = (all: readonly Counts[]): Counts => ({
  hit: all.reduce((total, { hit }) => total + hit, 0),
  predicted: all.reduce((total, { predicted }) => total + predicted, 0),
  real: all.reduce((total, { real }) => total + real, 0),
});

const count = (events: Map<string, number>, event: string): void => {
  events.set(event, (events.get(event) ?? 0) + 1);
};
