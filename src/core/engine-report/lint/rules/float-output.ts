import { isLow } from '../../../explain/low-types.ts';
import type { BuiltLayer } from '../../../engine/built-engine.ts';
import { isCopy, isWeighted } from '../../layer-kind.ts';
import type { EngineContext } from '../engine-context.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineDiscovery, EngineRule } from '../engine-finding.ts';
import { calledName, listed, timeText, typeText } from '../engine-words.ts';

// An INT8 convolution or matrix product whose output nobody quantizes writes it in float: two or four times the bytes, and what
// reads it in INT8 needs a conversion first. Outputs of the network are meant to be float.
export const floatOutput: EngineRule = {
  id: 'float-output',
  severity: 'warning',
  title: 'INT8 in, float out',
  docs: [
    engineDocs.explicitQuantization('a Q behind a layer with INT8 inputs makes it write INT8'),
  ],
  evidence: { kind: 'observed', engines: ['resnet18.convs', 'conv_k3_fp_out'] },
  consequence: 'The output takes two to four times the bytes, and INT8 readers need a conversion.',
  advice: 'Put a Q/DQ pair on the output (behind its activation), so that the layer writes INT8.',
  find: (context) => context.layers.flatMap((layer) => discoveryOf(layer, context)),
};

function discoveryOf(layer: BuiltLayer, context: EngineContext): readonly EngineDiscovery[] {
  const [from, to] = [layer.inputs[0], layer.outputs[0]];
  if (!isWeighted(layer) || from === undefined || to === undefined) return [];
  const isFloat = to.dataType === 'Float' || to.dataType === 'Half' || to.dataType === 'BFloat16';
  const behind = context.flow.after(layer);
  const goesOut =
    context.flow.isNetworkOutput(to.name) || behind.some((copy) => copiesOut(copy, context));
  if (!isLow(from.dataType) || !isFloat || goesOut) return [];
  const converting = behind.filter(
    (reader) => isCopy(reader) && isLow(reader.outputs[0]?.dataType),
  );
  const lostUs = context.timeUs(converting);
  const readers =
    converting.length > 0
      ? `${listed(converting.map(calledName), 2)} ${converting.length === 1 ? 'converts' : 'convert'} it to ${typeText(converting[0]?.outputs[0]?.dataType ?? 'Int8')}${lostUs === null ? '' : ` in ${timeText(lostUs)}`}`
      : behind.length > 0
        ? `${listed(behind.map(calledName), 2)} ${behind.length === 1 ? 'reads' : 'read'} it in float`
        : 'nothing in the file reads it';
  return [
    {
      layers: [layer, ...converting].map(refTo),
      message: `${calledName(layer)} takes ${typeText(from.dataType)} and writes ${typeText(to.dataType)}; ${readers}.`,
      lostUs,
      ...(converting.length === 0 && { severity: 'info' }),
    },
  ];
}

const copiesOut = (layer: BuiltLayer, { flow }: EngineContext): boolean =>
  isCopy(layer) && layer.outputs.some(({ name }) => flow.isNetworkOutput(name));
