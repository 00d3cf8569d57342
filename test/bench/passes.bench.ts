import { bufferSource } from '../../src/core/base/byte-source.ts';
import { inferShapes } from '../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../src/core/ir/model.ts';
import { openModel } from '../../src/core/onnx/index.ts';
import { optimize } from '../../src/core/optimize/optimize.ts';
import { USUAL_OPTIONS } from '../../src/core/optimize/optimize-options.ts';
import { USUAL_PASSES } from '../../src/core/passes/pipeline.ts';
import { runPasses } from '../../src/core/passes/run-passes.ts';
import type { Target } from '../../src/core/sim/target.ts';
import {
  generateChain,
  generateResnet50Qdq,
  generateSiluNetwork,
} from '../support/generate-model.ts';
import { goal, measure, printTimings } from './measure.ts';

// All usual passes to their fixed point, on networks where they find nothing and on those where they find much, and the
// whole of optimizing with the usual budget.
const TARGET: Target = { trt: '10.6', sm: 90, mode: 'best' };
const SMALL_GOAL = 100;
const LARGE_GOAL = 2000;
const NODES = 10_000;

async function opened(bytes: Uint8Array): Promise<Model> {
  const result = await openModel([bufferSource('model.onnx', new Uint8Array(bytes))]);
  if (!result.ok) throw new Error(result.error.message);
  inferShapes(result.value.model);
  return result.value.model;
}

async function changesOf(model: Model): Promise<number> {
  const run = await runPasses(model, USUAL_PASSES, { target: TARGET });
  if (!run.ok) throw new Error(run.error.message);
  return run.value.changes.length;
}

async function benchPasses(
  limit: number,
  runs: number,
  models: Readonly<Record<string, Model>>,
): Promise<void> {
  const works: Record<string, () => Promise<number>> = {};
  for (const [name, model] of Object.entries(models)) {
    const told = `${name}, ${String(model.graph.nodeCount)} nodes, ${String(await changesOf(model))} changes`;
    works[told] = () => changesOf(model);
  }
  const timings = await measure(works, { warmUp: 2, runs });
  printTimings('All usual passes to their fixed point', timings, (timing) => goal(limit, timing));
}

async function benchOptimize(models: Readonly<Record<string, Model>>): Promise<void> {
  for (const [name, model] of Object.entries(models)) {
    let simulations = 0;
    const run = async (search: boolean): Promise<void> => {
      const result = await optimize(model, { ...USUAL_OPTIONS, target: TARGET, search });
      if (!result.ok) throw new Error(result.error.message);
      ({ simulations } = result.value.summary);
    };
    const works = { passes: () => run(false), 'passes and search': () => run(true) };
    const timings = await measure(works, { warmUp: 0, runs: 2 });
    const [passes, all] = timings;
    const ratio = (all?.best ?? NaN) / (passes?.best ?? NaN);
    printTimings(
      `Optimizing ${name}: ${String(simulations)} engines predicted, with search ${ratio.toFixed(1)} times as long`,
      timings,
    );
  }
}

const silu = await opened(generateSiluNetwork(8));
const resnet = await opened(generateResnet50Qdq({ width: 16, floatShortcuts: true }));
await benchPasses(SMALL_GOAL, 20, {
  'ResNet-50, quantized well': await opened(generateResnet50Qdq({ width: 16 })),
  'ResNet-50, float shortcuts': resnet,
  'SiLU network': silu,
});
await benchPasses(LARGE_GOAL, 3, {
  'chain, quantized well': await opened(generateChain(NODES)),
  'chain, float shortcuts': await opened(generateChain(NODES, { floatShortcuts: true })),
});
await benchOptimize({ 'ResNet-50': resnet, 'the SiLU network': silu });
