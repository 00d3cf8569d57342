import { rmSync } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import { ARTEFACT_ENDINGS } from '../../core/engine/build-manifest.ts';
import type { Artefact, BuildManifest } from '../../core/engine/build-manifest.ts';
import { cannotWriteFile } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import { reasonOf } from '../file-byte-source.ts';
import { makeFolder } from '../make-folder.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import { OUTPUTS } from './backend.ts';
import type {
  Backend,
  BackendResult,
  BuildHooks,
  BuildSettings,
  BuildTask,
  Output,
} from './backend.ts';
import type { BuildInput } from './build-input.ts';
import { atSuddenEnd } from './last-resorts.ts';
import { predictForBuild } from './predict-for-build.ts';

/** One build of a batch. */
export interface BuildJob {
  readonly input: BuildInput;
  /** File names begin with it: `MODEL.MODE`. */
  readonly stem: string;
  /** Where artefacts go. */
  readonly folder: string;
  readonly timingCache: string;
  readonly settings: BuildSettings;
  /** What to predict for, where the user said so; else what was found. */
  readonly target: string | undefined;
  /** `qdq-lab 0.1.0`. */
  readonly producer: string;
}

/** A build that is over. */
export interface FinishedBuild {
  readonly manifest: BuildManifest;
  readonly problem: Diagnostic | null;
}

/**
 * Builds a model and puts what came of it into the job's folder: artefacts that are whole, and the manifest last. A cancelled build
 * leaves nothing, and what was there before stays. Throws a `Refusal` where files cannot be written.
 */
export async function buildModel(
  job: BuildJob,
  backend: Backend,
  hooks: BuildHooks,
): Promise<FinishedBuild> {
  const folder = resolve(job.folder, `.${job.stem}.${String(process.pid)}.part`);
  const startedAt = new Date().toISOString();
  await outFolder(folder);
  const forget = atSuddenEnd(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    const task: BuildTask = {
      model: await job.input.place(join(folder, 'input')),
      data: job.input.data,
      folder,
      outputs: OUTPUTS,
      timingCache: resolve(job.timingCache),
      settings: job.settings,
    };
    const result = await backend.build(task, hooks);
    const command = backend.commands(task).map((words) => withoutFolders(words, task, job.input));
    const manifest = manifestOf(job, backend, result, { startedAt, command: command.at(0) ?? [] });
    if (result.outcome === 'cancelled') return { manifest, problem: result.problem };
    return { manifest: await deliver(job, task, manifest, hooks), problem: result.problem };
  } finally {
    await rm(folder, { recursive: true, force: true });
    forget();
  }
}

async function outFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw new Refusal(cannotWriteFile(folder, reasonOf(error)));
  }
}

/** Moves what a build left to its place. */
async function deliver(
  job: BuildJob,
  task: BuildTask,
  manifest: BuildManifest,
  hooks: BuildHooks,
): Promise<BuildManifest> {
  const placeOf = (artefact: Artefact): string =>
    join(job.folder, `${job.stem}${ARTEFACT_ENDINGS[artefact]}`);
  // Without a manifest nobody takes the files of two builds for those of one.
  await rm(placeOf('manifest'), { force: true });
  const artefacts: Partial<Record<Artefact, string>> = {};
  const keep = (artefact: Artefact): void => {
    artefacts[artefact] = `${job.stem}${ARTEFACT_ENDINGS[artefact]}`;
  };
  for (const output of Object.keys(OUTPUTS) as Output[]) {
    const isWanted = manifest.outcome === 'built' || output === 'log';
    if (isWanted && (await isThere(join(task.folder, OUTPUTS[output])))) {
      await rename(join(task.folder, OUTPUTS[output]), placeOf(output));
      keep(output);
    } else await rm(placeOf(output), { force: true });
  }
  await rm(placeOf('prediction'), { force: true });
  await rm(placeOf('comparison'), { force: true });
  if (manifest.outcome === 'built') {
    const [prediction, comparison] = [placeOf('prediction'), placeOf('comparison')];
    const { target, folder } = job;
    const predicted = await predictForBuild(
      { model: task.model, target, folder, prediction, comparison },
      { ...manifest, artefacts },
    );
    if (predicted.hasPrediction) keep('prediction');
    if (predicted.hasComparison) keep('comparison');
    if (predicted.note !== undefined) hooks.onNote(predicted.note);
  }
  const whole = { ...manifest, artefacts };
  await writeWholeFile(placeOf('manifest'), `${JSON.stringify(whole, null, 1)}\n`);
  return whole;
}

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function manifestOf(
  { input, settings, producer }: BuildJob,
  backend: Backend,
  result: BackendResult,
  run: Pick<BuildManifest, 'startedAt' | 'command'>,
): BuildManifest {
  const { outcome, problem, trtVersion, gpu, buildSeconds, engineBytes, latency } = result;
  return {
    format: 'qdq-lab-build',
    version: 1,
    model: { name: input.name, sha256: input.sha256, sizeBytes: input.sizeBytes },
    outcome,
    reason: problem?.message ?? null,
    mode: settings.mode,
    backend: backend.found.backend,
    trtVersion,
    gpu,
    command: run.command,
    host: backend.host,
    startedAt: run.startedAt,
    buildSeconds,
    engineBytes,
    latency,
    artefacts: {},
    producer,
  };
}

/** The words of a command with names instead of paths of this machine. */
function withoutFolders(
  words: readonly string[],
  task: BuildTask,
  input: BuildInput,
): readonly string[] {
  const names: readonly (readonly [string, string])[] = [
    [task.model, input.name],
    [task.timingCache, 'timing.cache'],
  ];
  return words.map((word, i) => {
    let text = word;
    for (const [path, name] of names)
      text = text
        .replaceAll(JSON.stringify(path), () => JSON.stringify(name))
        .replaceAll(path, () => name);
    // The program itself, and scripts of ours.
    return i === 0 || text.endsWith('.py') ? (text.split(/[\\/]/).at(-1) ?? text) : text;
  });
}

/** The manifest of an earlier build; undefined where there is none that can be read. */
export async function readManifest(
  folder: string,
  stem: string,
): Promise<BuildManifest | undefined> {
  try {
    const text = await readFile(join(folder, `${stem}${ARTEFACT_ENDINGS.manifest}`), 'utf8');
    const found = JSON.parse(text) as Partial<BuildManifest>;
    return found.format === 'qdq-lab-build' && found.version === 1
      ? (found as BuildManifest)
      : undefined;
  } catch {
    // Absent or damaged: it is built again, which puts it right.
    return undefined;
  }
}
