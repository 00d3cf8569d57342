/*
 * How far the outputs of real engines are from what we compute: the float model, the model as written (fake-quant), and the
 * arithmetic of the predicted engine.
 *
 *     npx tsx test/gpu/explain-outputs.ts MODEL.onnx[.gz] OUTPUTS.npz [MODEL OUTPUTS ...]
 *
 * OUTPUTS.npz is what run_outputs.py keeps: each input and each output, stacked along a new first axis, one run a sample. Engines are
 * taken to be those of TensorRT 10.6 on an H100, mode `best`.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bufferSource } from '../../src/core/base/byte-source.ts';
import type { Result } from '../../src/core/base/result.ts';
import { floatModel } from '../../src/core/calibrate/float-model.ts';
import { runFloats } from '../../src/core/calibrate/run-floats.ts';
import { readNpz } from '../../src/core/inputs/npz.ts';
import type { Feeds, RunTensor } from '../../src/core/inputs/run-tensor.ts';
import { inferShapes } from '../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../src/core/ir/model.ts';
import { openModel } from '../../src/core/onnx/index.ts';
import { parseTarget } from '../../src/core/sim/parse-target.ts';
import { simulate } from '../../src/core/sim/simulate.ts';
import { engineModel } from '../../src/core/validate/engine-arithmetic/engine-model.ts';
import { ortRunner } from '../../src/ort/open-runner.ts';
import { explain, headings } from './explain-rows.ts';

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const openRunner = ortRunner({ threads: 1 });

async function readModel(path: string): Promise<Model> {
  const file = readFileSync(path);
  const bytes = path.endsWith('.gz') ? gunzipSync(file) : file;
  return valueOf(await openModel([bufferSource(path, bytes)])).model;
}

/** Sample `index` of stacked arrays, in the shapes of the model's inputs. */
function sampleOf(arrays: ReadonlyMap<string, RunTensor>, index: number, model: Model): Feeds {
  return new Map(
    model.graph.inputs.map(({ name }) => {
      const array = arrays.get(name);
      if (!array) throw new Error(`no array for the input ${name}`);
      const { dataType, dims } = array;
      return [name, { dataType, dims: dims.slice(1), data: rowOf(array, index) }];
    }),
  );
}

function rowOf({ data, dims }: RunTensor, index: number): RunTensor['data'] {
  const size = data.length / (dims[0] ?? 1);
  return data.slice(index * size, (index + 1) * size);
}

async function runAll(model: Model, samples: readonly Feeds[], output: string) {
  const runner = valueOf(await openRunner(model, [output]));
  const rows: Float32Array[] = [];
  for (const feeds of samples) {
    const tensor = valueOf(await runner.run(feeds)).get(output);
    const numbers = tensor && runFloats(tensor);
    if (!numbers) throw new Error(`${output} is not float`);
    rows.push(Float32Array.from(numbers));
  }
  await runner.release();
  return rows;
}

async function explainFile(modelPath: string, outputsPath: string): Promise<void> {
  const model = await readModel(modelPath);
  const arrays = valueOf(readNpz(outputsPath, readFileSync(outputsPath)));
  const target = valueOf(parseTarget('trt10.6.0-h100', 'best'));
  const engine = valueOf(engineModel(model, simulate(model, target, inferShapes(model))));
  const count = [...arrays.values()][0]?.dims[0] ?? 0;
  const samples = Array.from({ length: count }, (_, i) => sampleOf(arrays, i, model));
  console.log(`\n${basename(modelPath)}: ${count} samples; ${engine.remarks.join('; ')}`);
  for (const { name } of model.graph.outputs) {
    const real = arrays.get(name);
    if (!real) continue;
    const measured = samples.map((_, i) => Float32Array.from(rowOf(real, i), Number));
    const sides = {
      float: await runAll(floatModel(model, { float: true }).model, samples, name),
      'fake-quant': await runAll(model, samples, name),
      engine: await runAll(engine.model, samples, name),
    };
    console.log(`${name}\n${headings}`);
    for (const [side, rows] of Object.entries(sides)) console.log(explain(side, measured, rows));
    console.log(explain('(float to fake)', sides.float, sides['fake-quant']));
  }
}

async function main(): Promise<void> {
  const paths = process.argv.slice(2);
  for (let i = 0; i + 1 < paths.length; i += 2) await explainFile(paths[i]!, paths[i + 1]!);
}

void main();
