import type { BuiltLayer } from '../../../engine/built-engine.ts';
import { computesFloat, computesLow } from '../../layer-kind.ts';
import type { EngineContext } from '../engine-context.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineDiscovery, EngineRule } from '../engine-finding.ts';
import { calledName, listed, timeText } from '../engine-words.ts';

// A float layer with INT8 layers on all its ways in and out: its tensors are converted twice, and it moves more bytes than its
// neighbours. Softmax, normalization and the like may have to stay float; the finding names them, the reader judges.
export const floatIsland: EngineRule = {
  id: 'float-island',
  severity: 'warning',
  title: 'Float layer between INT8 layers',
  docs: [
    engineDocs.explicitQuantization('a layer runs in INT8 where all its inputs come out of a DQ'),
  ],
  evidence: { kind: 'observed', engines: ['resnet18.convs', 'bert_mini.convs'] },
  consequence: 'The layer moves float tensors, and conversions stand before and behind it.',
  advice: 'Quantize all inputs of the layer, and its output where it feeds INT8 layers.',
  find(context) {
    if (!context.hasLow) return [];
    return context.layers.filter(computesFloat).flatMap((layer) => discoveryOf(layer, context));
  },
};

function discoveryOf(layer: BuiltLayer, context: EngineContext): readonly EngineDiscovery[] {
  const before = context.flow.computeBefore(layer);
  const after = context.flow.computeAfter(layer);
  const isBetween =
    before.length > 0 &&
    after.length > 0 &&
    [...before, ...after].every((passage) => computesLow(passage.layer));
  if (!isBetween) return [];
  const copies = [...new Set([...before, ...after].flatMap((passage) => passage.copies))];
  const lostUs = context.timeUs(copies);
  const own = context.timeUs([layer]);
  const conversions =
    copies.length === 0
      ? ''
      : `; ${listed(copies.map(calledName), 2)} ${copies.length === 1 ? 'converts' : 'convert'} for it${lostUs === null ? '' : ` in ${timeText(lostUs)}`}`;
  return [
    {
      layers: [layer, ...copies].map(refTo),
      message: `${calledName(layer)} computes in ${layer.precision.toUpperCase()}${own === null ? '' : ` for ${timeText(own)}`} between ${listed(
        before.map((passage) => calledName(passage.layer)),
        2,
      )} and ${listed(
        after.map((passage) => calledName(passage.layer)),
        2,
      )}${conversions}.`,
      lostUs,
      ...(copies.length === 0 && { severity: 'info' }),
    },
  ];
}
