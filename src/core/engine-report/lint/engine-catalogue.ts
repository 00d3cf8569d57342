import type { EngineRule } from './engine-finding.ts';
import { concatCopy } from './rules/concat-copy.ts';
import { costlyReformat } from './rules/costly-reformat.ts';
import { floatIsland } from './rules/float-island.ts';
import { floatOutput } from './rules/float-output.ts';
import { hotspot } from './rules/hotspot.ts';
import { manyTinyKernels } from './rules/many-tiny-kernels.ts';
import { mixedConcat } from './rules/mixed-concat.ts';
import { noTensorCoreTactic } from './rules/no-tensor-core-tactic.ts';
import { requantizationCopy } from './rules/requantization-copy.ts';
import { unalignedChannels } from './rules/unaligned-channels.ts';
import { unfusedQuantizer } from './rules/unfused-quantizer.ts';

/**
 * All findings about real engines: what a better placement cures first, then what the network itself or the build costs. Where
 * two findings weigh alike, they are told in this order.
 */
export const ENGINE_CATALOGUE: readonly EngineRule[] = [
  unfusedQuantizer,
  requantizationCopy,
  mixedConcat,
  floatIsland,
  floatOutput,
  costlyReformat,
  concatCopy,
  noTensorCoreTactic,
  unalignedChannels,
  hotspot,
  manyTinyKernels,
];
