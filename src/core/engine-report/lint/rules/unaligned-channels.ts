import type { BuiltLayer } from '../../../engine/built-engine.ts';
import type { Precision } from '../../../sim/predicted-engine.ts';
import { inputChannels } from '../../convolution-efficiency.ts';
import type { EngineContext } from '../engine-context.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineDiscovery, EngineRule } from '../engine-finding.ts';
import { calledName, counted, timeText } from '../engine-words.ts';

/** Elements along channels that tensor cores take at once. FP8 packs as many elements into a register as INT8 does into half of its 32. */
const STEP: Readonly<Partial<Record<Precision, number>>> = {
  int8: 32,
  int4: 32,
  fp8: 16,
  fp16: 8,
  bf16: 8,
};
/** Channels of an image: kernels of their own exist for first layers, and there is nothing to choose. */
const IMAGE_CHANNELS = 4;
/** Of the arithmetic: below, padding is not worth a word (255 of 256 channels). */
const LEAST_PADDING = 0.05;

// Kernels pad channels to whole vectors and compute the padding. Grouped and depthwise convolutions have kernels of their own that
// do not compute on whole vectors, so that they are left out.
export const unalignedChannels: EngineRule = {
  id: 'unaligned-channels',
  severity: 'info',
  title: 'Channels fill no whole vector',
  docs: [
    engineDocs.performance(
      'tensor cores want dimensions in multiples of 32 for INT8 and 8 for FP16; others are padded',
    ),
  ],
  evidence: { kind: 'documented' },
  consequence: 'The kernel computes and stores channels that nobody asked for.',
  advice: 'Choose channel counts that are multiples of the vector, or pad them in the model.',
  find: (context) => context.layers.flatMap((layer) => discoveryOf(layer, context)),
};

function discoveryOf(layer: BuiltLayer, context: EngineContext): readonly EngineDiscovery[] {
  const { convolution, precision } = layer;
  const step = STEP[precision];
  const input = inputChannels(layer);
  if (convolution?.groups !== 1 || step === undefined || input === null) return [];
  const output = convolution.outMaps;
  const padded = (count: number): number => Math.ceil(count / step) * step;
  const inputIsOff = input > IMAGE_CHANNELS && input % step !== 0;
  const outputIsOff = output > 0 && output % step !== 0;
  if (!inputIsOff && !outputIsOff) return [];
  const used =
    (inputIsOff ? input / padded(input) : 1) * (outputIsOff ? output / padded(output) : 1);
  if (1 - used < LEAST_PADDING) return [];
  const time = context.timeUs([layer]);
  const lostUs = time === null ? null : time * (1 - used);
  const counts = [
    ...(inputIsOff ? [counted(input, 'input channel')] : []),
    ...(outputIsOff ? [counted(output, 'output channel')] : []),
  ];
  return [
    {
      layers: [refTo(layer)],
      message: `${calledName(layer)} has ${counts.join(' and ')}, which fill no vector of ${String(step)} in ${precision.toUpperCase()}: ${((1 - used) * 100).toFixed(0)} % of its arithmetic is padding${lostUs === null ? '' : `, at most ${timeText(lostUs)}`}.`,
      lostUs,
    },
  ];
}
