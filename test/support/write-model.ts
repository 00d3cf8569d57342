import { writeFileSync } from 'node:fs';
import { generateChain, generateResnet50Qdq } from './generate-model.ts';

// Writes a generated model: `tsx test/support/write-model.ts resnet50 [WIDTH] FILE` or `… chain NODES FILE`.
const [kind, ...rest] = process.argv.slice(2);
const file = rest.pop();
const size = rest[0] === undefined ? undefined : Number(rest[0]);
if (file === undefined || (kind !== 'resnet50' && kind !== 'chain')) {
  console.error('usage: write-model.ts resnet50 [WIDTH] FILE | chain NODES FILE');
  process.exit(2);
}
const bytes =
  kind === 'chain' ? generateChain(size ?? 1000) : generateResnet50Qdq(size ? { width: size } : {});
writeFileSync(file, bytes);
console.log(`${file}: ${bytes.length} bytes`);
