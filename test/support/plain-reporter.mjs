import { relative } from 'node:path';

/** @typedef {import('node:test/reporters').TestEvent} TestEvent */

/** @param {unknown} error what a failed test threw, as node:test wraps it */
function describeError(error) {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/** @param {string | undefined} file */
const where = (file) => (file === undefined ? '' : ` (${relative(process.cwd(), file)})`);

/** @param {unknown} error a parent fails because a child did: the child is counted already */
const isOnlyParent = (error) =>
  error instanceof Error && 'failureType' in error && error.failureType === 'subtestsFailed';

/**
 * Reporter for node:test: failures in full, skips with their reason, then `N passed, N failed[, N skipped]` alone on
 * the last line. Suites are not counted, only tests.
 *
 * @param {AsyncIterable<TestEvent>} source
 */
export default async function* plainReporter(source) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  /** @type {Map<string, number>} */
  const skips = new Map();
  for await (const event of source) {
    if (event.type === 'test:stderr') yield event.data.message;
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { data } = event;
    if (event.type === 'test:fail') {
      const { error } = event.data.details;
      if (isOnlyParent(error)) continue;
      count.failed++;
      yield `\nFAILED ${data.name}${where(data.file)}\n${describeError(error)}\n`;
    } else if (event.data.details.type === 'suite') continue;
    else if (data.skip !== undefined || data.todo !== undefined) {
      count.skipped++;
      const reason = String(data.skip ?? data.todo);
      skips.set(reason, (skips.get(reason) ?? 0) + 1);
    } else count.passed++;
  }
  for (const [reason, times] of skips) yield `SKIPPED ${String(times)}: ${reason}\n`;
  const skipped = count.skipped > 0 ? `, ${String(count.skipped)} skipped` : '';
  yield `${String(count.passed)} passed, ${String(count.failed)} failed${skipped}\n`;
}
