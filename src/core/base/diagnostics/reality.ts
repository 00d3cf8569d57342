import type { Diagnostic } from '../diagnostic.ts';

/* Sentences about holding a prediction against an engine that TensorRT built. */

/** The engine names no node of the model. */
export const engineOfAnotherModel = (
  engine: string,
  found: number,
  layers: number,
): Diagnostic => ({
  code: 'reality/other-model',
  severity: 'error',
  message: `${engine} was not built from this model: ${found === 0 ? 'none' : `only ${found}`} of its ${layers} layers ${found <= 1 ? 'runs' : 'run'} a node that the model has.`,
  advice:
    'Give the model that the engine was built from, with the names of nodes that it had then.',
  place: { file: engine },
});

/** Layers that name none of the model's nodes, beside those that do. */
export const layersOfUnknownNodes = (engine: string, layers: readonly string[]): Diagnostic => ({
  code: 'reality/unknown-nodes',
  severity: 'warning',
  message: `${layers.length} layers of ${engine} run no node that the model has, among them ${layers.slice(0, 3).join(', ')}.`,
  advice: 'If they compute, the model may have been exported again since the engine was built.',
  place: { file: engine },
});

/** The file has no types, so that precision cannot be compared. */
export const typesOfEngineUnknown = (engine: string): Diagnostic => ({
  code: 'reality/types-unknown',
  severity: 'warning',
  message: `${engine} says nothing of types, so that precision is not compared.`,
  advice:
    'Export it with detail: trtexec --loadEngine=engine.plan --profilingVerbosity=detailed --exportLayerInfo=engine.layer.json.',
  place: { file: engine },
});

/** Prediction and engine are of different versions. */
export const versionOfEngineDiffers = (
  engine: string,
  built: string,
  predicted: string,
): Diagnostic => ({
  code: 'reality/version-differs',
  severity: 'warning',
  message: `${engine} was built by TensorRT ${built}, but the prediction is for ${predicted}.`,
  advice: `Predict for the version of the engine: --target trt${built.split('.').slice(0, 2).join('.')}-sm… .`,
  place: { file: engine },
});
