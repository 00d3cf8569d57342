import type { BuiltLayer } from '../../../engine/built-engine.ts';
import type { EngineContext } from '../engine-context.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineDiscovery, EngineRule } from '../engine-finding.ts';
import { calledName, listed, percentText, tensorText, timeText } from '../engine-words.ts';

/** Of the time of all layers: below, a reformat is told as worth knowing only. */
const COSTLY = 0.01;

// The builder puts a copy wherever two neighbours want a tensor in different types or formats. What the engine file says of both
// sides tells which of the two it is; TensorRT 9 and later give no formats, so that there a copy without a change of type is
// a change of format that cannot be named.
export const costlyReformat: EngineRule = {
  id: 'costly-reformat',
  severity: 'info',
  title: 'Reformats between layers',
  docs: [engineDocs.formats('each kernel reads and writes the formats that it was written for')],
  evidence: { kind: 'observed', engines: ['yolov5n.mo', 'resnet18.convs'] },
  consequence: 'A whole tensor is read and written again only to change its type or storage order.',
  advice:
    'Where the type changes, quantize the side that is float or export both in one float type; where only the format changes, align the channels of the layers on both sides.',
  find(context) {
    return context.layers
      .filter(({ role, origin }) => role === 'reformat' && origin !== 'CONCAT')
      .flatMap((layer) => discoveryOf(layer, context));
  },
};

function discoveryOf(layer: BuiltLayer, context: EngineContext): readonly EngineDiscovery[] {
  const [from, to] = [layer.inputs[0], layer.outputs[0]];
  if (from === undefined || to === undefined) return [];
  const share = context.share(layer);
  const isIo = context.flow.isNetworkInput(from.name) || context.flow.isNetworkOutput(to.name);
  const change = changeOf(layer);
  const cost =
    share === null ? '' : `; ${timeText(context.timeUs([layer]))}, ${percentText(share)}`;
  return [
    {
      layers: [refTo(layer)],
      message: `${change} ${placeOf(layer, context)}${cost}.`,
      lostUs: context.timeUs([layer]),
      severity: share !== null && share >= COSTLY && !isIo ? 'warning' : 'info',
      ...(isIo && {
        advice:
          'Feed and fetch the network in the type and format that its first and last layers want (--inputIOFormats, --outputIOFormats of trtexec).',
      }),
    },
  ];
}

/** `FP16 → INT8`, or the formats where the type stays. */
function changeOf({ inputs: [from], outputs: [to] }: BuiltLayer): string {
  if (from === undefined || to === undefined) return '';
  if (from.dataType !== to.dataType || from.format !== to.format)
    return `${tensorText(from)} → ${tensorText(to)}`;
  return `${tensorText(from)} in another format`;
}

function placeOf(layer: BuiltLayer, { flow }: EngineContext): string {
  const [from, to] = [layer.inputs[0], layer.outputs[0]];
  const names = (layers: readonly BuiltLayer[]): string => listed(layers.map(calledName), 2);
  const before = flow.before(layer);
  const after = flow.after(layer);
  const start =
    before.length > 0
      ? names(before)
      : from && flow.isNetworkInput(from.name)
        ? 'the network input'
        : '';
  const end =
    after.length > 0
      ? names(after)
      : to && flow.isNetworkOutput(to.name)
        ? 'the network output'
        : '';
  if (start === '' || end === '') return `at ${calledName(layer)}`;
  return `between ${start} and ${end}`;
}
