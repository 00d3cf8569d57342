import assert from 'node:assert/strict';
import { test } from 'node:test';
import { USUAL_OPTIONS } from '../../../src/core/optimize/optimize-options.ts';
import { optimize } from '../../../src/core/optimize/optimize.ts';
import { figuresOf, predictPriced } from '../../../src/core/optimize/priced-simulation.ts';
import { TARGET, valueOf } from '../explain/text-models.ts';
import { enginesFolder, readModel, skipEngines } from '../sim/given-engines.ts';

const fileOf = (name: string): URL =>
  new URL(`models/real/${name}.onnx.gz`, `file://${enginesFolder}`);

/** Q/DQ on convolutions only becomes at least as good a placement as Model-Optimizer's of the same network. */
for (const network of ['resnet18', 'yolov5n'])
  test(
    `${network}.convs comes out no worse than ${network}.mo`,
    { skip: skipEngines },
    async () => {
      const options = { ...USUAL_OPTIONS, target: TARGET };
      const { summary } = valueOf(
        await optimize(await readModel(fileOf(`${network}.convs`)), options),
      );
      const goal = figuresOf(predictPriced(await readModel(fileOf(`${network}.mo`)), TARGET));
      const { after } = summary;
      assert.ok(after.int8Layers >= goal.int8Layers, `${String(after.int8Layers)} INT8 layers`);
      assert.ok(after.reformats <= goal.reformats, `${String(after.reformats)} reformats`);
      assert.ok(after.survivingQdq <= goal.survivingQdq, `${String(after.survivingQdq)} Q/DQ`);
    },
  );

for (const network of ['resnet18', 'yolov5n', 'bert_mini', 'convnext_atto'])
  test(`${network}.convs never comes out worse than it was`, { skip: skipEngines }, async () => {
    const model = await readModel(fileOf(`${network}.convs`));
    const options = { ...USUAL_OPTIONS, budget: 300, target: TARGET };
    const { before, after } = valueOf(await optimize(model, options)).summary;
    assert.ok(after.price.timeUs <= before.price.timeUs);
    const copies = ({ survivingQdq, reformats }: typeof after) => survivingQdq + reformats;
    assert.ok(copies(after) <= copies(before));
    assert.ok(after.layers <= before.layers);
  });
