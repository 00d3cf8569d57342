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

/** One bottleneck of ResNet-50: 1×1, 3×3 and 1×1 convolutions around a shortcut. `input` is dequantized. */
function bottleneck(
  build: ModelBuilder,
  input: string,
  scope: string,
  shape: { inputs: number; width: number; stride: number },
): string {
  const { inputs, width, stride } = shape;
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
  let shortcut = input;
  if (inputs !== 4 * width) {
    const down = { inputs, outputs: 4 * width, kernel: 1, stride };
    shortcut = convolution(build, input, `${scope}/downsample/downsample.0`, down);
    shortcut = build.quantized(shortcut, `${scope}/residual`);
  }
  value = build.node('Add', `${scope}/Add`, [value, shortcut]);
  return build.node('Relu', `${scope}/relu_2/Relu`, [value]);
}

/**
 * ResNet-50 with Q/DQ before every convolution, on the shortcuts and before the classifier: 338 nodes as it was
 * exported, random float weights (102 MB at width 64). A smaller `width` gives the same graph with less in it.
 */
export function generateResnet50Qdq(options: { readonly width?: number } = {}): Uint8Array {
  const build = new ModelBuilder();
  return build.finish(RESNET_INPUT, buildResnet50(build, options.width ?? 64));
}

/** The same with holes for weights: at width 262 they are 1.6 GB. Gives bytes and lengths of holes, in file order. */
export function generateSparseResnet50(width: number): (Uint8Array | number)[] {
  const build = new ModelBuilder({ sparse: true });
  return build.finishSparse(RESNET_INPUT, buildResnet50(build, width));
}

const RESNET_INPUT = { name: 'input', dims: [1, 3, 224, 224] };

/** Adds all nodes and gives the name of the output. */
function buildResnet50(build: ModelBuilder, width: number): string {
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
      value = build.quantized(value, `${scope}/in`);
      const shape = { inputs, width: width << stage, stride: stage > 0 && block === 0 ? 2 : 1 };
      value = bottleneck(build, value, scope, shape);
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
 * it; 16 channels of 8×8.
 */
export function generateChain(nodeCount: number): Uint8Array {
  const build = new ModelBuilder();
  const shape = { inputs: 16, outputs: 16, kernel: 1 };
  let value = 'input';
  for (let step = 0; build.nodeCount < nodeCount; step++) {
    const scope = `/stage${Math.floor(step / 100)}/block${step}`;
    const input = build.quantized(value, `${scope}/in`);
    value = convolution(build, input, `${scope}/conv`, shape);
    if (step % 2 === 1) value = build.node('Add', `${scope}/Add`, [value, input]);
    value = build.node('Relu', `${scope}/relu/Relu`, [value]);
  }
  return build.finish({ name: 'input', dims: [1, 16, 8, 8] }, value);
}
