/** First bytes of files that people mistake for models. */
const SIGNATURES: readonly (readonly [signature: string, name: string])[] = [
  ['PK\x03\x04', 'a zip archive (PyTorch checkpoints are zip archives too)'],
  ['\x1f\x8b', 'a gzip archive'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ', 'an xz archive'],
  ['7z\xbc\xaf', 'a 7-Zip archive'],
  ['\x28\xb5\x2f\xfd', 'a zstd archive'],
  ['\x89HDF', 'an HDF5 file (Keras)'],
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['%PDF', 'a PDF document'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a program'],
  ['\x80\x02', 'a Python pickle'],
  ['\x80\x04', 'a Python pickle'],
  ['\x93NUMPY', 'a NumPy array'],
  ['GGUF', 'a GGUF model'],
  ['ftrt', 'a TensorRT engine'],
  ['ptrt', 'a TensorRT engine'],
  ['version https://git-lfs', 'a Git LFS pointer: the real file was not fetched'],
  ['<!DOCTYPE', 'a web page'],
  ['<html', 'a web page'],
];

const isTextByte = (byte: number): boolean =>
  byte >= 0x20 ? byte !== 0x7f : byte === 9 || byte === 10 || byte === 13;

/** What the first bytes of a file look like, when they are surely no ONNX model; completes "it looks like ...". */
export function looksLike(head: Uint8Array): string | undefined {
  const text = String.fromCharCode(...head.subarray(0, 512));
  for (const [signature, name] of SIGNATURES) if (text.startsWith(signature)) return name;
  if (text.startsWith('TFL3', 4)) return 'a TensorFlow Lite model';
  if (head.subarray(0, 512).every(isTextByte)) {
    const start = text.trimStart().slice(0, 1);
    return start === '{' || start === '[' ? 'JSON text' : 'a text file';
  }
  return undefined;
}
