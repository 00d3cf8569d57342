import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileByteSource } from '../../src/cli/file-byte-source.ts';
import type { ByteSource } from '../../src/core/base/byte-source.ts';
import { openModel } from '../../src/core/onnx/index.ts';
import { generateSparseResnet50 } from '../support/generate-model.ts';
import { writeSparseFile } from '../support/write-sparse-file.ts';
import { measure, printTimings } from './measure.ts';

// Opening a file of 1.6 GB reads what describes the model and leaves the weights where they are.
const LIMIT_BYTES = 16e6;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

const folder = mkdtempSync(join(tmpdir(), 'qdq-lab-bench-'));
try {
  const path = join(folder, 'large.onnx');
  const size = writeSparseFile(path, generateSparseResnet50(262));
  const file = await FileByteSource.open(path);
  let bytes = 0;
  let reads = 0;
  const counted: ByteSource = {
    name: file.name,
    size: file.size,
    read: async (offset, length, signal) => {
      const part = await file.read(offset, length, signal);
      bytes += part.length;
      reads++;
      return part;
    },
  };
  const times = await measure(
    {
      open: async () => {
        bytes = 0;
        reads = 0;
        const opened = await openModel([counted]);
        if (!opened.ok) throw new Error(opened.error.message);
      },
    },
    { warmUp: 1, runs: 7 },
  );
  await file.close();
  printTimings(`ResNet-50, four times as wide: a file of ${megabytes(size)}`, times);
  const verdict = bytes <= LIMIT_BYTES ? 'met' : 'MISSED';
  console.log(`  ${megabytes(bytes)} read in ${reads} reads; goal 16 MB: ${verdict}`);
  console.log(`  resident memory ${megabytes(process.memoryUsage().rss)}`);
} finally {
  rmSync(folder, { recursive: true });
}
