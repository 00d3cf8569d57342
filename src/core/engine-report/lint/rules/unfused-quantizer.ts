import { isLow } from '../../../explain/low-types.ts';
import type { BuiltLayer } from '../../../engine/built-engine.ts';
import type { EngineContext } from '../engine-context.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineDiscovery, EngineRule } from '../engine-finding.ts';
import { calledName, listed, percentText, tensorText, timeText } from '../engine-words.ts';

// A Q or DQ that no layer took runs as a kernel of its own: a Reformat of origin QDQ, or a Scale with INT8 on one side alone. The
// first Q of the network and the last DQ have no layer to go into as long as the network is fed and read in float.
export const unfusedQuantizer: EngineRule = {
  id: 'unfused-quantizer',
  severity: 'warning',
  title: 'Q/DQ that no layer took',
  docs: [
    engineDocs.explicitQuantization(
      'layers take the Q behind and the DQ before them into their kernels',
    ),
  ],
  evidence: { kind: 'observed', engines: ['resnet18.convs', 'yolov5n.both'] },
  consequence: 'A kernel of its own converts a whole tensor.',
  advice:
    'Move the pair to where a layer can take it: quantize the output of the layer before, or the other inputs of the layer behind.',
  find: (context) =>
    context.layers
      .filter(
        (layer) => isConverting(layer) && (layer.role === 'qdq' || layer.layerType === 'Scale'),
      )
      .map((layer) => discoveryOf(layer, context)),
};

/** INT8 on both sides is a requantization, which has a finding of its own. */
const isConverting = ({ role, inputs: [from], outputs: [to] }: BuiltLayer): boolean =>
  from === undefined || to === undefined
    ? role === 'qdq'
    : isLow(from.dataType) !== isLow(to.dataType);

function discoveryOf(layer: BuiltLayer, context: EngineContext): EngineDiscovery {
  const [from, to] = [layer.inputs[0], layer.outputs[0]];
  const { flow } = context;
  const atInput = from !== undefined && flow.isNetworkInput(from.name);
  const atOutput = to !== undefined && flow.isNetworkOutput(to.name);
  const share = context.share(layer);
  const cost =
    share === null ? '' : `; ${timeText(context.timeUs([layer]))}, ${percentText(share)}`;
  const change = from && to ? `${tensorText(from)} → ${tensorText(to)}` : 'a conversion';
  const neighbours = [
    ...(atInput ? ['at the network input'] : near('behind', flow.before(layer))),
    ...(atOutput ? ['at the network output'] : near('before', flow.after(layer))),
  ];
  return {
    layers: [refTo(layer)],
    message: `${calledName(layer)} runs by itself, ${[change, ...neighbours].join(', ')}${cost}.`,
    lostUs: context.timeUs([layer]),
    ...((atInput || atOutput) && {
      severity: 'info',
      advice: atInput
        ? 'Feed the network INT8 (take Q off the model and quantize on the way in) if this time matters.'
        : 'Give INT8 out (take DQ off the model and dequantize afterwards) if this time matters.',
    }),
  };
}

const near = (word: string, layers: readonly BuiltLayer[]): readonly string[] =>
  layers.length === 0 ? [] : [`${word} ${listed(layers.map(calledName), 2)}`];
