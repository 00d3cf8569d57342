import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { scoreEngine } from '../../../src/core/explain/engine-cost.ts';
import type { EngineScore } from '../../../src/core/explain/engine-cost.ts';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { PIPELINE } from '../../../src/core/passes/pipeline.ts';
import type { RewritePass } from '../../../src/core/passes/rewrite-pass.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import type { Target } from '../../../src/core/sim/target.ts';
import { enginesFolder, readModel, skipEngines } from '../sim/given-engines.ts';

const TARGET: Target = { trt: '10.6', sm: 90, mode: 'best' };
/** Passes of this suite: those that tidy up, and those that quantize layers without weights. */
const IDS = [
  'remove-unread-quantizer',
  'merge-equal-quantizers',
  'remove-double-pair',
  'fold-relu-into-clip',
  'fold-batch-normalization',
  'fold-clipped-normalization',
  'remove-idle-relu',
  'remove-repeated-relu',
  'lower-quantizer',
  'quantize-gate',
  'quantize-pooling',
  'quantize-plain-output',
  'move-relu-behind-quantizer',
  'remove-wider-pair',
  'remove-output-pair',
  'remove-lone-pair',
  'hoist-quantizer',
  'split-shared-dequantizer',
  'join-deconvolution-relu',
  'drop-deconvolution-relu',
  'pad-channels',
];

/** Fewer layers and copies are better, and more layers in INT8; bytes decide where these do not. */
function isWorse(before: Model, after: Model): string | null {
  inferShapes(after);
  const [was, is] = [before, after].map((model) =>
    scoreEngine(startSimulation(model, TARGET).engine),
  );
  assert.ok(was && is);
  const copies = ({ reformats, survivingQdq }: EngineScore) => reformats + survivingQdq;
  const grows = is.layers > was.layers || copies(is) > copies(was);
  const loses = is.int8Layers < was.int8Layers && is.layers >= was.layers;
  return grows || loses || is.bytes > was.bytes
    ? `${JSON.stringify(was)} became ${JSON.stringify(is)}`
    : null;
}

describe('passes over all given models', { skip: skipEngines }, () => {
  for (const id of IDS) {
    const pass = PIPELINE.find((one) => one.id === id);
    test(id, async (context) => {
      assert.ok(pass, 'it is in the pipeline');
      context.diagnostic(`${String(await runOverAll(pass))} changes`);
    });
  }
});

/** Counts changes; a pass that makes an engine worse, or does not come to its end, fails. */
async function runOverAll(pass: RewritePass): Promise<number> {
  const faults: string[] = [];
  let changes = 0;
  for await (const { name, model } of givenModels()) {
    const run = await runPasses(model, [pass], { target: TARGET });
    assert.ok(run.ok, name);
    changes += run.value.changes.length;
    if (run.value.changes.length === 0) continue;
    const again = await runPasses(run.value.model, [pass], { target: TARGET });
    assert.ok(again.ok && again.value.changes.length === 0, `${name} is not at its fixed point`);
    const worse = pass.onRequest === undefined ? isWorse(model, run.value.model) : null;
    if (worse !== null) faults.push(`${name}: ${worse}`);
  }
  assert.deepEqual(faults, []);
  return changes;
}

const opened = new Map<string, Promise<Model>>();

async function* givenModels(): AsyncGenerator<{ readonly name: string; readonly model: Model }> {
  for (const kind of ['micro', 'real'])
    for (const file of readdirSync(`${enginesFolder}models/${kind}`)) {
      if (!file.endsWith('.onnx.gz')) continue;
      const name = `${kind}/${file}`;
      const model = opened.get(name) ?? inferred(name);
      opened.set(name, model);
      yield { name, model: await model };
    }
}

async function inferred(name: string): Promise<Model> {
  const model = await readModel(new URL(`models/${name}`, `file://${enginesFolder}`));
  inferShapes(model);
  return model;
}
