import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileByteSource } from '../../src/cli/file-byte-source.ts';
import { WINDOWS_FROM_BYTES } from '../../src/cli/open-model-file.ts';
import { bufferSource } from '../../src/core/base/byte-source.ts';
import type { ByteSource } from '../../src/core/base/byte-source.ts';
import { openModel } from '../../src/core/onnx/index.ts';
import { simulate } from '../../src/core/sim/simulate.ts';
import { generateChain, generateResnet50Qdq } from '../support/generate-model.ts';
import { goal, measure, printTimings } from './measure.ts';

// Opening a model and predicting its engine, as the command line and the page's worker do it.
const TARGET = { trt: '10.6', sm: 90, mode: 'best' } as const;

async function open(source: ByteSource) {
  const opened = await openModel([source], { wholeFileLimit: WINDOWS_FROM_BYTES });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value.model;
}
const predict = async (source: ByteSource) => simulate(await open(source), TARGET);

const folder = mkdtempSync(join(tmpdir(), 'qdq-lab-bench-'));
try {
  const resnet = bufferSource('resnet50.onnx', generateResnet50Qdq());
  const small = bufferSource('resnet50-w8.onnx', generateResnet50Qdq({ width: 8 }));
  const path = join(folder, 'resnet50.onnx');
  writeFileSync(path, await resnet.read(0, resnet.size));
  const { nodeCount } = (await open(resnet)).graph;
  const models = await measure({
    'open, from memory (102 MB)': () => open(resnet),
    'open + predict, from memory (102 MB)': () => predict(resnet),
    'open + predict, from memory, 2 MB of weights': () => predict(small),
    'open + predict, from a file (102 MB)': async () => {
      const file = await FileByteSource.open(path);
      try {
        return await predict(file);
      } finally {
        await file.close();
      }
    },
  });
  printTimings(`ResNet-50 with Q/DQ, ${nodeCount} nodes`, models, (timing) =>
    timing.name.startsWith('open + predict') ? goal(60, timing) : '',
  );

  const chains = [5_000, 10_000].map((count) => ({
    name: `open + predict, ${count} nodes`,
    source: bufferSource('chain.onnx', generateChain(count)),
  }));
  const times = await measure(
    Object.fromEntries(chains.map(({ name, source }) => [name, () => predict(source)])),
    { warmUp: 2, runs: 7 },
  );
  printTimings('Chain of Q/DQ convolutions with shortcuts', times, (timing) =>
    timing.name.includes('10000') ? goal(800, timing) : '',
  );
  const [half, whole] = times;
  if (half && whole)
    console.log(
      `  twice the nodes take ${(whole.best / half.best).toFixed(2)} times as long, by the fastest runs`,
    );
} finally {
  rmSync(folder, { recursive: true });
}
