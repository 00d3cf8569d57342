import type { DataType } from '../ir/data-type.ts';
import type { Reader } from './placement-edit.ts';
import type { NodeSignature } from './structure-signature.ts';

/** Version of the form in which placements are written; others are refused. */
export const PLACEMENT_VERSION = 1;

/** Scales as one constant of the model: pairs that name the same one share it. */
export interface StoredScale {
  /** Row major; exact values of `dataType`. */
  readonly numbers: readonly number[];
  /** Dimensions of the constant: [] and [1] for one scale, [n] along an axis, the rank of the tensor for blocks. */
  readonly dims: readonly number[];
  readonly dataType: DataType;
}

/** What a Q or DQ says beside what it reads. */
export interface QuantizerSettings {
  /** Name in `Placement.scales`. */
  readonly scale: string;
  /** Type on the integer side. */
  readonly type: DataType;
  /** One for all, one for each scale, or none where the input is left out. */
  readonly zeroPoint: number | readonly number[] | null;
  /** As the node states it; absent where it does not. */
  readonly axis?: number;
  readonly blockSize?: number;
  /** Other attributes that are integers: `saturate`, `output_dtype`. */
  readonly attributes?: Readonly<Record<string, number>>;
  /** For TensorRT's own operators: `TRT_FP8` of `TRT_FP8QuantizeLinear`, and their domain. */
  readonly operators?: string;
  readonly domain?: string;
}

/** Who reads a quantized value: an input of a node, or the network's output of that name. */
export type StoredReader = Reader | { readonly output: string };

/** One DQ behind a Q. */
export interface StoredDequantizer {
  /** Name of the node; absent where the file gives none. */
  readonly name?: string;
  readonly readers: readonly StoredReader[];
  /** Only where they differ from those of the Q. */
  readonly settings?: QuantizerSettings;
}

/** One Q with the DQs behind it; or a DQ alone, on integers that are stored in the model. */
export interface StoredPair {
  /** The value before all Q/DQ: an initializer's name for weights. */
  readonly tensor: string;
  /** Name of the DQ that stands before the Q, where a value is quantized twice in a row. */
  readonly behind?: string;
  /** Name of the Q; null where there is none in the model, absent where the file gives none. */
  readonly quantize?: string | null;
  readonly settings: QuantizerSettings;
  /** Readers that another export has beside those named get the pair too. Only with one DQ. */
  readonly all: boolean;
  readonly dequantizers: readonly StoredDequantizer[];
}

/** Where Q/DQ stand in a model, apart from the model: to be looked at, compared, kept and applied to another export. */
export interface Placement {
  readonly model: {
    readonly name: string;
    /** Nodes without Q/DQ and constants. */
    readonly nodes: number;
    /** Over names and types of these nodes; equal for the same export, with and without Q/DQ. */
    readonly fingerprint: string;
  };
  readonly scales: ReadonlyMap<string, StoredScale>;
  /** In the order of the model. */
  readonly pairs: readonly StoredPair[];
  /** Where the readers stand, by name: finds them in an export that calls them otherwise. */
  readonly structure: ReadonlyMap<string, NodeSignature>;
}

/** Whether a reader is an output of the network. */
export const isOutputReader = (reader: StoredReader): reader is { readonly output: string } =>
  'output' in reader;

/** `Conv_0 (input 1)` or `the output y`, for sentences. */
export const readerText = (reader: StoredReader): string =>
  isOutputReader(reader) ? `the output ${reader.output}` : `${reader.node} (input ${reader.input})`;
