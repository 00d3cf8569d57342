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
