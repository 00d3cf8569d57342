import { activationToPointwiseConversion } from './rules/activation-to-pointwise-conversion.ts';
import { concatRemoval } from './rules/concat-removal.ts';
import { constEltFusion } from './rules/const-elt-fusion.ts';
import { constQdqInitializersFusion } from './rules/const-qdq-initializers-fusion.ts';
import { constantSplit } from './rules/constant-split.ts';
import { constWeightsFusion } from './rules/const-weights-fusion.ts';
import { constWeightsQuantizeFusion } from './rules/const-weights-quantize-fusion.ts';
import { convActPoolFusion } from './rules/conv-act-pool-fusion.ts';
import { convActScaleFusion } from './rules/conv-act-scale-fusion.ts';
import { convEltwiseSumFusion } from './rules/conv-eltwise-sum-fusion.ts';
import { convPointwiseClipFusion } from './rules/conv-pointwise-clip-fusion.ts';
import { convReluFusion } from './rules/conv-relu-fusion.ts';
import { convScaleFusion } from './rules/conv-scale-fusion.ts';
import { convSwishTransformation } from './rules/conv-swish-transformation.ts';
import { danglingWeightsFusion } from './rules/dangling-weights-fusion.ts';
import { deconvReluFusion } from './rules/deconv-relu-fusion.ts';
import { dqQFusion } from './rules/dq-q-fusion.ts';
import { eltReluFusion } from './rules/elt-relu-fusion.ts';
import { eltwiseToPointwiseConversion } from './rules/eltwise-to-pointwise-conversion.ts';
import { genericConvActFusion } from './rules/generic-conv-act-fusion.ts';
import { horizontalMergeQNodes } from './rules/horizontal-merge-q-nodes.ts';
import { implicitInt8 } from './rules/implicit-int8.ts';
import { matmulToConvTransform } from './rules/matmul-to-conv-transform.ts';
import { myelinRegion } from './rules/myelin-region.ts';
import { pickedNormalizationSplit } from './rules/picked-normalization-split.ts';
import { pointwiseConstantFusion } from './rules/pointwise-constant-fusion.ts';
import { pointwiseFusion } from './rules/pointwise-fusion.ts';
import { preluToPointwiseConversion } from './rules/prelu-to-pointwise-conversion.ts';
import { qConvOrDeconvScaleFusion } from './rules/q-conv-or-deconv-scale-fusion.ts';
import { qdqToCopy } from './rules/qdq-to-copy.ts';
import { quantizeConvWithResidualAdd } from './rules/quantize-conv-with-residual-add.ts';
import { quantizeDoubleInputNodes } from './rules/quantize-double-input-nodes.ts';
import { quantizeGenericNodes } from './rules/quantize-generic-nodes.ts';
import { quantizeSingleInputNodes } from './rules/quantize-single-input-nodes.ts';
import { reduceToPoolingFusion } from './rules/reduce-to-pooling-fusion.ts';
import { scaleActivationFusion } from './rules/scale-activation-fusion.ts';
import { shuffleErasure } from './rules/shuffle-erasure.ts';
import { shuffleShuffleFusion } from './rules/shuffle-shuffle-fusion.ts';
import { sliceConvolutionFusion } from './rules/slice-convolution-fusion.ts';
import { sliceRemoval } from './rules/slice-removal.ts';
import { splitConstAcrossQuantizeFanOut } from './rules/split-const-across-quantize-fan-out.ts';
import { splitDqAcrossFanOut } from './rules/split-dq-across-fan-out.ts';
import { splitQAcrossPrecedingFanIn } from './rules/split-q-across-preceding-fan-in.ts';
import { transposedNormalizationSplit } from './rules/transposed-normalization-split.ts';
import { vanillaSwapWithFollowingQ } from './rules/vanilla-swap-with-following-q.ts';
import { vanillaSwapWithPrecedingDq } from './rules/vanilla-swap-with-preceding-dq.ts';
import type { SimRule } from './sim-rule.ts';

/** Rules that run one after the other over the whole network, once, or again and again until none fires. */
export interface Step {
  readonly rules: readonly SimRule[];
  readonly repeat?: true;
  /** From the outputs to the inputs, as Q travels. */
  readonly backward?: true;
}

export interface Phase {
  /** As the builder's verbose log announces it. */
  readonly name: string;
  readonly why: string;
  /** `explicit`: only for networks with Q/DQ; `float`: only for those without. */
  readonly only?: 'explicit' | 'float';
  readonly steps: readonly Step[];
}

