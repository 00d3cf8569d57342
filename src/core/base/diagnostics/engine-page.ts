import type { Diagnostic } from '../diagnostic.ts';

/** A serialized engine was opened in the page. */
export const enginePlanUnreadable = (file: string): Diagnostic => ({
  code: 'engine/plan',
  severity: 'error',
  message: `${file} is a serialized engine: only the TensorRT that built it can read it.`,
  advice:
    'Let trtexec say what is in it: trtexec --loadEngine=FILE --exportLayerInfo=net.layer.json --exportProfile=net.profile.json --profilingVerbosity=detailed; then open these two files.',
  place: { file },
});
