/** What files that were opened or dropped are for. */
export type FileKind = 'model' | 'placement' | 'samples';

/**
 * Images and arrays are samples to run the model with, one .yaml or .json file is a placement, anything else is a model
 * with its external data.
 */
export function kindOfFiles(files: readonly { readonly name: string }[]): FileKind {
  if (files.length === 1 && /\.(?:ya?ml|json)$/i.test(files[0]?.name ?? '')) return 'placement';
  const isSample = ({ name }: { readonly name: string }): boolean =>
    /\.(?:png|jpe?g|webp|bmp|gif|avif|npy|npz|raw)$/i.test(name);
  return files.length > 0 && files.every(isSample) ? 'samples' : 'model';
}

/** What files about built engines are usually called: by `qdq-lab build`, by trtexec's users, by the engine explorer. */
const ENGINE_NAME =
  /\.(?:(?:layers?|graph|profile|times|timing|manifest|prediction|comparison|metadata)\.json|log|engine|plan|trt)(?:\.gz)?$/i;
/** So much of a text tells what it is. */
const HEAD_BYTES = 65536;

/** Whether a file is about an engine that TensorRT built; names that do not tell are looked into. */
export async function isEngineFile(file: File): Promise<boolean> {
  if (ENGINE_NAME.test(file.name)) return true;
  if (/\.json\.gz$/i.test(file.name)) return true;
  if (!/\.(?:json|txt)$/i.test(file.name)) return false;
  const head = await file.slice(0, HEAD_BYTES).text();
  if (/\.txt$/i.test(file.name)) return /\[TRT\]|TensorRT\.trtexec/.test(head);
  // A placement states its version first, or has pairs; all other JSON that we take is about engines.
  return !/^\s*\{\s*"version"|"pairs"\s*:/.test(head);
}
