import type { Model } from '../../core/ir/model.ts';
import { optimize as optimizeModel } from '../../core/optimize/optimize.ts';
import { wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { openModelFile } from '../open-model-file.ts';
import { passList, passListJson } from '../pass-list.ts';
import { progressOf } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { REWRITE_OPTIONS, rewriteOptions } from '../rewrite-options.ts';
import { OUTPUT_OPTIONS, writeRewrite } from '../rewrite-output.ts';
import type { RewriteResult } from '../rewrite-output.ts';
import { fillScales, SCALE_OPTIONS } from '../scale-source.ts';
import { TARGET_OPTIONS, targetOf } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { MODEL } from '../operand.ts';

/** `qdq-lab optimize IN OUT`: passes and a search that make the predicted engine better. */
export const optimize: Command = {
  name: 'optimize',
  summary: 'rewrite a model until its predicted engine gets no better',
  usage: 'IN [OUT]',
  operands: [MODEL, MODEL],
  details: [
    'Reads IN (.onnx or .onnx.gz, - for standard input), runs rewrite passes to their fixed point, takes back what the\n' +
      'predicted engine is no worse without, then searches placements of Q/DQ. Prints each change with its reason, and writes\n' +
      'the model to OUT; without OUT nothing is written. Bytes that no change touched are those of IN.',
    'New Q/DQ whose scale follows from no other wait for calibration: --calib runs the model over data, --cache takes scales\n' +
      'from a file. Without, the engine is as predicted but the numbers are wrong; exit code 1 says so.',
  ],
  options: [
    ...REWRITE_OPTIONS,
    { name: 'list-passes', summary: 'list the passes with what each does, and end' },
    ...TARGET_OPTIONS,
    ...SCALE_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    'qdq-lab optimize model.onnx better.onnx --calib images/',
    'qdq-lab optimize model.onnx better.onnx --no-search --report changes.md',
    'qdq-lab optimize model.onnx --without remove-lone-pair',
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, flags } = args;
  if (flags.has('list-passes')) {
    await terminal.write(flags.has('json') ? passListJson() : passList(terminal));
    return 0;
  }
  const [path, out, ...rest] = positionals;
  if (path === undefined || rest.length > 0)
    throw new Refusal(
      wrongArguments('optimize', 'a model, and where to write it', positionals.length),
    );
  const file = await openModelFile(path);
  const progress = progressOf(terminal, flags.has('quiet'));
  try {
    const result = await rewrite({ path, out, model: file.model }, args, terminal, progress);
    progress.end();
    return await writeRewrite(result, args, terminal);
  } finally {
    progress.end();
    await file.close();
  }
}

async function rewrite(
  { path, out, model }: Pick<RewriteResult, 'path' | 'out'> & { readonly model: Model },
  args: Arguments,
  terminal: Terminal,
  progress: Progress,
): Promise<RewriteResult> {
  const { target, remark } = targetOf(args);
  if (remark !== undefined) terminal.warn(`qdq-lab: note: ${remark}`);
  const done = await optimizeModel(model, rewriteOptions(args, target, progress));
  if (!done.ok) throw new Refusal(done.error);
  const filled = await fillScales(done.value.after.model, args, progress);
  return { verb: 'optimize', path, out, target, optimized: done.value, filled };
}
