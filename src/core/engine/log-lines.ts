/** A line of a log without what its logger puts before it. */
export interface LogLine {
  /** `V`, `I`, `W`, `E`, `F`; null for a line that goes on from the one before. */
  readonly severity: string | null;
  readonly text: string;
  /** Counting from 1. */
  readonly line: number;
}

const WORDS: Readonly<Record<string, string>> = {
  VERBOSE: 'V',
  INFO: 'I',
  WARNING: 'W',
  ERROR: 'E',
  INTERNAL_ERROR: 'F',
};

/**
 * What loggers put before a message: `[11/27/2026-10:00:00] [V] [TRT] ` (trtexec, Polygraphy with `[V]` alone), `[…] [TRT] [V] `
 * (Python), `[TensorRT] VERBOSE: ` (Python before 8).
 */
const PREFIX =
  /^\s*(?:\[\d[\d/:.\s-]*\] ?)?(?:\[TRT\] )?(?:\[([VIWEF])\]|\[TensorRT\] (VERBOSE|INFO|WARNING|ERROR|INTERNAL_ERROR):) ?(?:\[TRT\] ?)?/;

const COLOURS = /\u001B\[[\d;]*m/g;

/** True for a line that a logger of TensorRT's wrote. */
export const isLogLine = (line: string): boolean => PREFIX.test(line);

/** The lines of a log, one after the other, so that logs of any size need no second copy. */
export function* logLines(text: string): Generator<LogLine> {
  let line = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    line++;
    yield parseLine(text.slice(start, end), line);
    start = end + 1;
  }
}

function parseLine(raw: string, line: number): LogLine {
  const bare = (raw.includes('\u001B') ? raw.replace(COLOURS, '') : raw).replace(/\r$/, '');
  const prefix = PREFIX.exec(bare);
  if (!prefix) return { severity: null, text: bare, line };
  const severity = prefix[1] ?? WORDS[prefix[2] ?? ''] ?? null;
  return { severity, text: bare.slice(prefix[0].length), line };
}
