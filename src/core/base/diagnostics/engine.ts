import type { Diagnostic, Severity } from '../diagnostic.ts';

/*
 * Sentences about files of engines that TensorRT built: layers, profiles, times, logs. `looksLike` completes "it looks like …".
 */

/** What to run for a file that tells everything. */
const DETAILED =
  'trtexec --loadEngine=engine.plan --profilingVerbosity=detailed --exportLayerInfo=engine.layer.json';

const some = (names: readonly string[]): string =>
  names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

const make = (
  severity: Severity,
  code: string,
  file: string,
  sentences: { readonly message: string; readonly advice: string },
): Diagnostic => ({
  code: `engine/${code}`,
  severity,
  ...sentences,
  ...(file !== '' && { place: { file } }),
});

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** Another kind of file than the one that was asked for. `wanted` is a noun with its article. */
export const notThisEngineFile = (
  file: string,
  wanted: string,
  looksLike: string,
  give: string,
): Diagnostic =>
  make('error', 'not-this-file', file, {
    message: `${file} is not ${wanted}: it looks like ${looksLike}.`,
    advice: give,
  });

/** The list of layers is empty. */
export const engineWithoutLayers = (file: string): Diagnostic =>
  make('error', 'no-layers', file, {
    message: `${file} has a list of layers, but nothing that could be read stands in it.`,
    advice: `Export it again: ${DETAILED}.`,
  });

/** Layers are names alone. */
export const engineOfNamesOnly = (file: string): Diagnostic =>
  make('warning', 'names-only', file, {
    message: `${file} lists only the names of layers: types, formats and tensors are missing.`,
    advice: `Build with --profilingVerbosity=detailed and export again: ${DETAILED}. The inspector of the API needs ProfilingVerbosity.DETAILED in the builder's configuration.`,
  });

/** Layers without nodes in a file that has no metadata. */
export const engineWithoutMetadata = (file: string, layers: number): Diagnostic =>
  make('warning', 'no-metadata', file, {
    message: `${file} does not say which ONNX nodes ${count(layers, 'layer runs', 'layers run')}; they are read off the names and may be incomplete.`,
    advice: `TensorRT 8.6 and later say so where the engine was built with detailed profiling verbosity: ${DETAILED}. Opening the model beside the engine fills in what lies between.`,
  });

/** Shapes that were not set when the file was written. */
export const engineShapesOpen = (file: string, tensors: number): Diagnostic =>
  make('warning', 'shapes-open', file, {
    message: `${file} leaves the shape or format of ${count(tensors, 'tensor')} open, because the engine takes dynamic shapes.`,
    advice:
      'Export the layers after shapes are set: give trtexec --shapes=input:1x3x224x224 with --exportLayerInfo, or let the inspector look at an execution context.',
  });

/** Elements of the list that are no layers. */
export const engineItemsSkipped = (file: string, items: number): Diagnostic =>
  make('warning', 'items-skipped', file, {
    message: `${file} has ${count(items, 'entry', 'entries')} among its layers that ${items === 1 ? 'is no layer' : 'are no layers'}.`,
    advice: 'Export the file again if layers are missing in the table.',
  });

/** Layers of other optimisation profiles, left out. */
export const engineProfilesLeftOut = (
  file: string,
  profiles: readonly number[],
  layers: number,
): Diagnostic =>
  make('warning', 'profiles-left-out', file, {
    message: `The engine has ${profiles.length + 1} optimization profiles; what is shown is profile 0, and ${count(layers, 'layer')} of ${profiles.length === 1 ? 'profile' : 'profiles'} ${profiles.join(', ')} ${layers === 1 ? 'is' : 'are'} left out.`,
    advice: 'Profile and time files of trtexec are about profile 0 as well.',
  });

/** Layers of one name. */
export const engineNamesRepeated = (file: string, names: readonly string[]): Diagnostic =>
  make('warning', 'names-repeated', file, {
    message: `Several layers are called ${some(names)}; the later ones are shown with #2, #3 and so on.`,
    advice: 'TensorRT names layers so; times of a profile are given to them in their order.',
  });

/** A profile or file of times whose list is empty. */
export const engineMeasuresEmpty = (file: string, what: string): Diagnostic =>
  make('error', 'no-measures', file, {
    message: `${file} holds no ${what}.`,
    advice: 'Measure again; trtexec writes these files only after inferences have run.',
  });

