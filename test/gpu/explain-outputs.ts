/*
 * How far the outputs of real engines are from what we compute: the float model, the model as written (fake-quant), and the
 * arithmetic of the predicted engine.
 *
 *     npx tsx test/gpu/explain-outputs.ts MODEL.onnx[.gz] OUTPUTS.npz [ENGINE.layer.json.gz]
 *
 * OUTPUTS.npz is what run_outputs.py keeps: each input and each output, stacked along a new first axis, one run a sample. Engines are
 * taken to be those of TensorRT 10.6 on an H100, mode `best`. With the engine's layers, tensors get the types that they have there.
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
import type { EngineDataType } from '../../src/core/sim/predicted-engine.ts';
import { engineModel } from '../../src/core/validate/engine-arithmetic/engine-model.ts';
import { withStoredTypes } from '../../src/core/validate/engine-arithmetic/stored-types.ts';
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
    model.graph.inputs.map(({ name, shape }) => {
      const array = arrays.get(name);
      if (!array) throw new Error(`no array for the input ${name}`);
      const { dataType, dims } = array;
      // Stacked samples may have lost a batch of one.
      const own = shape?.every((dim) => typeof dim === 'number') ? shape : dims.slice(1);
      return [name, { dataType, dims: own, data: rowOf(array, index) }];
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

/** Types of the tensors of a real engine, by name, out of what TensorRT's inspector says. */
function storedTypes(path: string): ReadonlyMap<string, EngineDataType> {
  interface Tensor {
    readonly Name: string;
    readonly 'Format/Datatype': string;
  }
  interface Inspected {
    readonly Layers: readonly { readonly Inputs: Tensor[]; readonly Outputs: Tensor[] }[];
  }
  const { Layers } = JSON.parse(gunzipSync(readFileSync(path)).toString()) as Inspected;
  return new Map(
    Layers.flatMap(({ Inputs, Outputs }) =>
      [...Inputs, ...Outputs].map((tensor) => [
        tensor.Name,
        tensor['Format/Datatype'] as EngineDataType,
      ]),
    ),
  );
}

/** The same model by three ways, and by a fourth where the types of the real engine are known. */
function waysOf(model: Model, layersPath: string | undefined): ReadonlyMap<string, Model> {
  const target = valueOf(parseTarget('trt10.6.0-h100', 'best'));
  const engine = simulate(model, target, inferShapes(model));
  const predicted = valueOf(engineModel(model, engine));
  const ways = new Map([
    ['float', floatModel(model, { float: true }).model],
    ['fake-quant', model],
    ['predicted', predicted.model],
  ]);
  for (const { text, names } of predicted.remarks) console.log(`  ${text}: ${names.join(', ')}`);
  const uncertain = engine.layers
    .flatMap(({ outputs }) => outputs)
    .filter((tensor) => tensor.uncertain);
  const float16 = withStoredTypes(
    engine,
    new Map(uncertain.map(({ name, dataType }) => [name, dataType])),
  );
  ways.set('FP16 where open', valueOf(engineModel(model, float16)).model);
  if (layersPath === undefined) return ways;
  const built = withStoredTypes(engine, storedTypes(layersPath));
  return ways.set('as built', valueOf(engineModel(model, built)).model);
}

async function explainFile(modelPath: string, outputsPath: string, layersPath?: string) {
  const model = await readModel(modelPath);
  const arrays = valueOf(readNpz(outputsPath, readFileSync(outputsPath)));
  const count = [...arrays.values()][0]?.dims[0] ?? 0;
  const samples = Array.from({ length: count }, (_, i) => sampleOf(arrays, i, model));
  console.log(`\n${basename(outputsPath)}: ${count} samples`);
  const ways = waysOf(model, layersPath);
  for (const { name } of model.graph.outputs) {
    const real = arrays.get(name);
    if (!real) continue;
    const measured = samples.map((_, i) => Float32Array.from(rowOf(real, i), Number));
    console.log(`${name}\n${headings}`);
    for (const [way, variant] of ways)
      console.log(explain(way, measured, await runAll(variant, samples, name)));
  }
}

async function main(): Promise<void> {
  const [model = '', outputs = '', layers] = process.argv.slice(2);
  await explainFile(model, outputs, layers);
}

void main();
