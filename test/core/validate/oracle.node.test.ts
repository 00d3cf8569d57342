import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { madeFeeds } from '../../../src/core/inputs/feed-sources.ts';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import { bytesOf } from '../../../src/core/inputs/run-arrays.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { saveModel } from '../../../src/core/onnx/index.ts';
import { compareWithFloat } from '../../../src/core/validate/compare-with-float.ts';
import { branchLayers, fakeQuantizedLayers } from '../../../src/core/validate/local-branches.ts';
import type { TensorError } from '../../../src/core/validate/validation-report.ts';
import { ortRunner } from '../../../src/ort/open-runner.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';
import { valueOf } from '../explain/text-models.ts';
import { readModel } from '../sim/given-engines.ts';

const python = process.env['QDQ_LAB_PYTHON'] ?? 'python3';
const network = new URL(
  '../../../../shared/engines/models/real/resnet18.convs.onnx.gz',
  import.meta.url,
);
const hasPython = (): boolean =>
  spawnSync(python, ['-c', 'import numpy, onnx, onnxruntime']).status === 0;
const skip = !existsSync(network)
  ? '../shared is absent'
  : hasPython()
    ? false
    : `${python} has no numpy, onnx and onnxruntime: name one that has by QDQ_LAB_PYTHON`;

type Answer = Record<'count' | 'cosine' | 'maxAbsError' | 'meanAbsError', number> & {
  readonly sqnrDb: number | null;
};

async function save(model: Model, file: string): Promise<string> {
  const blob = valueOf(await saveModel(model));
  writeFileSync(file, new Uint8Array(await blob.arrayBuffer()));
  return file;
}

/**
 * onnxruntime of Python sums products in another order, so that now and then a number rounds to the next step: errors agree as
 * far as they are made of many numbers.
 */
function agrees(error: TensorError | undefined, answer: Answer, what: string): void {
  assert.ok(error, what);
  assert.equal(error.count, answer.count, what);
  const near = (have: number, want: number, share: number) => {
    assert.ok(Math.abs(have - want) <= share * Math.abs(want), `${what}: ${have} ${want}`);
  };
  assert.ok(
    Math.abs(error.sqnrDb - (answer.sqnrDb ?? Infinity)) < 0.15,
    `${what}: ${error.sqnrDb} dB, ${answer.sqnrDb} dB`,
  );
  near(1 - error.cosine, 1 - answer.cosine, 0.05);
  near(error.meanAbsError, answer.meanAbsError, 0.02);
  near(error.maxAbsError, answer.maxAbsError, 0.3);
}

test(
  'Python’s onnxruntime and numpy find the same errors, accumulated and local',
  { skip },
  async (context) => {
    const model = await readModel(network);
    inferShapes(model);
    const [feeds] = valueOf(
      randomFeeds(model.graph, { seed: 5, samples: 1, distribution: 'normal' }),
    );
    const [entry] = feeds ?? [];
    assert.ok(feeds && entry);
    const [name, input] = entry;
    const openRunner = ortRunner({ threads: 1 });
    const options = { openRunner, kernels: await loadKernels() };
    const report = valueOf(await compareWithFloat(model, madeFeeds([feeds], 1), options));
    const branched = branchLayers(model, fakeQuantizedLayers(model.graph));
    const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
    try {
      const before = await save(branched.model, join(folder, 'before.onnx'));
      const after = await save(model, join(folder, 'after.onnx'));
      const file = join(folder, 'input.bin');
      writeFileSync(file, bytesOf(input.data));
      const ask = (second: string, pairs: readonly (readonly [string, string])[]): Answer[] => {
        const task = { before, after: second, pairs, input: { name, dims: input.dims, file } };
        const script = fileURLToPath(new URL('oracle.py', import.meta.url));
        const { status, stdout, stderr } = spawnSync(python, [script], {
          input: JSON.stringify(task),
          encoding: 'utf8',
        });
        assert.equal(status, 0, stderr);
        return JSON.parse(stdout) as Answer[];
      };
      const { layers } = report;
      const accumulated = ask(
        after,
        layers.map(({ output }) => [branched.nameOf(output), output]),
      );
      for (const [i, { accumulated: error, node }] of layers.entries())
        agrees(error, accumulated[i]!, `${node}, accumulated`);
      // Both sides of a local error come from the one model that holds the layers twice.
      const cut = layers.filter(({ node }) => branched.localOf(node) !== undefined);
      assert.equal(cut.length, layers.length, 'each layer of this network can be cut out');
      const local = ask(
        before,
        cut.map(({ node, output }) => [branched.nameOf(output), branched.localOf(node) ?? '']),
      );
      for (const [i, layer] of cut.entries())
        agrees(layer.local, local[i]!, `${layer.node}, local`);
      context.diagnostic(`${layers.length} layers, ${cut.length} of them alone`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
