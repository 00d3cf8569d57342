import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PIPELINE } from '../../src/core/passes/pipeline.ts';
import type { RewritePass } from '../../src/core/passes/rewrite-pass.ts';
import { checkSources } from './check-sources.ts';
import { ROOT } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

const PASSES = /^src\/core\/passes\/rewrites\/.*\.ts$/;
const GOLDENS = 'test/golden/passes';

function isPass(value: unknown): value is RewritePass {
  return typeof value === 'object' && value !== null && 'id' in value && 'check' in value;
}

/** Holds every pass file to what makes it a pass: its one place in the order, its source, its evidence, its goldens. */
export async function checkPasses(files: readonly SourceFile[]): Promise<string[]> {
  const complaints: string[] = [];
  const known = new Set<RewritePass>();
  for (const file of files.filter(({ path }) => PASSES.test(path))) {
    const url = pathToFileURL(join(ROOT, file.path)).href;
    const found = Object.values((await import(url)) as Record<string, unknown>).filter(isPass);
    const [pass] = found;
    if (found.length !== 1 || !pass) {
      complaints.push(`${file.path}: exports ${String(found.length)} passes, must be one`);
      continue;
    }
    known.add(pass);
    complaints.push(...checkPass(pass, file).map((complaint) => `${file.path}: ${complaint}`));
  }
  for (const pass of PIPELINE)
    if (!known.has(pass)) complaints.push(`pipeline.ts: ${pass.id} has no file of its own`);
  return complaints;
}

function checkPass(pass: RewritePass, file: SourceFile): string[] {
  const complaints: string[] = [];
  const places = PIPELINE.filter((other) => other === pass).length;
  if (places !== 1) complaints.push(`stands ${String(places)} times in pipeline.ts, must be once`);
  if (basename(file.path, '.ts') !== pass.id) complaints.push(`is called ${pass.id} inside`);
  if (/[.]$/.test(pass.summary) || /[.]$/.test(pass.title))
    complaints.push('title and summary have no full stop');
  const folder = join(ROOT, GOLDENS, pass.id);
  if (!existsSync(folder) || readdirSync(folder).length < 2)
    complaints.push('wants two goldens at least: one that changes, one that does not');
  complaints.push(...checkSources(pass));
  return complaints;
}
