import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bufferSource } from '../../../../src/core/base/byte-source.ts';
import type { Graph } from '../../../../src/core/ir/graph.ts';
import type { InferReport } from '../../../../src/core/ir/infer/infer-report.ts';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import { openModel } from '../../../../src/core/onnx/open-model.ts';
import { showValue } from './infer-one.ts';

const engines = new URL('../../../../../shared/engines/', import.meta.url);
const skip = existsSync(engines) ? false : '../shared is absent';

/** Model -> its graph outputs as another implementation infers them. */
const expected = new Map(
  readFileSync(new URL('given-model-outputs.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t') as [string, string]),
);

/** Opens and infers a given model; without what the file says about the values between inputs and outputs if `bare`. */
async function infer(name: string, bare: boolean): Promise<{ graph: Graph; report: InferReport }> {
  const bytes = gunzipSync(readFileSync(new URL(`models/${name}.onnx.gz`, engines)));
  const opened = await openModel([bufferSource(`${name}.onnx`, new Uint8Array(bytes))]);
  if (!opened.ok) throw new Error(opened.error.message);
  const { model } = opened.value;
  if (bare) {
    for (const value of model.graph.values()) {
      if (value.producer() === null) continue;
      value.shape = undefined;
      value.dataType = undefined;
    }
  }
  return { graph: model.graph, report: inferShapes(model) };
}

test(
  'every value of every given model gets a type and a full shape from the inputs alone',
  { skip },
  async () => {
    for (const [name, outputs] of expected) {
      const { graph, report } = await infer(name, true);
      assert.deepEqual([report.diagnostics, report.unknownOperators], [[], []], name);
      for (const value of graph.values()) {
        if (value.name === '') continue;
        const isKnown =
          value.dataType !== undefined && value.shape?.every((d) => typeof d === 'number');
        assert.ok(isKnown, `${name}: ${value.name} is ${showValue(value)}`);
      }
      const found = graph.outputs.map((value) => `${value.name}=${showValue(value)}`).join(' ');
      assert.equal(found, outputs, name);
    }
  },
);

test('inference contradicts none of the given models', { skip }, async () => {
  for (const name of expected.keys()) {
    const { report } = await infer(name, false);
    assert.deepEqual(report.diagnostics, [], name);
  }
});

interface EngineTensor {
  readonly Name: string;
  readonly Dimensions: readonly number[];
}
interface EngineFile {
  readonly Layers: readonly {
    readonly Inputs?: readonly EngineTensor[];
    readonly Outputs?: readonly EngineTensor[];
  }[];
}

/** Tensors of the engine `file` that have the name of a value of the model, and how many of them have its shape. */
async function compareWithEngine(
  folder: URL,
  file: string,
): Promise<{ same: number; all: number }> {
  const { graph } = await infer(`micro/${file.replace(/\.\w+\.layer\.json\.gz$/, '')}`, true);
  const engine = JSON.parse(
    gunzipSync(readFileSync(new URL(file, folder))).toString(),
  ) as EngineFile;
  let same = 0;
  let all = 0;
  for (const layer of engine.Layers) {
    for (const tensor of [...(layer.Inputs ?? []), ...(layer.Outputs ?? [])]) {
      const shape = graph.value(tensor.Name)?.shape;
      if (shape === undefined) continue;
      all += 1;
      if (shape.join() === tensor.Dimensions.join()) same += 1;
    }
  }
  return { same, all };
}

// The builder keeps a name when it moves a Q across a pooling or writes the parts of a concatenation in place, so a few
// tensors have the name of a value and another shape.
test('real engines have the inferred shapes', { skip }, async (t) => {
  let same = 0;
  let all = 0;
  for (const target of ['trt10.6.0-h100', 'trt8.6.1-h100']) {
    const folder = new URL(`${target}/micro/`, engines);
    for (const file of readdirSync(folder).filter((f) => f.endsWith('.layer.json.gz'))) {
      const counts = await compareWithEngine(folder, file);
      same += counts.same;
      all += counts.all;
    }
  }
  t.diagnostic(`${same} of ${all} engine tensors have the inferred shape`);
  assert.ok(all > 2000, `only ${all} tensors have names of values`);
  assert.ok(same / all > 0.98, `${same} of ${all}`);
});
