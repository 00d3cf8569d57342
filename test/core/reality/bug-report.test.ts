import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { unzipSync } from 'fflate';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { constantOf, isQuantizer } from '../../../src/core/ir/quantizer-nodes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { elementCount } from '../../../src/core/ir/tensor.ts';
import { bufferSource, openModel } from '../../../src/core/onnx/index.ts';
import { compareWithPrediction } from '../../../src/core/reality/compare-with-prediction.ts';
import { REPORT_FILES, makeBugReport } from '../../../src/core/reality/bug-report.ts';
import type { RealityComparison } from '../../../src/core/reality/reality-comparison.ts';
import type { PredictedEngine } from '../../../src/core/sim/predicted-engine.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import { givenText } from '../engine/engine-files.ts';
import { predictGiven, skipEngines } from '../sim/given-engines.ts';

/** What must not depend on names: types, formats, roles and how many nodes a layer runs. */
const shapeOf = ({ layers }: PredictedEngine) =>
  layers.map(({ layerType, role, precision, nodes, inputs, outputs }) => ({
    layerType,
    role,
    precision,
    nodes: nodes.length,
    inputs: inputs.map(({ dims, dataType, format }) => [dims.length, dataType, format]),
    outputs: outputs.map(({ dims, dataType, format }) => [dims.length, dataType, format]),
  }));

/** Bytes of the largest constants that are no scales or zero points. */
async function weightsOf({ graph }: Model): Promise<Buffer[]> {
  const scales = new Set(
    [...graph.nodes()].filter(isQuantizer).flatMap((node) => node.inputs.slice(1)),
  );
  const found: Buffer[] = [];
  for (const value of graph.values()) {
    const tensor = constantOf(value);
    if (!tensor || scales.has(value) || !/float|int8/.test(tensor.dataType)) continue;
    if (elementCount(tensor.dims) < 16) continue;
    const read = await tensor.bytes.read();
    assert.ok(read.ok);
    const bytes = Buffer.from(read.value.subarray(0, 64));
    if (new Set(bytes).size > 8) found.push(bytes);
  }
  return found;
}

/** A network of each kind, and small ones of kernels that name little. */
const WANTED =
  /real\/(?:resnet18\.short|bert_mini\.(?:convs|fp)|yolov5n\.mo|convnext_atto\.short)|micro\/(?:attention_linears|attention_bmm|eltwise_Mul)/;

describe('reports on real models', { skip: skipEngines }, () => {
  for (const stripNames of [false, true])
    test(`${stripNames ? 'without' : 'with'} names: no weights, the same prediction`, async () => {
      let weights = 0;
      let models = 0;
      for await (const { row, model, engine } of predictGiven()) {
        const isWanted = WANTED.test(`${row.kind}/${row.model}`);
        if (!isWanted) continue;
        const file = `${row.target}/${row.kind}/${row.model}.${row.mode}`;
        const built = readEngine(file, givenText(`${file}.layer.json`));
        assert.ok(built.ok);
        const report = await makeBugReport({
          model,
          engine: built.value,
          target: engine.target,
          stripNames,
          producer: 'qdq-lab 0',
        });
        assert.ok(report.ok, report.ok ? '' : report.error.message);
        assert.ok(report.value.length < 400_000, `${file}: ${String(report.value.length)} bytes`);
        const files = unzipSync(report.value);
        const bytes = files[REPORT_FILES.model]!;
        const opened = await openModel([bufferSource('model.onnx', bytes)]);
        assert.ok(opened.ok, file);
        const again = simulate(opened.value.model, engine.target);
        assert.deepEqual(shapeOf(again), shapeOf(engine), file);
        if (!stripNames)
          assert.deepEqual(
            again.layers.map(({ name }) => name),
            engine.layers.map(({ name }) => name),
          );
        for (const weight of await weightsOf(model)) {
          assert.ok(!Buffer.from(bytes).includes(weight), `${file}: weights are in the report`);
          weights++;
        }
        const text = Object.values(files)
          .map((part) => Buffer.from(part).toString('latin1'))
          .join('\n');
        if (stripNames)
          for (const name of namesOf(model)) assert.ok(!text.includes(name), `${file}: ${name}`);
        const comparison = JSON.parse(
          Buffer.from(files[REPORT_FILES.comparison]!).toString(),
        ) as RealityComparison;
        const direct = compareWithPrediction(engine, built.value, model.graph);
        assert.ok(direct.ok);
        assert.deepEqual(comparison.figures, direct.value.figures, file);
        assert.deepEqual(
          comparison.disagreements.map(({ kind }) => kind),
          direct.value.disagreements.map(({ kind }) => kind),
          file,
        );
        models++;
      }
      assert.ok(
        models > 7 && weights > 100,
        `${String(models)} models, ${String(weights)} weights`,
      );
    });
});

/** Names that say something: short ones and plain operator words stand in any file. */
const namesOf = ({ graph }: Model): string[] =>
  [...graph.nodes(), ...graph.values()]
    .map(({ name }) => name)
    .filter((name) => name.length > 6 && !/^(?:input|output|logits)$/.test(name));
