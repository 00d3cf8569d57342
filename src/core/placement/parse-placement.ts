import { LineCounter, parseDocument } from 'yaml';
import { placementUnreadable, placementVersionUnknown } from '../base/diagnostics/placement.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { PairsParser } from './parse-pairs.ts';
import { PLACEMENT_VERSION } from './placement-file.ts';
import type { Placement } from './placement-file.ts';
import type { NodeSignature } from './structure-signature.ts';
import { TextEntry, TextFault } from './text-entry.ts';

const TOP_KEYS = ['version', 'model', 'scales', 'pairs', 'structure'] as const;

/**
 * Reads a placement from YAML or JSON; `file` is how messages call it. Fails with the line and the entry that is wrong:
 * broken syntax, unknown keys, values of other types, names that lead nowhere.
 */
export function parsePlacement(text: string, file = 'the placement'): Result<Placement> {
  const lines = new LineCounter();
  try {
    // Keys are checked for doubles by ourselves: the parser compares each with each.
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) {
      const line = fault.linePos?.[0].line ?? 1;
      const [what = ''] = fault.message.split(/ at line |\n/);
      return fail(placementUnreadable(file, line, `this is neither YAML nor JSON (${what})`));
    }
    return readDocument(new TextEntry(document.contents, '', lines), file);
  } catch (error) {
    if (error instanceof TextFault) return fail(placementUnreadable(file, error.line, error.why));
    // The parser calls itself for every level: a text can be nested deeper than the stack.
    if (error instanceof RangeError)
      return fail(placementUnreadable(file, 1, 'the text is nested too deeply'));
    throw error;
  }
}

function readDocument(root: TextEntry, file: string): Result<Placement> {
  const version = root.isMap ? root.entries().get('version') : undefined;
  if (!version) throw new TextFault(root.line, 'this is no placement: it states no version');
  if (version.number() !== PLACEMENT_VERSION)
    return fail(placementVersionUnknown(file, version.text()));
  const fields = root.fields(TOP_KEYS);
  const pairs = fields.get('pairs');
  if (!pairs) throw root.fault('has no pairs');
  const parser = new PairsParser();
  for (const [name, entry] of fields.get('scales')?.entries() ?? []) parser.addScale(name, entry);
  const read = pairs.list().map((entry) => parser.pair(entry));
  return ok({
    model: modelOf(fields.get('model')),
    scales: parser.scales,
    pairs: read,
    structure: structureOf(fields.get('structure')),
  });
}

/** Written by hand, a placement may name no model: then nothing but names is trusted. */
function modelOf(entry: TextEntry | undefined): Placement['model'] {
  const fields = entry?.fields(['name', 'nodes', 'fingerprint']);
  return {
    name: fields?.get('name')?.text() ?? '',
    nodes: fields?.get('nodes')?.integer(0, 2 ** 31) ?? 0,
    fingerprint: fields?.get('fingerprint')?.text() ?? '',
  };
}

function structureOf(entry: TextEntry | undefined): Placement['structure'] {
  const structure = new Map<string, NodeSignature>();
  for (const [name, signature] of entry?.entries() ?? []) {
    const [opType, up, down, ...more] = signature.list();
    if (!opType || !up || !down || more.length > 0)
      throw signature.fault('has to be a list of an operator and two signatures');
    structure.set(name, { opType: opType.text(), up: up.text(), down: down.text() });
  }
  return structure;
}
