import type { Terminal } from './terminal.ts';
import { atSuddenEnd } from './trt/last-resorts.ts';

/** How a long work is shown while it lasts. */
export interface Progress {
  /** What is being done, and how much of that, from 0 to 1. */
  update(step: string, fraction: number): void;
  /** Takes the bar away. Whoever updates has to end, whatever happens. */
  end(): void;
}

const WIDTH = 24;
/** Terminals need not be told more often. */
const LEAST_MS = 50;

/**
 * A bar on the last line of standard error where that is a terminal, else one plain line for each new step. Nothing at
 * all when `quiet`.
 */
export function progressOf(terminal: Terminal, quiet = false): Progress {
  if (quiet) return { update: () => undefined, end: () => undefined };
  const { status } = terminal;
  return status ? barProgress(status, terminal.columns) : lineProgress(terminal);
}

function lineProgress(terminal: Terminal): Progress {
  const told = new Set<string>();
  return {
    update: (step) => {
      if (told.has(step)) return;
      told.add(step);
      terminal.warn(`qdq-lab: ${step} …`);
    },
    end: () => undefined,
  };
}

function barProgress(status: (text: string) => void, columns: number): Progress {
  let last = -Infinity;
  let lastStep = '';
  const clear = (): void => {
    status('');
  };
  let forget: (() => void) | undefined;
  return {
    update: (step, fraction) => {
      const now = performance.now();
      if (step === lastStep && now - last < LEAST_MS) return;
      [last, lastStep] = [now, step];
      // An interrupt leaves no bar behind, where the shell would write its next line.
      forget ??= atSuddenEnd(clear);
      const share = Math.min(1, Math.max(0, fraction));
      const full = Math.round(share * WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
      const text = `${bar} ${String(Math.floor(100 * share)).padStart(3)} %  ${step}`;
      status([...text].slice(0, Math.max(0, columns - 1)).join(''));
    },
    end: () => {
      if (forget === undefined) return;
      forget();
      [last, lastStep, forget] = [-Infinity, '', undefined];
      clear();
    },
  };
}
