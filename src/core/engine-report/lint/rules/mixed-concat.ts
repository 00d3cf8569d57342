import type { BuiltLayer } from '../../../engine/built-engine.ts';
import { isCopy } from '../../layer-kind.ts';
import type { EngineContext } from '../engine-context.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineDiscovery, EngineRule } from '../engine-finding.ts';
import { calledName, counted, listed, timeText, typeText } from '../engine-words.ts';

// A concatenation costs nothing where each layer writes its part into the whole. Parts that come in another type or scale are
// converted into their place first: several layers write one tensor, and some of them only convert.
export const mixedConcat: EngineRule = {
  id: 'mixed-concat',
  severity: 'warning',
  title: 'Concatenation of parts in different types or scales',
  docs: [engineDocs.explicitQuantization('inputs of a concatenation should have one scale')],
  evidence: { kind: 'observed', engines: ['concat_unequal', 'yolov5n.both'] },
  consequence: 'Parts are converted one by one before they can stand in one tensor.',
  advice: 'Quantize all inputs of the concatenation, with one scale for all of them.',
  find(context) {
    const names = new Set(context.layers.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
    return [...names].flatMap((name) => discoveryOf(name, context));
  },
};

function discoveryOf(name: string, context: EngineContext): readonly EngineDiscovery[] {
  const writers = context.flow.writers(name);
  if (writers.length < 2) return [];
  const converting = writers.filter(converts);
  if (converting.length === 0) return [];
  const lostUs = context.timeUs(converting);
  const types = [
    ...new Set(
      writers.flatMap((writer) => {
        const source = converts(writer) ? writer.inputs[0] : writer.outputs[0];
        return source ? [typeText(source.dataType)] : [];
      }),
    ),
  ];
  return [
    {
      layers: converting.map(refTo),
      message: `${calledName({ name, nodes: [] })} is put together from ${counted(writers.length, 'part')} in ${types.length > 1 ? listed(types) : `${listed(types)} of different scales`}; ${listed(converting.map(calledName), 2)} ${converting.length === 1 ? 'converts' : 'convert'}${lostUs === null ? '' : ` for ${timeText(lostUs)}`}.`,
      lostUs,
    },
  ];
}

/** A copy that changes the type, or a Scale, which changes the scale of INT8. */
const converts = (layer: BuiltLayer): boolean =>
  layer.layerType === 'Scale' ||
  layer.role === 'qdq' ||
  (isCopy(layer) && layer.inputs[0]?.dataType !== layer.outputs[0]?.dataType);
