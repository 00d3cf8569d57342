/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/**
 * The counts on the last line of a suite's output.
 *
 * @param {string} output
 * @returns {Counts | undefined}
 */
function countsOf(output) {
  const lines = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)];
  const last = lines.at(-1);
  if (!last) return undefined;
  return { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3] ?? 0) };
}

/**
 * What a step adds to the summary: a gate is one test; a suite counts its own, and one that fails without a failed
 * test (a crash, a leak, no summary) must not pass for that.
 *
 * @param {{suite?: boolean}} step
 * @param {{code: number, output: string}} result
 * @returns {Counts}
 */
export function judgeStep(step, { code, output }) {
  const gate = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  if (!step.suite) return gate;
  const counts = countsOf(output);
  if (!counts || counts.passed + counts.failed + counts.skipped === 0)
    return { passed: 0, failed: 1, skipped: 0 };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
