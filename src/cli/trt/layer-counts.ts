import { readFile } from 'node:fs/promises';

/** How many layers an engine has, and how many of them take in INT8. */
export interface LayerCounts {
  readonly layers: number;
  readonly int8: number;
}

interface FileTensor {
  readonly 'Format/Datatype'?: unknown;
  readonly Datatype?: unknown;
}

/** Counts in a file that a build has just left; undefined where it has no layers with details. */
export async function layerCounts(path: string): Promise<LayerCounts | undefined> {
  const found = JSON.parse(await readFile(path, 'utf8')) as { readonly Layers?: unknown };
  if (!Array.isArray(found.Layers)) return undefined;
  const layers = found.Layers as readonly { readonly Inputs?: readonly FileTensor[] }[];
  const int8 = layers.filter(({ Inputs }) =>
    /int8/i.test(String(Inputs?.[0]?.['Format/Datatype'] ?? Inputs?.[0]?.Datatype)),
  );
  return { layers: layers.length, int8: int8.length };
}

/** How far a prediction agrees with the engine: of layers and of types, from 0 to 1. */
export interface Agreement {
  readonly layers: number;
  readonly precision: number;
}

/** The figures of a comparison that a build has left. */
export async function agreementIn(path: string): Promise<Agreement> {
  return (JSON.parse(await readFile(path, 'utf8')) as { readonly figures: Agreement }).figures;
}
