import { isLow } from '../../../explain/low-types.ts';
import type { BuiltLayer } from '../../../engine/built-engine.ts';
import type { EngineContext } from '../engine-context.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineRule } from '../engine-finding.ts';
import { calledName, listed, percentText, timeText, typeText } from '../engine-words.ts';

// A DQ followed by a Q of another scale, with nothing between that could take either, becomes one Scale (or a copy of origin QDQ)
// from INT8 to INT8.
export const requantizationCopy: EngineRule = {
  id: 'requantization-copy',
  severity: 'warning',
  title: 'INT8 rescaled to INT8',
  docs: [engineDocs.explicitQuantization('equal scales on both sides need no requantization')],
  evidence: { kind: 'observed', engines: ['yolov5n.mo'] },
  consequence: 'A kernel of its own changes nothing but the scale of a tensor.',
  advice: 'Give the quantizers on both sides one scale.',
  find: (context) =>
    context.layers
      .filter((layer) => isRequantization(layer) && !isPart(layer, context))
      .map((layer) => {
        const share = context.share(layer);
        const cost =
          share === null ? '' : `; ${timeText(context.timeUs([layer]))}, ${percentText(share)}`;
        const [before, after] = [context.flow.before(layer), context.flow.after(layer)];
        const type = typeText(layer.inputs[0]?.dataType ?? 'Int8');
        const between =
          before.length > 0 && after.length > 0
            ? ` between ${listed(before.map(calledName), 2)} and ${listed(after.map(calledName), 2)}`
            : '';
        return {
          layers: [refTo(layer)],
          message: `${calledName(layer)} rescales ${type} to ${type}${between}${cost}.`,
          lostUs: context.timeUs([layer]),
        };
      }),
};

/** A part of a concatenation is told with it. */
const isPart = ({ outputs }: BuiltLayer, { flow }: EngineContext): boolean =>
  outputs.some(({ name }) => flow.writers(name).length > 1);

const isRequantization = ({
  layerType,
  role,
  inputs: [from],
  outputs: [to],
}: BuiltLayer): boolean =>
  (layerType === 'Scale' || role === 'qdq') &&
  isLow(from?.dataType) &&
  from?.dataType === to?.dataType;
