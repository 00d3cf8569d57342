import { ModelBuilder } from './model-builder.ts';

interface ConvShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride?: number;
}

/** A convolution with quantized weights on what `input` gives; `scope` names it as PyTorch does. */
function convolution(
  build: ModelBuilder,
  input: string,
  scope: string,
  { inputs, outputs, kernel, stride = 1 }: ConvShape,
): string {
  const pad = (kernel - 1) / 2;
  const weight = build.weight(`${scope}.weight`, [outputs, inputs, kernel, kernel]);
  const bias = build.bias(`${scope}.bias`, outputs);
  return build.node('Conv', `${scope}/Conv`, [input, weight, bias], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
    dilations: [1, 1],
    group: 1,
  });
}

interface BottleneckShape {
  readonly inputs: number;
  readonly width: number;
  readonly stride: number;
}

/**
 * One bottleneck of ResNet-50: 1×1, 3×3 and 1×1 convolutions around a shortcut. `input` is dequantized; with `float`, the
 * shortcut carries no quantizer and is that float value where nothing is convolved on it.
 */
function bottleneck(
  build: ModelBuilder,
  input: string,
  scope: string,
  { inputs, width, stride, float }: BottleneckShape & { readonly float?: string | undefined },
): string {
  let value = convolution(build, input, `${scope}/conv1`, { inputs, outputs: width, kernel: 1 });
  value = build.quantized(build.node('Relu', `${scope}/relu/Relu`, [value]), `${scope}/conv2/in`);
  const wide = { inputs: width, outputs: width, kernel: 3, stride };
  value = convolution(build, value, `${scope}/conv2`, wide);
  value = build.quantized(build.node('Relu', `${scope}/relu_1/Relu`, [value]), `${scope}/conv3/in`);
  value = convolution(build, value, `${scope}/conv3`, {
    inputs: width,
    outputs: 4 * width,
    kernel: 1,
  });
  let shortcut = float ?? input;
  if (inputs !== 4 * width) {
    const down = { inputs, outputs: 4 * width, kernel: 1, stride };
    shortcut = convolution(build, input, `${scope}/downsample/downsample.0`, down);
    if (float === undefined) shortcut = build.quantized(shortcut, `${scope}/residual`);
  }
  value = build.node('Add', `${scope}/Add`, [value, shortcut]);
  return build.node('Relu', `${scope}/relu_2/Relu`, [value]);
}

/**
 * ResNet-50 with Q/DQ before every convolution, on the shortcuts and before the classifier: 338 nodes as it was
 * exported, random float weights (102 MB at width 64). A smaller `width` gives the same graph with less in it. With
 * `floatShortcuts` only convolutions and the classifier have Q/DQ.
 */
export function generateResnet50Qdq(
  options: { readonly width?: number; readonly floatShortcuts?: boolean } = {},
): Uint8Array {
  const { width = 64, floatShortcuts = false } = options;
  const build = new ModelBuilder();
  return build.finish(RESNET_INPUT, buildResnet50(build, width, floatShortcuts));
}

/** The same with holes for weights: at width 262 they are 1.6 GB. Gives bytes and lengths of holes, in file order. */
export function generateSparseResnet50(width: number): (Uint8Array | number)[] {
  const build = new ModelBuilder({ sparse: true });
  return build.finishSparse(RESNET_INPUT, buildResnet50(build, width));
}

const RESNET_INPUT = { name: 'input', dims: [1, 3, 224, 224] };

