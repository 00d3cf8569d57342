/** How an image becomes the input of a network. */
export interface Preprocess {
  /** What the network takes, in pixels. */
  readonly width: number;
  readonly height: number;
  /**
   * `shorter`: the shorter side becomes `shorterSide`, then the middle is cut out; `exact`: both sides as they must be,
   * whatever that does to the proportions; `letterbox`: as large as fits, the rest filled with `fill`.
   */
  readonly resize: ResizeMode;
  /** Pixels; only for `shorter`, and at least the larger of width and height. */
  readonly shorterSide: number;
  /** Byte for the border of a letterbox. */
  readonly fill: number;
  /** Order of the channels; `GRAY` is one channel, the luma of ITU-R BT.601. */
  readonly channels: ChannelOrder;
  /** Bytes are divided by this: 255 for numbers from 0 to 1, 1 to keep them. */
  readonly divideBy: number;
  /** Subtracted after the division, for red, green and blue (gray takes the first). */
  readonly mean: Triple;
  /** Divides after the subtraction. */
  readonly std: Triple;
  readonly layout: Layout;
  /** `uint8` gives the bytes as they are and takes no scaling. */
  readonly dataType: 'float32' | 'float16' | 'uint8';
}

export type Triple = readonly [number, number, number];
export const RESIZE_MODES = ['shorter', 'exact', 'letterbox'] as const;
export type ResizeMode = (typeof RESIZE_MODES)[number];
export const CHANNEL_ORDERS = ['RGB', 'BGR', 'GRAY'] as const;
export type ChannelOrder = (typeof CHANNEL_ORDERS)[number];
export const LAYOUTS = ['NCHW', 'NHWC'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What a preset says; the rest follows from the input of the model. */
export type PresetSettings = Pick<Preprocess, 'resize' | 'fill' | 'divideBy' | 'mean' | 'std'> & {
  /** Shorter side before the cut, as a multiple of the network's size. */
  readonly shorterRatio: number;
};

const ZERO: Triple = [0, 0, 0];
const ONE: Triple = [1, 1, 1];
const PLAIN = { shorterRatio: 1, fill: 0, mean: ZERO, std: ONE } as const;

/** Preprocessing that whole families of networks share. */
export const PRESETS = {
  /**
   * Classifiers of torchvision and timm: shorter side to 256 (for 224), middle cut out, mean and deviation of ImageNet.
   * Source: torchvision, transforms/_presets.py, ImageClassification.
   */
  imagenet: {
    ...PLAIN,
    resize: 'shorter',
    shorterRatio: 256 / 224,
    divideBy: 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  /**
   * YOLO detectors: letterbox with gray 114, numbers from 0 to 1. They shrink without antialiasing, we with it.
   * Source: ultralytics, data/augment.py, LetterBox.
   */
  yolo: { ...PLAIN, resize: 'letterbox', fill: 114, divideBy: 255 },
  /** Numbers from 0 to 1, stretched to the size of the input. */
  unit: { ...PLAIN, resize: 'exact', divideBy: 255 },
  /** Numbers from 0 to 255, for networks that scale by themselves, stretched to the size of the input. */
  none: { ...PLAIN, resize: 'exact', divideBy: 1 },
} as const satisfies Record<string, PresetSettings>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** What of the preprocessing the model decides. */
export type InputSettings = Pick<
  Preprocess,
  'width' | 'height' | 'channels' | 'layout' | 'dataType'
>;

/** The whole preprocessing for an input by the name of a preset. Bytes for a `uint8` input are never scaled. */
export function presetFor(name: PresetName, input: InputSettings): Preprocess {
  const { shorterRatio, ...preset }: PresetSettings = PRESETS[name];
  const plain = input.dataType === 'uint8' ? { divideBy: 1, mean: ZERO, std: ONE } : {};
  const shorterSide = Math.round(Math.max(input.width, input.height) * shorterRatio);
  return { ...preset, ...plain, ...input, shorterSide };
}
