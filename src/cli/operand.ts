/**
 * What a word of the command line stands for, as far as a shell can complete it: a file by its ending, a folder, one of a few
 * words, or text that nobody can know beforehand.
 */
export type Operand =
  /** `endings` without their first dot; none for files of any kind. */
  | { readonly kind: 'file'; readonly endings: readonly string[] }
  | { readonly kind: 'folder' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'text' };

const fileWith = (...endings: readonly string[]): Operand => ({ kind: 'file', endings });

/** A model to read, or to write: that may be packed too. */
export const MODEL = fileWith('onnx', 'onnx.gz');
/** A stored placement. */
export const PLACEMENT = fileWith('yaml', 'yml', 'json');
/** A model, or a placement that is put into one. */
export const MODEL_OR_PLACEMENT = fileWith('onnx', 'onnx.gz', 'yaml', 'yml', 'json');
/** Reports are of the kind that their ending says. */
export const reportWith = fileWith;
/** A file of any kind, or a folder. */
export const ANY_FILE = fileWith();
export const FOLDER: Operand = { kind: 'folder' };
export const TEXT: Operand = { kind: 'text' };
export const wordOf = (words: readonly string[]): Operand => ({ kind: 'word', words });
