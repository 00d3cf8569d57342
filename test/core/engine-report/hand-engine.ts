import type {
  BuiltEngine,
  BuiltLayer,
  BuiltTensor,
  ConvolutionFacts,
} from '../../../src/core/engine/built-engine.ts';

/** A tensor of an engine made by hand: `name`, 1×32×8×8 INT8 unless said otherwise. */
export const tensor = (name: string, more: Partial<BuiltTensor> = {}): BuiltTensor => ({
  name,
  dims: [1, 32, 8, 8],
  dataType: 'Int8',
  format: 'UNKNOWN',
  formatText: more.dataType ?? 'Int8',
  ...more,
});

/** A convolution of 3×3 taps, stride 1, padded; 32 channels out. */
export const facts = (more: Partial<ConvolutionFacts> = {}): ConvolutionFacts => ({
  kernel: [3, 3],
  stride: [1, 1],
  dilation: [1, 1],
  prePadding: [1, 1],
  postPadding: [1, 1],
  groups: 1,
  outMaps: 32,
  weights: { dataType: 'Int8', count: 9216 },
  bias: { dataType: 'Float', count: 32 },
  hasResidual: false,
  isDeconvolution: false,
  ...more,
});

/** A layer of an engine made by hand; its index is set by `engineOf`. */
export const layer = (
  name: string,
  inputs: readonly BuiltTensor[],
  outputs: readonly BuiltTensor[],
  more: Partial<BuiltLayer> & { readonly timeUs?: number } = {},
): BuiltLayer => {
  const { timeUs, ...rest } = more;
  return {
    index: 0,
    name,
    layerType: 'CaskConvolution',
    role: 'compute',
    precision: 'int8',
    inputs,
    outputs,
    nodes: [name],
    parameterType: null,
    tactic: null,
    streamId: null,
    operations: [],
    convolution: null,
    weightBytes: 0,
    nodesGuessed: false,
    time: timeUs === undefined ? null : { averageUs: timeUs + 1, medianUs: timeUs, share: 0 },
    fields: {},
    ...rest,
  };
};

/** A copy: a reformat, or a Q/DQ that no layer took. */
export const copy = (
  name: string,
  input: BuiltTensor,
  output: BuiltTensor,
  more: Parameters<typeof layer>[3] = {},
): BuiltLayer =>
  layer(name, [input], [output], {
    layerType: 'Reformat',
    parameterType: 'Reformat',
    role: 'reformat',
    origin: 'REFORMAT',
    nodes: [],
    ...more,
  });

/** An engine of some layers; `bindings` are the names of its inputs and outputs. */
export const engineOf = (
  layers: readonly BuiltLayer[],
  bindings: readonly string[] = [],
  more: Partial<BuiltEngine> = {},
): BuiltEngine => ({
  name: 'by-hand',
  fileKind: 'bindings',
  trtVersion: null,
  gpu: null,
  layers: layers.map((each, index) => ({ ...each, index })),
  bindings,
  ioTensors: bindings.map((name) => ({ name, mode: null, dataType: 'Float', dims: [1] })),
  latency: null,
  profiledRuns: null,
  passes: null,
  remarks: [],
  ...more,
});
