import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readNpz } from '../../../../src/core/inputs/npz.ts';
import { randomFeeds } from '../../../../src/core/inputs/random-feeds.ts';
import { checkGraph } from '../../../../src/core/ir/check-graph.ts';
import { quantizerNames } from '../../../../src/core/ir/quantizer-nodes.ts';
import { engineModel } from '../../../../src/core/validate/engine-arithmetic/engine-model.ts';
import { feedsOf, floats, valueOf } from '../../../ort/run-support.ts';
import { enginesFolder, predictGiven, readModel, skipEngines } from '../../sim/given-engines.ts';
import { followed, numbersOf } from './engine-support.ts';

const given = new URL('../../../../../shared/engines/models/', import.meta.url);
const skip = existsSync(given) ? false : '../shared is absent';
const outputs = new URL('../../../engines/outputs/', import.meta.url);

test('ResNet-18 gives the numbers of the real engine, bit for bit', { skip }, async () => {
  const model = await readModel(new URL('real/resnet18.short.onnx.gz', given));
  const arrays = valueOf(
    readNpz('outputs', readFileSync(new URL('resnet18.short.best.npz', outputs))),
  );
  // Kept as the integers that the engine makes of its input: an eighth of the size.
  const scale = Math.fround(0.06);
  const codes = Array.from(arrays.get('input_codes')?.data ?? [], Number);
  const x = codes.map((q) => Math.fround(q * scale));
  const feeds = feedsOf({ input: floats(x, [1, 3, 224, 224]) });
  const measured = Array.from(arrays.get('191')?.data ?? [], Number);
  assert.equal(measured.length, 1000);
  assert.deepEqual(await numbersOf(followed(model).model, feeds, '191'), measured);
  const plain = await numbersOf(model, feeds, '191');
  const worst = Math.max(...plain.map((number, i) => Math.abs(number - measured[i]!)));
  assert.ok(worst > 0.01, 'the model as written is further off');
});

test(
  'every given model has an engine to follow, without errors in its graph',
  { skip: skipEngines },
  async () => {
    const left = new Set<string>();
    let count = 0;
    for await (const { row, model, engine } of predictGiven()) {
      const built = valueOf(engineModel(model, engine));
      count++;
      assert.deepEqual(checkGraph(built.model.graph), [], row.model);
      if (quantizerNames(model.graph).size === 0) continue;
      for (const { text, names } of built.remarks)
        if (text.startsWith('not computed')) left.add(`${row.model}: ${text}: ${names.join()}`);
    }
    assert.ok(count > 100, enginesFolder);
    assert.deepEqual([...left], []);
  },
);

const RUN = [
  'stem_q_after_pool',
  'pool_MaxPool_both_equal',
  'concat_unequal_after',
  'spp_equal',
  'conv_dw_relu_chain',
  'conv_act_SiLU_q_after',
  'deconv_k3_relu_q_after',
  'mbv2_short',
  'residual_id_short_after_relu_c64',
  'gemm_q',
  'attention_bmm',
  'move_Reshape_both',
  'eltwise_Add_both_equal',
  'se_full',
];

test('what moves, joins, or stands alone in an engine stays near the model', { skip }, async () => {
  for (const name of RUN) {
    const model = await readModel(new URL(`micro/${name}.onnx.gz`, given));
    const [feeds] = valueOf(
      randomFeeds(model.graph, { seed: 3, samples: 1, distribution: 'normal' }),
    );
    assert.ok(feeds);
    const engine = followed(model);
    for (const { name: output } of model.graph.outputs) {
      const plain = await numbersOf(model, feeds, output);
      const ours = await numbersOf(engine.model, feeds, output);
      const noise = plain.reduce((sum, x, i) => sum + (x - ours[i]!) ** 2, 0);
      const signal = plain.reduce((sum, x) => sum + x * x, 0);
      assert.ok(noise <= signal * 1e-3, `${name}: ${String(10 * Math.log10(signal / noise))} dB`);
    }
  }
});
