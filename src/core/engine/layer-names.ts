/*
 * Names of layers, and the ONNX nodes that they and the metadata tell of. TensorRT builds names out of those of nodes:
 * `w + QuantizeLinear_1 + Conv_0`, `A || B` (side by side), `PWN(Sigmoid_3, Mul_4)`, `{ForeignNode[first...last]}`.
 */

/** TensorRT joins names by these; they break XML and terminals. */

const SEPARATORS = /\s*[\u001E\u001F]+\s*/g;

const CONTROLS = /[\u0000-\u001F\u007F-\u009F]+/g;

/** A name that can be shown: what TensorRT joins by control characters is joined by ` + `. */
export const showableName = (name: string): string =>
  name.replace(SEPARATORS, ' + ').replace(CONTROLS, ' ').trim();

const PROFILE = /\s*\[profile (\d+)\]\s*$/;

/** The optimisation profile that a layer or binding belongs to; only those after the first are marked. */
export const profileNumber = (name: string): number => Number(PROFILE.exec(name)?.[1] ?? 0);

export const isReformatName = (name: string): boolean => name.startsWith('Reformatting CopyNode');

/** The nodes of `Metadata`: `[ONNX Layer: a]`, joined by 0x1E, 0x1F or nothing. */
export function nodesOfMetadata(metadata: string): string[] {
  const nodes = metadata.split('[ONNX Layer: ').slice(1);
  return [...new Set(nodes.map((piece) => closed(piece)).filter((node) => node !== ''))];
}

/** A piece up to its own closing bracket: names of nodes may have brackets themselves. */
function closed(piece: string): string {
  let depth = 0;
  for (let i = 0; i < piece.length; i++) {
    if (piece[i] === '[') depth++;
    else if (piece[i] === ']' && --depth < 0) return piece.slice(0, i);
  }
  const last = piece.lastIndexOf(']');
  return last < 0 ? piece.trim() : piece.slice(0, last);
}

const JOINTS = / \+ | \|\| |, |PWN\(|\)+|\{ForeignNode\[|\]\}|\.\.\./;
/** What TensorRT adds by itself, and kernels of its compiler. */
const OWN =
  /^\(Unnamed Layer\* \d+\)|^ONNXTRT_|^__?my[el]|^dummy_shape_call|^Reformat|^\[[A-Za-z_ ]+\]$/;

/**
 * The parts of a layer's name that may be ONNX nodes. Names of weights are among them, since nothing tells them apart without
 * the model; a region of TensorRT's compiler names its first and last node only.
 */
export function partsOfName(name: string): string[] {
  if (isReformatName(name)) return [];
  const parts = withoutUnnamed(name)
    .split(JOINTS)
    .map((part) => part.trim().replace(/_clone_\d+$/, ''));
  return [...new Set(parts)].filter((part) => part !== '' && !OWN.test(part));
}

/** Takes out `(Unnamed Layer* 11) [Shuffle]`, whose brackets are no structure. */
const withoutUnnamed = (name: string): string =>
  name.replace(/\(Unnamed Layer\* \d+\)(?: \[[^\]]*\])?(?:_clone_\d+)?/g, '');

/** `__myl_CastMulAdd_myl0_3` → the operations that TensorRT's compiler put into one kernel: Cast, Mul, Add. */
export function operationsOfKernel(name: string): string[] {
  const match = /^__?myl_([A-Za-z]+?)(?:_myl\d+_\d+|_0x[0-9a-f]+)?$/.exec(name);
  return match ? (match[1]?.match(/[A-Z][a-z]*/g) ?? []) : [];
}
