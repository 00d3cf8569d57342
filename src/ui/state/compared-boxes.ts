import type { RealityComparison } from '../../api/engine-api.ts';
import type { EnginesState, ShownComparison } from './engine-state.ts';
import { NOTHING_DIFFERS } from './engine-state.ts';

/** Ids of the boxes of the predicted and of the built engine where the two part. */
export function errantBoxes({ disagreements }: RealityComparison): EnginesState['differing'] {
  const idsOf = (side: 'predicted' | 'built'): ReadonlySet<string> =>
    new Set(disagreements.flatMap((one) => one[side].map(({ index }) => String(index))));
  return { first: idsOf('predicted'), second: idsOf('built') };
}

/** Ids of the boxes of two engines that do the same work in other ways, the engine in the first place and that in the second. */
export function comparedBoxes(
  { ids, value }: ShownComparison,
  firstId: string,
  secondId: string,
): EnginesState['differing'] {
  const [one, other] = [ids.indexOf(firstId), ids.indexOf(secondId)];
  if (one < 0 || other < 0 || one === other) return NOTHING_DIFFERS;
  const [first, second] = [new Set<string>(), new Set<string>()];
  for (const { sides } of value.groups) {
    const pair = [sides[one], sides[other]] as const;
    const changes = new Set(pair.flatMap((side) => side?.changes ?? []));
    // Copies that came or went are ringed themselves; so are the layers where anything else changed.
    const layersToo = [...changes].some((change) => change !== 'copies');
    for (const [i, ringed] of [first, second].entries()) {
      const { layers = [], copies = [] } = pair[i] ?? {};
      if (layersToo) for (const { index } of layers) ringed.add(String(index));
      if (changes.has('copies')) for (const { index } of copies) ringed.add(String(index));
    }
  }
  return { first, second };
}
