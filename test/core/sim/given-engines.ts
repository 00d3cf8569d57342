import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bufferSource } from '../../../src/core/base/byte-source.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { openModel } from '../../../src/core/onnx/index.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import type { PredictedEngine } from '../../../src/core/sim/predicted-engine.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import type { BuildMode } from '../../../src/core/sim/target.ts';

const root = new URL('../../../../shared/engines/', import.meta.url);

/** The set of real engines beside the repository. */
export const enginesFolder = fileURLToPath(root);
/** The judge that compares predictions with them. */
export const judge = fileURLToPath(new URL('../score/score.mjs', root));
/** Says aloud why the tests over real engines do not run; false when they do. */
export const skipEngines = existsSync(root) && existsSync(judge) ? false : '../shared is absent';

/** A row of the set: which real engine was built from which model. */
export interface GivenEngine {
  readonly target: string;
  readonly kind: string;
  readonly model: string;
  readonly mode: BuildMode;
}

/** The model in a file of ONNX bytes packed by gzip. */
export async function readModel(url: URL): Promise<Model> {
  const opened = await openModel([bufferSource(url.pathname, gunzipSync(readFileSync(url)))]);
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  return opened.value.model;
}

/** All given engines with what we predict; each model is opened once. */
export async function* predictGiven(): AsyncGenerator<{
  readonly row: GivenEngine;
  readonly model: Model;
  readonly engine: PredictedEngine;
}> {
  const lines = readFileSync(new URL('index.tsv', root), 'utf8').trim().split('\n').slice(1);
  const byModel = new Map<string, GivenEngine[]>();
  for (const line of lines) {
    const [target = '', kind = '', model = '', mode = ''] = line.split('\t');
    const file = `${kind}/${model}`;
    const row = { target, kind, model, mode: mode as BuildMode };
    byModel.set(file, [...(byModel.get(file) ?? []), row]);
  }
  for (const [file, rows] of byModel) {
    const model = await readModel(new URL(`models/${file}.onnx.gz`, root));
    const inferred = inferShapes(model);
    for (const row of rows) {
      const target = parseTarget(row.target, row.mode);
      assert.ok(target.ok, row.target);
      yield { row, model, engine: simulate(model, target.value, inferred) };
    }
  }
}
