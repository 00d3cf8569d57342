import { link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { Graph, Model } from '../../core/ir/graph.ts';
import type { Tensor } from '../../core/ir/tensor.ts';
import { openModel } from '../../core/onnx/index.ts';
import { dataMissing, dataOutside } from '../companion-diagnostics.ts';
import { FileByteSource } from '../file-byte-source.ts';
import { WINDOWS_FROM_BYTES } from '../open-model-file.ts';
import { clashingPath, isSafePath } from './safe-name.ts';

/**
 * Why TensorRT must not be given the model in `folder`; undefined where it may. The model's own bytes name the files that
 * TensorRT will read its data from: each has to be one of `names`, which were sent with it. A file that was sent by its bare name
 * gets the folder that the model gives it, for browsers tell no folders.
 */
export async function checkModel(
  folder: string,
  names: readonly string[],
): Promise<Diagnostic | undefined> {
  const sources: FileByteSource[] = [];
  try {
    for (const name of names) sources.push(await FileByteSource.open(join(folder, name), name));
    const opened = await openModel(sources, { wholeFileLimit: WINDOWS_FROM_BYTES });
    if (!opened.ok) return opened.error;
    return await provide(folder, names, dataLocations(opened.value.model));
  } finally {
    for (const source of sources) await source.close();
  }
}

async function provide(
  folder: string,
  names: readonly string[],
  locations: ReadonlySet<string>,
): Promise<Diagnostic | undefined> {
  const there = new Set(names);
  for (const location of locations) {
    const path = location.replace(/^(?:\.\/)+/, '');
    if (!isSafePath(path)) return dataOutside();
    if (there.has(path)) continue;
    const bare = path.slice(path.lastIndexOf('/') + 1);
    if (!names.slice(1).includes(bare)) return dataMissing(path);
    if (clashingPath([...there, path]) !== undefined) return dataOutside();
    await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
    await link(join(folder, bare), join(folder, path));
    there.add(path);
  }
  return undefined;
}

/** Every file that a tensor anywhere in the model says its data lies in. */
export function dataLocations(model: Model): ReadonlySet<string> {
  const bodies = model.functions.flatMap(({ body }) => body ?? []);
  const locations = new Set<string>();
  for (const graph of [model.graph, ...bodies])
    for (const { location } of tensorsOf(graph))
      if (location !== undefined) locations.add(location);
  return locations;
}

function* tensorsOf(graph: Graph): Generator<Tensor> {
  for (const { tensor } of graph.initializers.values()) if (tensor !== undefined) yield tensor;
  for (const node of graph.nodes())
    for (const attribute of node.attributes.values())
      if (attribute.type === 'tensor') yield attribute.value;
      else if (attribute.type === 'tensors') yield* attribute.value;
      else if (attribute.type === 'graph') yield* tensorsOf(attribute.value);
      else if (attribute.type === 'graphs')
        for (const inner of attribute.value) yield* tensorsOf(inner);
}
