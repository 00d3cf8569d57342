import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DocLink, Evidence } from '../../src/core/sim/sim-rule.ts';
import { ROOT } from './source-files.ts';

const ENGINES = '../shared/engines/models';
const OWN_ENGINES = 'test/engines';

/** What is wrong with the sources and the evidence that a rule or a pass names. */
export function checkSources(rule: {
  readonly docs: readonly DocLink[];
  readonly evidence: Evidence;
}): string[] {
  const complaints: string[] = [];
  for (const { title, url, says } of rule.docs)
    if (!/^https:\/\/\S+$/.test(url) || title === '' || says === '')
      complaints.push('a source needs a title, an https address and what it says');
  const { evidence } = rule;
  if (evidence.kind === 'observed')
    for (const engine of evidence.engines)
      if (!engineExists(engine))
        complaints.push(`seen in ${engine}, which is not in the engine set`);
  return complaints;
}

/** Outside the place where the engine set lies beside the repository, names cannot be looked up and are believed. */
function engineExists(name: string): boolean {
  const folder = join(ROOT, ENGINES);
  if (!existsSync(folder)) return true;
  const model = name.replace(/^(?:micro|real)\//, '');
  if (existsSync(join(ROOT, OWN_ENGINES, `${model}.onnx.gz`))) return true;
  return ['micro', 'real'].some((kind) => existsSync(join(folder, kind, `${model}.onnx.gz`)));
}