/** The order in which the builder works, read off its verbose logs (10.6 and 8.6 agree). */
export const PHASES: readonly Phase[] = [
  {
    name: 'Applying generic optimizations to the graph for inference.',
    why: 'float weights take their BatchNorm before any Q/DQ is looked at',
    steps: [
      { rules: [shuffleShuffleFusion, shuffleErasure, reduceToPoolingFusion, convScaleFusion] },
    ],
  },
  {
    name: 'QDQ graph optimizer - constant folding of Q/DQ initializers',
    why: 'scales must be numbers before they can be compared',
    only: 'explicit',
    steps: [{ rules: [constQdqInitializersFusion] }],
  },
  {
    name: 'After Myelin optimization',
    why: 'what is left belongs to the graph passes below',
    steps: [
      {
        rules: [
          transposedNormalizationSplit,
          pickedNormalizationSplit,
          myelinRegion,
          preluToPointwiseConversion,
          matmulToConvTransform,
        ],
      },
    ],
  },
  {
    name: 'QDQ graph optimizer forward pass - DQ motions and fusions',
    why: 'each reader has a DQ of its own, as late as possible',
    only: 'explicit',
    steps: [{ rules: [splitDqAcrossFanOut, vanillaSwapWithPrecedingDq], repeat: true }],
  },
  {
    name: 'QDQ graph optimizer backward pass',
    why: 'BatchNorm and ReLU are inside their layers before Q looks for the layer that can take it',
    only: 'explicit',
    steps: [
      { rules: [eltReluFusion, scaleActivationFusion, constWeightsQuantizeFusion] },
      { rules: [convReluFusion, constEltFusion, qConvOrDeconvScaleFusion] },
      {
        rules: [horizontalMergeQNodes, splitQAcrossPrecedingFanIn, vanillaSwapWithFollowingQ],
        repeat: true,
        backward: true,
      },
      { rules: [splitConstAcrossQuantizeFanOut, constWeightsQuantizeFusion] },
    ],
  },
  {
    name: 'QDQ graph optimizer quantization pass - Generate quantized ops',
    why: 'point-wise chains first, then convolutions take what follows, then everybody takes DQ and Q',
    only: 'explicit',
    steps: [
      { rules: [pointwiseConstantFusion, pointwiseFusion, genericConvActFusion] },
      { rules: [activationToPointwiseConversion, genericConvActFusion, dqQFusion], repeat: true },
      { rules: [quantizeConvWithResidualAdd, quantizeDoubleInputNodes, quantizeSingleInputNodes] },
      { rules: [pointwiseFusion, genericConvActFusion, convPointwiseClipFusion] },
      { rules: [quantizeGenericNodes, constWeightsFusion, convEltwiseSumFusion] },
      { rules: [convActPoolFusion, eltwiseToPointwiseConversion, quantizeGenericNodes] },
    ],
  },
  {
    name: 'QDQ graph optimizer constant fold dangling QDQ pass',
    why: 'what no layer took becomes a layer of its own',
    only: 'explicit',
    steps: [
      { rules: [danglingWeightsFusion, constWeightsFusion, qdqToCopy, sliceConvolutionFusion] },
      { rules: [constantSplit] },
    ],
  },
  {
    name: 'Applying ScaleNodes fusions.',
    why: 'float networks fuse here what explicit ones fused above',
    only: 'float',
    steps: [
      { rules: [deconvReluFusion, convReluFusion, convEltwiseSumFusion] },
      { rules: [convReluFusion, eltReluFusion] },
      { rules: [convActPoolFusion] },
      { rules: [constEltFusion, pointwiseConstantFusion, pointwiseFusion] },
      { rules: [activationToPointwiseConversion, genericConvActFusion] },
      { rules: [eltwiseToPointwiseConversion, sliceConvolutionFusion] },
    ],
  },
  {
    name: 'After tensor merging',
    why: 'what became neighbours by now',
    steps: [
      {
        rules: [
          convSwishTransformation,
          convActScaleFusion,
          pointwiseConstantFusion,
          genericConvActFusion,
        ],
      },
    ],
  },
  {
    name: 'Autotuning format combination',
    why: 'precisions that the graph leaves open are settled by timing',
    only: 'float',
    steps: [{ rules: [implicitInt8] }],
  },
  {
    name: 'After slice removal',
    why: 'slices and concatenations that memory layout makes free',
    steps: [{ rules: [sliceRemoval, concatRemoval] }],
  },
];
