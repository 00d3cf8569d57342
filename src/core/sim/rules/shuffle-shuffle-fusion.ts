import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import type { ShuffleSteps } from '../graph/layer-parameters.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

interface Match {
  readonly follower: SimLayer;
  readonly steps: ShuffleSteps;
}

// Reshapes and transposes in a row are one shuffle layer, as long as they are a transpose, a reshape and a transpose in
// this order. A reshape behind a transpose that already has one before it starts a new layer: so DepthToSpace is two.
export const shuffleShuffleFusion = defineSimRule<Match>({
  id: 'shuffle-shuffle-fusion',
  pass: 'ShuffleShuffleFusion',
  summary: 'Reshapes and transposes in a row become one shuffle layer',
  docs: [docs.fusions('two shuffles in a row become one')],
  evidence: {
    kind: 'observed',
    engines: ['attention_none', 'bert_mini.fp', 'move_DepthToSpace_both'],
  },
  again: true,
  kinds: ['SHUFFLE'],
  check(layer) {
    const follower = layer.output.soleReader();
    if (follower?.kind !== 'SHUFFLE') return null;
    const first = layer.parameters.shuffle;
    const second = follower.parameters.shuffle;
    const steps = first && second ? JOINED.get(collapse(first + second)) : undefined;
    return steps ? { follower, steps } : null;
  },
  effect(layer, { follower, steps }, edit) {
    edit.say(`ShuffleShuffleFusion: Fusing ${layer.name} with ${follower.name}`, layer, follower);
    const transposes =
      layer.parameters.transposes === true || follower.parameters.transposes === true;
    absorbFollower(edit.graph, layer, follower);
    layer.parameters = { transposes, shuffle: steps };
  },
});

/** Two transposes in a row are one, and so are two reshapes. */
const collapse = (steps: string): string => steps.replaceAll('TT', 'T').replaceAll('RR', 'R');

const JOINED = new Map<string, ShuffleSteps>([
  ['T', 'T'],
  ['R', 'R'],
  ['TR', 'TR'],
  ['RT', 'RT'],
  ['TRT', 'TRT'],
]);
