import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Model } from '../core/ir/model.ts';
import { parsePlacement } from '../core/placement/parse-placement.ts';
import type { Placement } from '../core/placement/placement-file.ts';
import { printPlacement } from '../core/placement/print-placement.ts';
import { readPlacement } from '../core/placement/read-placement.ts';
import { cannotRead } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { describeDiagnostic } from './describe-diagnostic.ts';
import { reasonOf } from './file-byte-source.ts';
import type { Terminal } from './terminal.ts';
import { writeWholeFile } from './write-whole-file.ts';

/** Whether a path names a placement, by how it ends; models end otherwise. */
export const isPlacementPath = (path: string): boolean => /\.(ya?ml|json)$/i.test(path);

/** Reads a placement file. Throws a `Refusal` with the line that is wrong. */
export async function readPlacementFile(path: string): Promise<Placement> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Refusal(cannotRead(path, reasonOf(error)));
  }
  const parsed = parsePlacement(text, path);
  if (!parsed.ok) throw new Refusal(parsed.error);
  return parsed.value;
}

/** Writes a placement: JSON where the name ends so, else YAML. */
export const writePlacementFile = (path: string, placement: Placement): Promise<void> =>
  writeWholeFile(
    path,
    printPlacement(placement, extname(path).toLowerCase() === '.json' ? 'json' : 'yaml'),
  );

/** The placement of a model; what of it cannot be told as data goes to standard error. */
export async function placementOf(
  model: Model,
  name: string,
  terminal: Terminal,
): Promise<Placement> {
  const read = await readPlacement(model);
  if (!read.ok) throw new Refusal(read.error);
  for (const note of read.value.notes) terminal.warn(describeDiagnostic(note, name));
  return read.value.placement;
}
