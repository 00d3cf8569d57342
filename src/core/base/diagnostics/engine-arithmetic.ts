import type { Diagnostic } from '../diagnostic.ts';

/*
 * Sentences about following the arithmetic of an engine.
 */

/** No layer of the engine runs a node of the model. */
export const modelNotOfEngine = (): Diagnostic => ({
  code: 'validate/engine-of-other-model',
  severity: 'error',
  message:
    'No layer of the engine runs a node of this model, so it was predicted from another one.',
  advice: 'Predict the engine from the model that is compared.',
});
