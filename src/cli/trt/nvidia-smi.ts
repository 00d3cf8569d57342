import type { GpuFacts } from './backend.ts';
import type { Runner } from './runner.ts';

const FIELDS = ['name', 'driver_version', 'memory.total', 'clocks.sm', 'clocks.mem'] as const;
const MEGABYTE = 1024 * 1024;
const TIMEOUT_MS = 20_000;

/** The first GPU as nvidia-smi sees it; null where that is not there or says nothing. */
export async function gpuOfNvidiaSmi(
  runner: Runner,
  signal?: AbortSignal,
): Promise<GpuFacts | null> {
  const main = await query(runner, FIELDS.join(','), signal);
  if (main === undefined) return null;
  // Asked for alone: drivers before 510 do not know the field, and then answer nothing at all.
  const capability = await query(runner, 'compute_cap', signal);
  const [name = '', driver, memory, smClock, memoryClock] = main;
  return {
    name,
    sm: capability?.[0] === undefined ? null : Math.round(10 * Number(capability[0])),
    driver: driver ?? null,
    memoryBytes: numberOrNull(memory, MEGABYTE),
    smClockMhz: numberOrNull(smClock, 1),
    memoryClockMhz: numberOrNull(memoryClock, 1),
  };
}

async function query(
  runner: Runner,
  fields: string,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const lines: string[] = [];
  const [device = '0'] = (process.env['CUDA_VISIBLE_DEVICES'] ?? '0').split(',');
  const args = [`--query-gpu=${fields}`, '--format=csv,noheader,nounits', `--id=${device}`];
  const end = await runner.run(
    { program: 'nvidia-smi', args },
    {
      signal,
      timeoutMs: TIMEOUT_MS,
      onLine: (line, stream) => {
        if (stream === 'out') lines.push(line);
      },
    },
  );
  const [first] = lines;
  if (end.kind !== 'exited' || end.code !== 0 || first === undefined) return undefined;
  return first.split(',').map((field) => field.trim());
}

/** `[N/A]` and the like are null. */
function numberOrNull(text: string | undefined, unit: number): number | null {
  const number = Number(text);
  return text === undefined || text === '' || !Number.isFinite(number) ? null : number * unit;
}
