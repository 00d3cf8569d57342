import type { EngineDifference } from '../../api/rewrite-api.ts';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Ids of the boxes of an engine's drawing that differ in another engine. A difference that is about an older prediction,
 * where a layer has another name, says nothing.
 */
export function differingBoxes(
  engine: PredictedEngine | null,
  differences: readonly EngineDifference[],
  side: 'before' | 'after',
): ReadonlySet<string> {
  if (engine === null || differences.length === 0) return NONE;
  const ids = new Set<string>();
  for (const difference of differences)
    for (const { index, name } of difference[side])
      if (engine.layers[index]?.name === name) ids.add(String(index));
  return ids;
}
