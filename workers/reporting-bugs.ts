import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import type { BugReportInput } from '../src/core/reality/bug-report.ts';
import { makeBugReport } from '../src/core/reality/bug-report.ts';

/** The archive of a bug report: a chunk of its own, because hardly a visit needs it. */
export async function reportBug(input: BugReportInput): Promise<Result<Blob>> {
  const zip = await makeBugReport(input);
  return zip.ok ? ok(new Blob([zip.value.slice()], { type: 'application/zip' })) : zip;
}
