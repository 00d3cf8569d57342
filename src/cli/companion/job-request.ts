import type { BuildOptions, JobRequest } from '../../api/companion-api.ts';
import { badRequest, clashingNames, tooLarge, unsafeName } from '../companion-diagnostics.ts';
import { buildMode } from '../target-option.ts';
import { ApiRefusal } from './api-refusal.ts';
import { clashingPath, isSafeName, isSafePath } from './safe-name.ts';

const MODEL_ENDING = /\.onnx$/i;
const MOST_WORKSPACE_MB = 4 * 1024 * 1024;
const MOST_INPUTS = 256;
const MOST_RANK = 8;
/** What no name of an input needs, and what separates inputs on a command line. */
const ODD_IN_INPUT = /[\p{C}\p{Zl}\p{Zp}\s,;'"\\]/u;

type Fields = Readonly<Record<string, unknown>>;

const refuse = (what: string): never => {
  throw new ApiRefusal(400, badRequest(what));
};

/** Reads what a client asks to be built. Throws an `ApiRefusal` on all that is not exactly as it should be. */
export function readJobRequest(body: unknown, mostFiles: number): JobRequest {
  const { files, mode, options, ...rest } = fieldsOf(body, 'a job');
  refuseUnknown(rest);
  if (!Array.isArray(files) || files.length === 0) return refuse('a job has files');
  if (files.length > mostFiles)
    throw new ApiRefusal(413, tooLarge(`${String(mostFiles)} files for one job`));
  const read = files.map(readFile);
  checkNames(read.map(({ name }) => name));
  const known = typeof mode === 'string' ? buildMode(mode) : undefined;
  if (known === undefined) return refuse('it names no mode that there is');
  return { files: read, mode: known, options: options === undefined ? {} : readOptions(options) };
}

function readFile(file: unknown): JobRequest['files'][number] {
  const { name, sizeBytes, ...rest } = fieldsOf(file, 'a file');
  refuseUnknown(rest);
  if (typeof name !== 'string') return refuse('a file has a name');
  if (!isWithin(sizeBytes, 1, Number.MAX_SAFE_INTEGER)) return refuse('a file has a size in bytes');
  return { name, sizeBytes };
}

function checkNames(names: readonly string[]): void {
  names.forEach((name, index) => {
    const isModel = index === 0;
    if (!(isModel ? isSafeName(name) : isSafePath(name)))
      throw new ApiRefusal(400, unsafeName(index));
  });
  if (!MODEL_ENDING.test(names[0] ?? '')) refuse('the first file is the model and ends in .onnx');
  const clash = clashingPath(names);
  if (clash !== undefined) throw new ApiRefusal(400, clashingNames(clash));
}

function readOptions(options: unknown): BuildOptions {
  const { workspaceMb, shapes, ...rest } = fieldsOf(options, 'the options');
  refuseUnknown(rest);
  if (workspaceMb !== undefined && !isWithin(workspaceMb, 1, MOST_WORKSPACE_MB))
    return refuse('workspaceMb is a number of megabytes');
  return {
    ...(workspaceMb !== undefined && { workspaceMb }),
    ...(shapes !== undefined && { shapes: readShapes(shapes) }),
  };
}

function readShapes(shapes: unknown): Readonly<Record<string, readonly number[]>> {
  const entries = Object.entries(fieldsOf(shapes, 'the shapes'));
  if (entries.length > MOST_INPUTS) return refuse('it gives too many shapes');
  const read = entries.map(([name, dims]): [string, readonly number[]] => {
    if (name === '' || name.length > 256 || name.startsWith('-') || ODD_IN_INPUT.test(name))
      return refuse('a shape belongs to an input whose name can be written on a command line');
    if (!Array.isArray(dims) || dims.length > MOST_RANK)
      return refuse('a shape is a list of sizes');
    return [name, dims.map(sizeIn)];
  });
  return Object.fromEntries(read);
}

const sizeIn = (dim: unknown): number =>
  isWithin(dim, 1, 2 ** 31 - 1) ? dim : refuse('a shape is a list of sizes');

const isWithin = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;

function fieldsOf(value: unknown, what: string): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : refuse(`${what} is an object`);
}

/** A field that is not known could be an option that someone hopes to slip through. */
function refuseUnknown(rest: Fields): void {
  if (Object.keys(rest).length > 0) refuse('it has fields that are not known');
}