/** Adds all nodes and gives the name of the output. */
function buildResnet50(build: ModelBuilder, width: number, floatShortcuts = false): string {
  const stem = { inputs: 3, outputs: width, kernel: 7, stride: 2 };
  let value = convolution(build, build.quantized('input', '/conv1/in'), '/conv1', stem);
  value = build.node('Relu', '/relu/Relu', [value]);
  value = build.node('MaxPool', '/maxpool/MaxPool', [value], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  });
  let inputs = width;
  [3, 4, 6, 3].forEach((blocks, stage) => {
    for (let block = 0; block < blocks; block++) {
      const scope = `/layer${stage + 1}/layer${stage + 1}.${block}`;
      const float = floatShortcuts ? value : undefined;
      value = build.quantized(value, `${scope}/in`);
      const shape = { inputs, width: width << stage, stride: stage > 0 && block === 0 ? 2 : 1 };
      value = bottleneck(build, value, scope, { ...shape, float });
      inputs = 4 * shape.width;
    }
  });
  value = build.node('GlobalAveragePool', '/avgpool/GlobalAveragePool', [value]);
  value = build.node('Flatten', '/Flatten', [value], { axis: 1 });
  value = build.quantized(value, '/fc/in');
  const fc = [value, build.weight('fc.weight', [1000, inputs]), build.bias('fc.bias', 1000)];
  return build.node('Gemm', '/fc/Gemm', fc, { transB: 1 });
}

/**
 * A chain of about `nodeCount` nodes: quantized 1×1 convolutions with ReLU, every second one with a shortcut around
 * it; 16 channels of 8×8. With `floatShortcuts`, those carry no Q/DQ.
 */
export function generateChain(
  nodeCount: number,
  { floatShortcuts = false }: { readonly floatShortcuts?: boolean } = {},
): Uint8Array {
  const build = new ModelBuilder();
  const shape = { inputs: 16, outputs: 16, kernel: 1 };
  let value = 'input';
  for (let step = 0; build.nodeCount < nodeCount; step++) {
    const scope = `/stage${Math.floor(step / 100)}/block${step}`;
    const input = build.quantized(value, `${scope}/in`);
    const shortcut = floatShortcuts ? value : input;
    value = convolution(build, input, `${scope}/conv`, shape);
    if (step % 2 === 1) value = build.node('Add', `${scope}/Add`, [value, shortcut]);
    value = build.node('Relu', `${scope}/relu/Relu`, [value]);
  }
  return build.finish({ name: 'input', dims: [1, 16, 8, 8] }, value);
}

/**
 * Blocks as in YOLOv5: two convolutions with SiLU around a shortcut, beside a third one, joined by a Concat and a 1×1
 * convolution; after every second block another one of stride 2. Q/DQ stand at convolutions only, one pair for each
 * reader: 13 blocks have about 600 nodes.
 */
export function generateSiluNetwork(blocks: number, width = 32): Uint8Array {
  const build = new ModelBuilder();
  const silu = (input: string, scope: string, shape: ConvShape): string => {
    const quantized = build.quantized(input, `${scope}/in`);
    const result = convolution(build, quantized, scope, shape);
    return build.node('Mul', `${scope}/Mul`, [
      result,
      build.node('Sigmoid', `${scope}/Sigmoid`, [result]),
    ]);
  };
  let value = silu('images', '/stem', { inputs: 3, outputs: width, kernel: 3, stride: 2 });
  for (let block = 0; block < blocks; block++) {
    const scope = `/model${block}`;
    const half = { inputs: width, outputs: width / 2, kernel: 1 };
    const inner = { inputs: width / 2, outputs: width / 2, kernel: 3 };
    const a = silu(value, `${scope}/cv1`, half);
    const b = silu(silu(a, `${scope}/m.cv1`, { ...inner, kernel: 1 }), `${scope}/m.cv2`, inner);
    const sum = build.node('Add', `${scope}/Add`, [a, b]);
    const beside = silu(value, `${scope}/cv2`, half);
    const joined = build.node('Concat', `${scope}/Concat`, [sum, beside], { axis: 1 });
    value = silu(joined, `${scope}/cv3`, { inputs: width, outputs: width, kernel: 1 });
    const down = { inputs: width, outputs: width, kernel: 3, stride: 2 };
    if (block % 4 === 1) value = silu(value, `${scope}/down`, down);
  }
  const head = build.quantized(value, '/head/in');
  const output = convolution(build, head, '/head', { inputs: width, outputs: 255, kernel: 1 });
  return build.finish({ name: 'images', dims: [1, 3, 256, 256] }, output);
}
