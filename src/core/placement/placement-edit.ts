/** Types that new pairs quantize to. */
export type NewQuantizedType = 'int8' | 'float8e4m3fn';

/**
 * Largest magnitude that a scale maps its range to. INT8 leaves -128 out, so that the range is the same on both sides (as
 * TensorRT's calibrators and Model-Optimizer do); E4M3 ends at 448 (ONNX: "Float stored in 8 bits").
 */
export const HIGHEST_CODE: Readonly<Record<NewQuantizedType, number>> = {
  int8: 127,
  float8e4m3fn: 448,
};

/** Where a new pair takes its scale (and zero point and type) from. */
export type ScaleSource =
  /** A Q or DQ node of the model: the new pair reads the same scale and zero point, so the two stay equal. */
  | { readonly kind: 'same-as'; readonly quantizer: string }
  /** One scale, or one for each element along `axis`; zero point 0; INT8 unless told. */
  | {
      readonly kind: 'given';
      readonly scales: readonly number[];
      readonly axis?: number;
      readonly type?: NewQuantizedType;
    }
  /**
   * One scale together with a Q or DQ of another value. It keeps its number until calibration has found one that serves
   * both: `Tensor.placeholder` marks it.
   */
  | { readonly kind: 'shared-with'; readonly quantizer: string }
  /** One scale that only calibration can give: 1 until then, which tells the layers but not the numbers. INT8 unless told. */
  | { readonly kind: 'to-calibrate'; readonly type?: NewQuantizedType }
  /**
   * The largest magnitude of a constant over that of the type (INT8 unless told: 127), for each element along `axis`, or
   * one for all: the usual scales of weights.
   */
  | { readonly kind: 'from-constant'; readonly axis?: number; readonly type?: NewQuantizedType };

/** One read of a value: input number `input` of `node`. */
export interface Reader {
  readonly node: string;
  readonly input: number;
}

/** A change of where Q/DQ pairs stand, as data: cloneable, and named by the nodes and values of the model. */
export type PlacementEdit =
  /** Puts Q and DQ on `value`: for all that read it, or for one reader only. Outputs of the network stay float. */
  | {
      readonly kind: 'add-pair';
      readonly value: string;
      readonly reader?: Reader;
      readonly scale: ScaleSource;
    }
  /** Takes a QuantizeLinear and the DQs behind it out. */
  | { readonly kind: 'remove-pair'; readonly quantize: string }
  /** Gives other quantizers (Q nodes, with the DQs behind them) the scale of `from`. */
  | {
      readonly kind: 'share-scale';
      readonly from: string;
      readonly quantizers: readonly string[];
    }
  /** Takes a pair from one side of `over` to the other: from its output to its inputs, or from an input to its output. */
  | { readonly kind: 'move-pair'; readonly quantize: string; readonly over: string }
  /** Takes a Relu out: a proposal only, for it changes what the network computes. */
  | { readonly kind: 'remove-relu'; readonly node: string };

/**
 * What an edit does to the numbers: `rounding` changes where values are rounded and clamped, within what calibration
 * can answer for; `function` changes what the network computes, so it needs retraining or a proof.
 */
export const effectOnNumbers = (edit: PlacementEdit): 'rounding' | 'function' =>
  edit.kind === 'remove-relu' ? 'function' : 'rounding';
