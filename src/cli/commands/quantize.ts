import type { Model } from '../../core/ir/model.ts';
import { sensitivity } from '../../core/calibrate/sensitivity.ts';
import type { SensitivityReport } from '../../core/calibrate/sensitivity.ts';
import { placeQuantizers } from '../../core/quantize/quantize.ts';
import { ortRunner } from '../../ort/open-runner.ts';
import { needsOption, noCalibration, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { feedsFrom } from '../feeds-option.ts';
import { openModelFile } from '../open-model-file.ts';
import { choiceOf } from '../option-values.ts';
import { progressOf } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { breathe, REWRITE_OPTIONS, rewriteOptions, runThreads } from '../rewrite-options.ts';
import { OUTPUT_OPTIONS, writeRewrite } from '../rewrite-output.ts';
import { fillScales, SCALE_OPTIONS } from '../scale-source.ts';
import { TARGET_OPTIONS, targetOf } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { MODEL } from '../operand.ts';

const TYPES = ['int8', 'fp8'] as const;

/** `qdq-lab quantize IN OUT`: Q/DQ into a float model, placed for TensorRT and calibrated. */
export const quantize: Command = {
  name: 'quantize',
  summary: 'put calibrated Q/DQ into a float model, placed for TensorRT',
  usage: 'IN OUT',
  operands: [MODEL, MODEL],
  details: [
    'Reads the float model IN (.onnx or .onnx.gz, - for standard input), puts Q/DQ where the predicted engine is best, gives\n' +
      'weights scales for each channel and activations scales for each tensor, and writes the model to OUT.',
    'The scales of activations come from running IN over the data of --calib, or from --cache: a calibration cache of\n' +
      'TensorRT or JSON, which is written when it is not there yet.',
    'With --sensitivity each layer is also run with nothing but itself quantized, and the worst are proposed to be left out.',
  ],
  options: [
    { name: 'type', value: 'TYPE', choices: TYPES, summary: 'what to quantize to (default int8)' },
    { name: 'sensitivity', summary: 'measure what quantizing each layer costs; needs --calib' },
    ...SCALE_OPTIONS,
    ...REWRITE_OPTIONS,
    ...TARGET_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    'qdq-lab quantize model.onnx quantized.onnx --calib images/ --preset imagenet --samples 64',
    'qdq-lab quantize model.onnx quantized.onnx --calib data.npz --method percentile --percentile 99.999',
    "qdq-lab quantize model.onnx quantized.onnx --calib images/ --exclude 'type:MatMul,/head/*' --sensitivity",
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, flags, values } = args;
  const [path, out, ...rest] = positionals;
  if (path === undefined || out === undefined || rest.length > 0)
    throw new Refusal(
      wrongArguments('quantize', 'a model, and where to write it', positionals.length),
    );
  if (!values.has('calib')) {
    if (flags.has('sensitivity')) throw new Refusal(needsOption('sensitivity', 'calib'));
    if (!values.has('cache')) throw new Refusal(noCalibration());
  }
  const { target, remark } = targetOf(args);
  if (remark !== undefined) terminal.warn(`qdq-lab: note: ${remark}`);
  const file = await openModelFile(path);
  const progress = progressOf(terminal, flags.has('quiet'));
  try {
    const type = choiceOf(args, 'type', TYPES) === 'fp8' ? 'float8e4m3fn' : 'int8';
    const placed = await placeQuantizers(
      file.model,
      rewriteOptions(args, target, progress, { type }),
    );
    if (!placed.ok) throw new Refusal(placed.error);
    const filled = await fillScales(placed.value.after.model, args, progress);
    const measured = flags.has('sensitivity')
      ? { sensitivity: await measure(filled.model, args, progress) }
      : {};
    progress.end();
    const result = { verb: 'quantize', path, out, target, optimized: placed.value, filled };
    return await writeRewrite({ ...result, ...measured }, args, terminal);
  } finally {
    progress.end();
    await file.close();
  }
}

/** What each layer costs alone; the first batches of the data do. */
async function measure(
  model: Model,
  args: Arguments,
  progress: Progress,
): Promise<SensitivityReport> {
  const feeds = await feedsFrom(args.values.get('calib') ?? '', model.graph, args);
  const report = await sensitivity(model, feeds, {
    openRunner: ortRunner({ threads: runThreads() }),
    pause: breathe,
    onProgress: ({ done, of }) => {
      progress.update('Quantizing each layer alone', done / of);
    },
  });
  if (!report.ok) throw new Refusal(report.error);
  return report.value;
}
