import type { EngineDifference } from '../../core/explain/engine-difference.ts';
import type { EngineScore } from '../../core/explain/engine-cost.ts';
import { diffEngines } from '../../core/explain/diff-engines.ts';
import { scoreEngine } from '../../core/explain/engine-cost.ts';
import { comparePlacements } from '../../core/placement/compare-placements.ts';
import type { PlacementDifference } from '../../core/placement/compare-placements.ts';
import { applyPlacement } from '../../core/placement/apply-placement.ts';
import { compareStoredPlacements } from '../../core/placement/compare-stored.ts';
import { startSimulation } from '../../core/explain/resimulate.ts';
import type { Simulation } from '../../core/explain/resimulate.ts';
import { targetId } from '../../core/sim/target.ts';
import type { Target } from '../../core/sim/target.ts';
import { wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { describeDiagnostic } from '../describe-diagnostic.ts';
import { modelName, openModelFile } from '../open-model-file.ts';
import { isPlacementPath, readPlacementFile } from '../placement-files.ts';
import { printable } from '../plain-text.ts';
import { TARGET_OPTIONS, targetOf } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { differencesTitle, scoresText } from '../why-text.ts';
import { MODEL_OR_PLACEMENT } from '../operand.ts';

/** `qdq-lab diff A B`: where two models quantize differently, and what that does to their engines. */
export const diff: Command = {
  name: 'diff',
  summary: 'compare the Q/DQ placement and the predicted engines of two models',
  usage: 'A B',
  operands: [MODEL_OR_PLACEMENT, MODEL_OR_PLACEMENT],
  details: [
    'Reads the models A and B, two placements of (nearly) the same network, and prints on which values their quantizers\n' +
      'differ, and how the predicted engine of B differs from that of A: layers are aligned by the names of their ONNX nodes.',
    'A or B may be a stored placement (.yaml or .json): it is put into the other model first. Of two stored placements only\n' +
      'the quantizers are compared.',
    'Exit code 1 says that something differs.',
  ],
  options: [...TARGET_OPTIONS, { name: 'json', summary: 'print the differences as JSON' }],
  examples: [
    'qdq-lab diff before.onnx after.onnx',
    'qdq-lab diff a.onnx b.onnx --json',
    'qdq-lab diff model.onnx placement.yaml',
  ],
  run,
};

/** What `diff --json` prints of two models. */
export interface ModelsDiff extends PlacementsDiff {
  readonly target: Target;
  readonly engine: readonly EngineDifference[];
  /** The engines of A and of B. */
  readonly before: EngineScore;
  readonly after: EngineScore;
}

/** What `diff --json` prints of two stored placements. */
export interface PlacementsDiff {
  readonly a: string;
  readonly b: string;
  readonly placement: readonly PlacementDifference[];
}

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [first, second, ...rest] = args.positionals;
  if (first === undefined || second === undefined || rest.length > 0)
    throw new Refusal(wrongArguments('diff', 'two models', args.positionals.length));
  if (isPlacementPath(first) && isPlacementPath(second))
    return diffStored(first, second, args, terminal);
  const { target, remark } = targetOf(args);
  if (remark !== undefined) terminal.warn(`qdq-lab: note: ${remark}`);
  const [a, b] = await simulationsOf([first, second], target, terminal);
  const placement = comparePlacements(a.model.graph, b.model.graph);
  const engine = diffEngines(a.engine, b.engine);
  const [before, after] = [scoreEngine(a.engine), scoreEngine(b.engine)];
  const names = { a: modelName(first), b: modelName(second) };
  const report: ModelsDiff = { ...names, target, placement, engine, before, after };
  if (args.flags.has('json')) await terminal.write(`${JSON.stringify(report, null, 2)}\n`);
  else
    await terminal.write(
      [
        `${printable(modelName(first))} → ${printable(modelName(second))}, ${targetId(target)} ${target.mode}`,
        ...placementLines(placement),
        differencesTitle(engine.length),
        ...engine.map((item) => `  ${printable(item.text)}`),
        scoresText(before, after),
        '',
      ].join('\n'),
    );
  return placement.length + engine.length === 0 ? 0 : 1;
}

/** Two placements without a model: there is no engine to compare. */
async function diffStored(
  first: string,
  second: string,
  { flags }: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const [a, b] = [await readPlacementFile(first), await readPlacementFile(second)];
  const placement = compareStoredPlacements(a, b);
  const report: PlacementsDiff = { a: first, b: second, placement };
  await terminal.write(
    flags.has('json')
      ? `${JSON.stringify(report, null, 2)}\n`
      : [
          `${printable(first)} → ${printable(second)}`,
          ...placementLines(placement),
          'No model is given, so no engines are compared.\n',
        ].join('\n'),
  );
  return placement.length === 0 ? 0 : 1;
}

const placementLines = (placement: readonly PlacementDifference[]): readonly string[] => [
  placement.length === 0 ? 'The placements are the same.' : 'Placement:',
  ...placement.map((item) => `  ${printable(placementText(item))}`),
];

/** The engines of two models, one of which may be a placement for the other. */
async function simulationsOf(
  [first, second]: readonly [string, string],
  target: Target,
  terminal: Terminal,
): Promise<readonly [Simulation, Simulation]> {
  if (isPlacementPath(first)) {
    const b = await simulationOf(second, target);
    return [await placedSimulation(b, first, terminal), b];
  }
  const a = await simulationOf(first, target);
  const b = isPlacementPath(second)
    ? await placedSimulation(a, second, terminal)
    : await simulationOf(second, target);
  return [a, b];
}

/** The model of `simulation` with a stored placement in the place of its own; what finds no place is told. */
async function placedSimulation(
  { model, engine }: Simulation,
  path: string,
  terminal: Terminal,
): Promise<Simulation> {
  const done = applyPlacement(model, await readPlacementFile(path), { replace: true });
  if (!done.ok) throw new Refusal(done.error);
  for (const missing of done.value.unmatched) terminal.warn(describeDiagnostic(missing, path));
  return startSimulation(done.value.model, engine.target);
}

async function simulationOf(path: string, target: Target): Promise<Simulation> {
  const file = await openModelFile(path);
  try {
    return startSimulation(file.model, target);
  } finally {
    await file.close();
  }
}

function placementText({ kind, value, reader, before, after }: PlacementDifference): string {
  const where = `${value} where ${reader} reads it`;
  if (kind === 'added') return `Q/DQ added on ${where} (${after ?? ''})`;
  if (kind === 'removed') return `Q/DQ removed from ${where} (${before ?? ''})`;
  return `scale changed on ${where}: ${before ?? ''} becomes ${after ?? ''}`;
}
