import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingsDocument } from './findings-document.ts';
import { passesDocument } from './passes-document.ts';
import { rulesDocument } from './rules-document.ts';
import { ROOT } from './source-files.ts';

// `npm run docs` writes the documents that are made from rules; with --check it writes nothing and fails on stale ones.
const documents = new Map([
  ['src/core/sim/RULES.md', rulesDocument()],
  ['src/core/lint/FINDINGS.md', findingsDocument()],
  ['src/core/passes/PASSES.md', passesDocument()],
]);
const check = process.argv.includes('--check');
for (const [path, text] of documents) {
  const file = join(ROOT, path);
  const fresh = `${text.trimEnd()}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === fresh) continue;
  if (check) {
    console.error(`${path} is stale: run npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, fresh);
    console.log(`written: ${path}`);
  }
}
