import { isAbsolute, normalize, sep } from 'node:path';
import type { Model } from '../core/ir/graph.ts';

/**
 * The files beside a model that its tensors name, each once. Those outside its folder are left out: a model must not make
 * us read or write anywhere else.
 */
export function externalLocations(model: Model): readonly string[] {
  const locations = new Set<string>();
  for (const { tensor } of model.graph.initializers.values())
    if (tensor?.location !== undefined) locations.add(tensor.location);
  return [...locations].filter((location) => {
    const inside = normalize(location);
    return !isAbsolute(inside) && inside !== '..' && !inside.startsWith(`..${sep}`);
  });
}
