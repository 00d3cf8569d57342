import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateChain } from '../support/generate-model.ts';
import { cli } from './cli-harness.ts';
import { FLOAT_NET, quantizedNet, writeModelText } from './cli-models.ts';
import { STAND_IN_TRTEXEC } from './trt/stand-ins.ts';

/** Files that the verbs work on, written into `folder`. */
export interface CliFiles {
  /** A path in the folder. */
  readonly at: (name: string) => string;
  readonly chain: string;
  readonly fine: string;
  /** As `fine`, with other scales. */
  readonly coarse: string;
  /** TensorRT refuses it, and lint finds an error. */
  readonly refused: string;
  /** Without Q/DQ, to be quantized. */
  readonly float: string;
  /** No model. */
  readonly damaged: string;
  /** No file. */
  readonly absent: string;
  readonly placement: string;
  /** A set of engines with a model, and one with a row whose model is not there. */
  readonly truth: string;
  readonly truthInPart: string;
  /** Options by which `build` takes the stand-in for trtexec. */
  readonly tools: readonly string[];
}

export async function cliFiles(folder: string): Promise<CliFiles> {
  const at = (name: string): string => join(folder, name);
  const chain = at('chain.onnx');
  writeFileSync(chain, generateChain(12, { floatShortcuts: true }));
  const damaged = at('damaged.onnx');
  writeFileSync(damaged, generateChain(12).subarray(0, 900));
  const fine = await writeModelText(at('fine.onnx'), quantizedNet(0.03));
  const files: CliFiles = {
    ...{ at, chain, fine, damaged },
    coarse: await writeModelText(at('coarse.onnx'), quantizedNet(0.5)),
    refused: await writeModelText(at('refused.onnx'), quantizedNet(0.03, 3)),
    float: await writeModelText(at('float.onnx'), FLOAT_NET),
    absent: at('absent.onnx'),
    placement: at('chain.yaml'),
    truth: corpus(at('truth'), chain, ['m']),
    truthInPart: corpus(at('truth-in-part'), chain, ['m', 'gone']),
    tools: ['--trtexec', STAND_IN_TRTEXEC, '--quiet'],
  };
  await cli(['placement', chain, '--out', files.placement]);
  return files;
}

/** A set of engines whose first model is there. */
function corpus(folder: string, model: string, names: readonly string[]): string {
  mkdirSync(join(folder, 'models/micro'), { recursive: true });
  copyFileSync(model, join(folder, `models/micro/${names[0] ?? ''}.onnx.gz`));
  const rows = names.map((name) => `trt10.6.0-h100\tmicro\t${name}\tbest\n`);
  writeFileSync(join(folder, 'index.tsv'), `target\tkind\tmodel\tmode\n${rows.join('')}`);
  return folder;
}
