import { join } from 'node:path';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { BuildManifest } from '../../core/engine/build-manifest.ts';
import { diagnosticOf } from '../diagnostic-of.ts';
import type { Backend, BuildHooks, BuildSettings } from './backend.ts';
import { openBuildInput } from './build-input.ts';
import type { BuildInput } from './build-input.ts';
import { buildModel, readManifest } from './build-model.ts';
import { agreementIn, layerCounts } from './layer-counts.ts';
import type { Agreement, LayerCounts } from './layer-counts.ts';

/** Models to build one after the other. */
export interface Batch {
  readonly models: readonly { readonly path: string; readonly stem: string }[];
  readonly folder: string;
  readonly timingCache: string;
  readonly settings: BuildSettings;
  readonly target: string | undefined;
  /** Models that are built already, as they are wanted, are left as they are. */
  readonly resume: boolean;
  readonly producer: string;
}

/** What became of one model. */
export interface BatchRow {
  readonly path: string;
  /** Null where not even that could be told: the model cannot be read. */
  readonly manifest: BuildManifest | null;
  readonly problem: Diagnostic | null;
  readonly counts: LayerCounts | undefined;
  /** Of the prediction with what was built. */
  readonly agreement: Agreement | undefined;
  /** True where an earlier build was left as it is. */
  readonly kept: boolean;
}

export interface BatchHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (step: string, fraction: number) => void;
  readonly onNote: (path: string, text: string) => void;
  readonly onRow: (row: BatchRow) => Promise<void> | void;
}

/** Builds the models of a batch in turn. A failure of one stops no other; a cancel stops all that are left. */
export async function buildBatch(
  batch: Batch,
  backend: Backend,
  hooks: BatchHooks,
): Promise<readonly BatchRow[]> {
  const rows: BatchRow[] = [];
  for (const [index, model] of batch.models.entries()) {
    if (hooks.signal?.aborted) break;
    const place =
      batch.models.length > 1 ? `${String(index + 1)}/${String(batch.models.length)} ` : '';
    const row = await buildOne(batch, model, backend, {
      signal: hooks.signal,
      onProgress: (step, fraction) => {
        hooks.onProgress(`${place}${model.stem}: ${step}`, fraction);
      },
      onNote: (text) => {
        hooks.onNote(model.path, text);
      },
    });
    rows.push(row);
    await hooks.onRow(row);
  }
  return rows;
}

async function buildOne(
  batch: Batch,
  { path, stem }: Batch['models'][number],
  backend: Backend,
  hooks: BuildHooks,
): Promise<BatchRow> {
  const { folder, timingCache, settings, target, producer } = batch;
  let input: BuildInput | undefined;
  try {
    input = await openBuildInput(path);
    const earlier = batch.resume ? await readManifest(folder, stem) : undefined;
    if (earlier && isSameBuild(earlier, input, batch, backend))
      return {
        path,
        manifest: earlier,
        problem: null,
        ...(await figuresOf(folder, earlier)),
        kept: true,
      };
    const job = { input, stem, folder, timingCache, settings, target, producer };
    const { manifest, problem } = await buildModel(job, backend, hooks);
    return { path, manifest, problem, ...(await figuresOf(folder, manifest)), kept: false };
  } catch (error) {
    return { path, manifest: null, problem: diagnosticOf(error), ...NO_FIGURES, kept: false };
  } finally {
    await input?.close();
  }
}

const NO_FIGURES = { counts: undefined, agreement: undefined };

async function figuresOf(
  folder: string,
  { artefacts: { layers, comparison } }: BuildManifest,
): Promise<Pick<BatchRow, 'counts' | 'agreement'>> {
  return {
    counts: layers === undefined ? undefined : await layerCounts(join(folder, layers)),
    agreement: comparison === undefined ? undefined : await agreementIn(join(folder, comparison)),
  };
}

/** Whether an earlier build is what this one would be. */
function isSameBuild(
  earlier: BuildManifest,
  input: BuildInput,
  { settings }: Batch,
  { found }: Backend,
): boolean {
  return (
    earlier.outcome === 'built' &&
    earlier.model.sha256 === input.sha256 &&
    earlier.mode === settings.mode &&
    earlier.backend === found.backend &&
    earlier.trtVersion === found.trtVersion
  );
}
