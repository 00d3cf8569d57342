import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ValidationReport } from '../../../src/core/validate/validation-report.ts';
import { verdictWords } from '../../../src/ui/state/verdict-words.ts';
import { sampleReport } from '../sample-validation.ts';

const { version, before, after, inputs, verdict } = sampleReport;
const withoutFloat = { version, before, after, inputs, verdict };
const equivalence = sampleReport.equivalence!;

test('the contract is told by what the passes promise', () => {
  const [contract] = verdictWords(sampleReport).lines;
  assert.equal(contract, 'Contract: 2 changes approximate.');
  const unknown = equivalence.tensors.map((tensor) => ({ ...tensor, contract: 'none' as const }));
  const other: ValidationReport = {
    ...withoutFloat,
    equivalence: { ...equivalence, passes: [], tensors: unknown },
  };
  assert.match(verdictWords(other).lines[0]!, /^No passes alone led here/);
});

test('what is exact is not called different', () => {
  const error = equivalence.tensors[0]!.error;
  const { batches, groups, incomparable, passes, breaches, details } = equivalence;
  const same = { batches, groups, incomparable, passes, breaches, details };
  const tensors = equivalence.tensors.map((tensor) => ({ ...tensor, error }));
  const exact: ValidationReport = {
    ...withoutFloat,
    equivalence: { ...same, tensors },
    verdict: { status: 'exact', findings: [] },
  };
  const { sign, lines } = verdictWords(exact);
  assert.equal(sign, '=');
  assert.deepEqual(lines, ['Contract: 2 changes approximate.']);
});

test('a failure is told as one, and outputs that cannot be compared are counted', () => {
  const lost = { tensor: 'z', isOutput: true, reason: 'missing-after' } as const;
  const { sign, title, lines } = verdictWords({
    ...withoutFloat,
    equivalence: { ...equivalence, incomparable: [lost] },
    verdict: { status: 'failed', findings: [] },
  });
  assert.equal(`${sign} ${title}`, '✗ Not as promised or asked for');
  assert.ok(lines.includes('1 output cannot be compared.'));
});
