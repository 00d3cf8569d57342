import type { EngineSummary, LayerRole, Precision } from '../../core/sim/predicted-engine.ts';
import type { BuildMode } from '../../core/sim/target.ts';
import {
  about,
  anyOf,
  flag,
  integer,
  list,
  object,
  oneOf,
  optional,
  orNull,
  text,
} from './schema.ts';
import type { Schema } from './schema.ts';

/* In the shape of TensorRT's inspector, whose keys these are; `Predicted` holds what the real file has not. */

interface Tensor {
  readonly Name: string;
  readonly Dimensions: readonly (string | number | null)[];
  readonly 'Format/Datatype': string;
}

const DIMS: Schema<readonly (string | number | null)[]> = list(
  about('null or a name where it is dynamic', anyOf(integer, text, { json: { type: 'null' } })),
);

const TENSOR: Schema<Tensor> = object<Tensor>({
  Name: text,
  Dimensions: DIMS,
  'Format/Datatype': text,
});

interface Refusal {
  readonly rule: string;
  readonly reason: string;
  readonly nodes: readonly string[];
}

interface LayerPrediction {
  readonly role: LayerRole;
  readonly precision: Precision;
  readonly nodes: readonly string[];
  readonly uncertain: boolean;
  readonly rules: readonly string[];
  readonly refused: readonly Refusal[];
}

const LAYER_PREDICTION: Schema<LayerPrediction> = object<LayerPrediction>({
  role: oneOf<LayerRole>({
    compute: true,
    reformat: true,
    noop: true,
    qdq: true,
    constant: true,
    shape: true,
  }),
  precision: oneOf<Precision>({
    int8: true,
    fp8: true,
    int4: true,
    fp16: true,
    bf16: true,
    fp32: true,
    other: true,
  }),
  nodes: about('ONNX nodes that the layer runs', list(text)),
  uncertain: about('TensorRT decides by timing', flag),
  rules: list(text),
  refused: list(object<Refusal>({ rule: text, reason: text, nodes: list(text) })),
});

interface Layer {
  readonly Name: string;
  readonly LayerType: string;
  readonly Origin?: string;
  readonly Inputs: readonly Tensor[];
  readonly Outputs: readonly Tensor[];
  readonly Activation?: string;
  readonly Metadata: string;
  readonly Predicted: LayerPrediction;
}

const LAYER: Schema<Layer> = object<Layer>({
  Name: text,
  LayerType: text,
  Origin: optional(text),
  Inputs: list(TENSOR),
  Outputs: list(TENSOR),
  Activation: optional(text),
  Metadata: text,
  Predicted: LAYER_PREDICTION,
});

interface EnginePrediction {
  readonly target: string;
  readonly mode: BuildMode;
  readonly summary: EngineSummary;
  readonly remarks: readonly string[];
}

const ENGINE_PREDICTION: Schema<EnginePrediction> = object<EnginePrediction>({
  target: text,
  mode: oneOf<BuildMode>({ best: true, fp16: true, int8: true, strong: true }),
  summary: object<EngineSummary>({
    layers: integer,
    computeLayers: integer,
    int8Layers: integer,
    reformats: integer,
    survivingQdq: integer,
    noops: integer,
  }),
  remarks: list(text),
});

interface IoTensor {
  readonly Name: string;
  readonly IOMode: string;
  readonly DataType: string;
  readonly Dimensions: readonly (string | number | null)[];
  readonly Location: string;
}

interface Engine {
  readonly Layers: readonly Layer[];
  readonly Bindings?: readonly string[];
  readonly 'I/O Tensors'?: readonly IoTensor[];
  readonly Predicted: EnginePrediction;
}

const ENGINE: Schema<Engine> = object<Engine>({
  Layers: list(LAYER),
  Bindings: optional(about('before TensorRT 11', list(text))),
  'I/O Tensors': optional(
    about(
      'from TensorRT 11 on',
      list(
        object<IoTensor>({
          Name: text,
          IOMode: oneOf<string>({ Input: true, Output: true }),
          DataType: text,
          Dimensions: DIMS,
          Location: text,
        }),
      ),
    ),
  ),
  Predicted: ENGINE_PREDICTION,
});

/** What `predict --out DIR --json` prints for each model. */
export interface WrittenPrediction {
  readonly model: string;
  /** Null where the model cannot be read. */
  readonly file: string | null;
}

export const PREDICTION_SCHEMA: Schema<unknown> = anyOf(
  about('one model', ENGINE),
  about('several models: null for one that cannot be read', list(orNull(ENGINE))),
  about('with --out', list(object<WrittenPrediction>({ model: text, file: orNull(text) }))),
);
