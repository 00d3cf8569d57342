import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bufferSource } from '../../src/core/base/byte-source.ts';
import { openModel } from '../../src/core/onnx/index.ts';
import { simulate } from '../../src/core/sim/simulate.ts';
import type { BuildMode, Target } from '../../src/core/sim/target.ts';

// All given engines predicted in one process, and the memory that a thousand predictions leave behind.
const ENGINES = fileURLToPath(new URL('../../../shared/engines/', import.meta.url));
const GOAL_MS = 20_000;
const PREDICTIONS = 1000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const heapMb = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

async function predict(bytes: Uint8Array<ArrayBuffer>, target: Target): Promise<number> {
  const opened = await openModel([bufferSource('model.onnx', bytes)]);
  if (!opened.ok) throw new Error(opened.error.message);
  return simulate(opened.value.model, target).layers.length;
}

function read(kind: string, model: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    gunzipSync(readFileSync(join(ENGINES, 'models', kind, `${model}.onnx.gz`))),
  );
}

if (!existsSync(ENGINES)) console.log('\nGiven engines: SKIPPED, ../shared/engines is absent');
else {
  const rows = readFileSync(join(ENGINES, 'index.tsv'), 'utf8').trim().split('\n').slice(1);
  const start = performance.now();
  for (const row of rows) {
    const [target = '', kind = '', model = '', mode = 'best'] = row.split('\t');
    const trt = target.startsWith('trt8') ? '8.6' : '10.6';
    await predict(read(kind, model), { trt, sm: 90, mode: mode as BuildMode });
  }
  const spent = performance.now() - start;
  console.log(`\nGiven engines, read, opened and predicted in one process`);
  const verdict = spent <= GOAL_MS ? 'met' : 'MISSED';
  console.log(
    `  ${String(rows.length)} in ${seconds(spent)}; goal ${seconds(GOAL_MS)}: ${verdict}`,
  );

  const bytes = read('real', 'yolov5n.convs');
  const heaps: number[] = [];
  for (let i = 0; i <= PREDICTIONS; i++) {
    if (i % (PREDICTIONS / 4) === 0) heaps.push(heapMb());
    await predict(bytes, { trt: '10.6', sm: 90, mode: 'best' });
  }
  const list = heaps.map((heap) => `${heap.toFixed(0)} MB`).join(', ');
  const collected = globalThis.gc ? '' : ' (without --expose-gc, so garbage is counted too)';
  console.log(`  heap before and during ${String(PREDICTIONS)} predictions: ${list}${collected}`);
}
