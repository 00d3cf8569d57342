import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineRule } from '../engine-finding.ts';
import { calledName, percentText, tensorText, timeText } from '../engine-words.ts';

/** Of the time of all layers. */
const COSTLY = 0.01;

// TensorRT lets layers write straight into a concatenation; where the part is also read elsewhere in a way that does not allow
// it, or is one of two concatenations, it is copied ("Generating copy for … because of stomping hazard" in the log).
export const concatCopy: EngineRule = {
  id: 'concat-copy',
  severity: 'info',
  title: 'Part copied into a concatenation',
  docs: [
    engineDocs.performance('a concatenation is free where its inputs can be written in place'),
  ],
  evidence: { kind: 'observed', engines: ['yolov5n.mo', 'yolov5n.both'] },
  consequence: 'A tensor is read and written again only to stand beside others.',
  advice:
    'Where the part feeds several concatenations or has a scale of its own, give all of them one scale; else reorder the concatenation.',
  find: (context) =>
    context.layers
      .filter(({ origin }) => origin === 'CONCAT')
      .map((layer) => {
        const share = context.share(layer);
        const cost =
          share === null ? '' : `; ${timeText(context.timeUs([layer]))}, ${percentText(share)}`;
        const [part] = layer.inputs;
        return {
          layers: [refTo(layer)],
          message: `${calledName(layer)} moves ${part === undefined ? 'a part' : tensorText(part)} into its place${cost}.`,
          lostUs: context.timeUs([layer]),
          ...(share !== null && share >= COSTLY && { severity: 'warning' as const }),
        };
      }),
};
