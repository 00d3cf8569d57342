import type { EngineView } from '../../src/api/engine-api.ts';
import { analyseEngine } from '../../src/core/engine-report/engine-analysis.ts';
import type { BuiltEngine, BuiltLayer } from '../../src/core/engine/built-engine.ts';
import { buildEngineScene } from '../../src/core/view/engine-scene.ts';
import { outlineOf } from '../../src/ui/state/built-words.ts';
import type { OpenedEngine } from '../../src/ui/state/engine-state.ts';
import { sampleEngine } from './sample-engine.ts';

/** Microseconds of the layers of the sample engine. */
const TIMES_US = [4, 40, 24, 8, 20, 4];

const withWords = (
  tensor: BuiltLayer['inputs'][number] | (typeof sampleEngine.layers)[number]['inputs'][number],
) => ({
  formatText: `Row major linear ${tensor.dataType}`,
  ...tensor,
});

/** The sample engine as TensorRT would have built it: the same layers, with times, kernels and a convolution. */
const layers = sampleEngine.layers.map(
  ({ notes: _notes, uncertain: _uncertain, ...layer }, i): BuiltLayer => ({
    ...layer,
    inputs: layer.inputs.map(withWords),
    outputs: layer.outputs.map(withWords),
    parameterType: layer.layerType === 'CaskConvolution' ? 'Convolution' : null,
    tactic: layer.role === 'compute' ? `sm80_xmma_kernel_${String(i)}` : null,
    streamId: 0,
    operations: i === 2 ? ['auto const0 = pwgen::iPlus(arg0, arg1)'] : [],
    convolution:
      layer.layerType === 'CaskConvolution'
        ? {
            kernel: [3, 3],
            stride: [1, 1],
            dilation: [1, 1],
            prePadding: [1, 1],
            postPadding: [1, 1],
            groups: 1,
            outMaps: 64,
            weights: { dataType: 'Int8', count: 36864 },
            bias: { dataType: 'Half', count: 64 },
            hasResidual: i === 2,
            isDeconvolution: false,
          }
        : null,
    weightBytes: layer.layerType === 'CaskConvolution' ? 36992 : 0,
    nodesGuessed: false,
    time: { averageUs: TIMES_US[i]!, medianUs: TIMES_US[i]!, share: TIMES_US[i]! / 100 },
    fields: { HasSparseWeights: 0, Nested: { a: [1] } },
  }),
);

export const sampleBuilt: BuiltEngine = {
  name: 'net',
  fileKind: 'bindings',
  trtVersion: '10.6.0',
  gpu: 'NVIDIA H100 80GB HBM3',
  layers,
  bindings: sampleEngine.bindings,
  ioTensors: [
    { name: 'input', mode: 'input', dataType: 'Float', dims: [1, 64, 56, 56] },
    { name: 'output', mode: 'output', dataType: 'Float', dims: [1, 64, 56, 56] },
  ],
  latency: { runs: 500, computeMedianUs: 90, computeP95Us: 95, latencyMedianUs: 96 },
  profiledRuns: 500,
  passes: null,
  remarks: [],
};

/** The same engine without a profile. */
export const untimedBuilt: BuiltEngine = {
  ...sampleBuilt,
  name: 'untimed',
  latency: null,
  profiledRuns: null,
  passes: null,
  layers: layers.map((layer) => ({ ...layer, time: null })),
};

export const viewOf = (engine: BuiltEngine): EngineView => ({
  engine,
  scene: buildEngineScene(engine),
  analysis: analyseEngine(engine),
});

/** An engine as the page holds it. */
export function openedOf(engine: BuiltEngine, id = '1'): OpenedEngine {
  const view = viewOf(engine);
  return { ...view, id, label: engine.name, outline: outlineOf(view) };
}