/** A profile that names none, or hardly any, of the engine's layers. */
export const profileOfAnotherEngine = (
  file: string,
  matched: number,
  records: number,
): Diagnostic =>
  make('error', 'profile-foreign', file, {
    message: `The profile ${file} belongs to another engine: ${matched === 0 ? 'none' : `only ${matched}`} of its ${count(records, 'layer')} ${matched <= 1 ? 'has' : 'have'} a name of this engine.`,
    advice:
      'Give layers and profile of one build: trtexec --loadEngine=engine.plan --exportLayerInfo=engine.layer.json --exportProfile=engine.profile.json.',
  });

/** Records of a profile without a layer, or layers without a record. */
export const profileMatchesInPart = (
  file: string,
  recordsLeft: readonly string[],
  layersLeft: readonly string[],
): Diagnostic =>
  make('warning', 'profile-partial', file, {
    message: [
      recordsLeft.length > 0
        ? `The profile ${file} has times of ${some(recordsLeft)}, which the engine does not list`
        : '',
      layersLeft.length > 0
        ? `${recordsLeft.length > 0 ? 'and' : `The profile ${file} has`} no time of ${some(layersLeft)}`
        : '',
    ]
      .filter((part) => part !== '')
      .join(' ')
      .concat('.'),
    advice:
      'Constants and no-ops need no time. If computing layers are among them, export layers and profile in one run of trtexec.',
  });

/** Files around an engine, but no layers among them. `kinds` are nouns. */
export const noEngineAmongFiles = (
  files: readonly string[],
  kinds: readonly string[],
): Diagnostic =>
  make('error', 'no-layers-given', files.length === 1 ? (files[0] ?? '') : '', {
    message: `There are no layers of an engine among ${some(files)}; there is ${some([...new Set(kinds)])}.`,
    advice: `Give the layer file as well: ${DETAILED}.`,
  });

/** A log alone, which does not list the layers. */
export const logWithoutLayers = (file: string): Diagnostic =>
  make('error', 'log-without-layers', file, {
    message: `The log ${file} does not list the layers of the engine.`,
    advice: `Run trtexec with --verbose, or a logger with the severity VERBOSE, whose log has "Engine Layer Information"; better, export the layers: ${DETAILED}.`,
  });

/** A log of a build that TensorRT refused. `reason` is what it said. */
export const logOfRefusedBuild = (file: string, node: string, reason: string): Diagnostic => ({
  ...make('error', 'build-refused', file, {
    message: `${file} is the log of a build that TensorRT refused${node === '' ? '' : ` at ${node}`}: ${reason.replace(/\.$/, '')}.`,
    advice: 'There is no engine to show; change the model at this place and build it again.',
  }),
  place: { file, ...(node !== '' && { node }) },
});

/** A file that none of the engines was joined with. */
export const engineFileUnused = (file: string, why: string): Diagnostic =>
  make('warning', 'file-unused', file, {
    message: `${file} was left aside: ${why}.`,
    advice:
      'Call the files of one engine alike: net.layer.json, net.profile.json, net.times.json, net.build.log.',
  });

/** A manifest whose fields are not as they should be. `field` is a path with dots. */
export const manifestInvalid = (file: string, field: string, wanted: string): Diagnostic =>
  make('error', 'manifest-invalid', file, {
    message: `The manifest ${file} cannot be used: ${field} is not ${wanted}.`,
    advice: 'Build again, or take the manifest that the build wrote without changes.',
  });

/** A manifest that a later version wrote. */
export const manifestTooNew = (file: string, version: number): Diagnostic =>
  make('error', 'manifest-too-new', file, {
    message: `The manifest ${file} has version ${version}, which is not known yet.`,
    advice: 'Update QDQ Lab to the version that wrote it.',
  });

/** A summary of times from before TensorRT 8.5. */
export const logWithoutP95 = (file: string): Diagnostic =>
  make('warning', 'log-without-p95', file, {
    message: `The performance summary of ${file} has no 95th percentile, so that no latency is shown for the engine.`,
    advice: 'Give the single times as well: trtexec --exportTimes=engine.times.json.',
  });
