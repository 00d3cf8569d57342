import type { Diagnostic } from '../diagnostic.ts';

/*
 * Sentences about placements as data: files that do not read, and entries that a model has no place for. Lines are counted
 * from 1. `why` is a clause without a full stop.
 */

const some = (names: readonly string[]): string =>
  names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${String(names.length - 3)} more`;

/** A node needs a newer operator set than the model states. */
export const opsetTooLowFor = (
  nodes: readonly string[],
  what: string,
  needed: number,
  have: number,
): Diagnostic => ({
  code: 'placement/opset-too-low',
  severity: 'error',
  message: `${some(nodes)} would use ${what}, which operator set ${String(needed)} brought; the model states ${String(have)}.`,
  advice: `Export the model with operator set ${String(needed)} or newer, or convert it with ONNX's version converter.`,
  ...(nodes[0] !== undefined && { place: { node: nodes[0] } }),
});

/** An entry, or one reader of it, that the model has no place for. */
export const placementEntryUnmatched = (
  tensor: string,
  why: string,
  reader?: string,
): Diagnostic => ({
  code: 'placement/entry-unmatched',
  severity: 'warning',
  message: `The Q/DQ on ${tensor}${reader === undefined ? '' : ` for ${reader}`} found no place: ${why}.`,
  advice: 'Place it by hand, or export the model as the one that the placement was read from.',
  place: { value: tensor },
});

/** A text that is no placement: broken YAML or JSON, or something else in it. */
export const placementUnreadable = (file: string, line: number, why: string): Diagnostic => ({
  code: 'placement/unreadable',
  severity: 'error',
  message: `${file}, line ${String(line)}: ${why}.`,
  advice: 'Correct the line, or write the placement anew from its model.',
  place: { file },
});

/** A placement of a version that we do not know. */
export const placementVersionUnknown = (file: string, version: string): Diagnostic => ({
  code: 'placement/version-unknown',
  severity: 'error',
  message: `${file} states version ${version} of placements, but only version 1 is known.`,
  advice: 'Use the release of the tool that wrote it, or write the placement anew from its model.',
  place: { file },
});

/** Q/DQ that a placement cannot hold. */
export const quantizerNotStored = (node: string, why: string): Diagnostic => ({
  code: 'placement/not-stored',
  severity: 'warning',
  message: `${node} is not part of the placement: ${why}.`,
  advice: 'It stays where it is; only Q/DQ with constant scales between floats can be placed anew.',
  place: { node },
});
