import { checkGenerated } from './check-generated.ts';
import { checkNames } from './check-names.ts';
import { checkPasses } from './check-passes.ts';
import { checkRules } from './check-rules.ts';
import { checkSizes } from './check-sizes.ts';
import { checkRatchet, readRatchet } from './ratchet.ts';
import { sourceFiles } from './source-files.ts';

// The checks that no ready tool has: prints every complaint and fails when there is one.
const files = sourceFiles();
const ratchet = readRatchet();
const sizes = checkSizes(files, ratchet);
for (const note of sizes.notes) console.log(`NOTE ${note}`);
const complaints = [
  ...sizes.complaints,
  ...checkRatchet(files, ratchet),
  ...checkNames(files),
  ...checkGenerated(files),
  ...(await checkRules(files)),
  ...(await checkPasses(files)),
];
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
