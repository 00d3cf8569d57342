import { DEFAULT_TARGET, parseTarget, takenVersionRemark } from '../core/sim/parse-target.ts';
import type { BuildMode, Target } from '../core/sim/target.ts';
import { Refusal } from './command.ts';
import type { Arguments, Option } from './command.ts';

const MODES = ['best', 'fp16', 'int8', 'strong'] as const;

/** `--target` and `--mode`, the same for all verbs that predict. */
export const TARGET_OPTIONS: readonly Option[] = [
  {
    name: 'target',
    value: 'TARGET',
    summary: `TensorRT version and GPU: trt10.6-sm90, trt8.6-a100 (default ${DEFAULT_TARGET})`,
  },
  {
    name: 'mode',
    value: 'MODE',
    choices: MODES,
    summary: 'how types are chosen (default best; strong from TensorRT 11.0 on)',
  },
];

/** `text` as a build mode; undefined when it is none. */
export const buildMode = (text: string | undefined): BuildMode | undefined =>
  MODES.find((mode) => mode === text);

/** The target of a command line, and what there is to say about it. Throws a `Refusal` on one that makes no sense. */
export function targetOf(args: Arguments): { target: Target; remark: string | undefined } {
  const text = args.values.get('target') ?? DEFAULT_TARGET;
  const parsed = parseTarget(text, buildMode(args.values.get('mode')));
  if (!parsed.ok) throw new Refusal(parsed.error);
  return { target: parsed.value, remark: takenVersionRemark(text, parsed.value) };
}
