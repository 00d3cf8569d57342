import type { EngineLayer, Precision } from '../core/sim/predicted-engine.ts';
import type { Terminal } from './terminal.ts';

/** What a table needs to know of the place where it is shown. */
export type Style = Pick<Terminal, 'columns' | 'colour'>;

/** Terminal colours by what a layer computes in; layers that nobody asked for go before it. */
const PRECISION_COLOURS: Readonly<Record<Precision, string>> = {
  int8: '32',
  int4: '32',
  fp8: '36',
  fp16: '33',
  bf16: '33',
  fp32: '31',
  other: '0',
};
const ROLE_COLOURS: Readonly<Record<string, string>> = {
  reformat: '35',
  qdq: '1;31',
  noop: '2',
  constant: '2',
  shape: '2',
};

/** How layers that nobody asked for are marked without colour. */
const ROLE_MARKS: Readonly<Record<string, string>> = { reformat: '~', qdq: '!', noop: '·' };

type Layer = Pick<EngineLayer, 'role' | 'precision'>;

export const colourOfLayer = ({ role, precision }: Layer): string =>
  ROLE_COLOURS[role] ?? PRECISION_COLOURS[precision];

export const markOfLayer = ({ role }: Layer): string => ROLE_MARKS[role] ?? '';

/** Text in a colour where the place can show it. */
export const paint = (
  style: Pick<Style, 'colour'>,
  code: string | undefined,
  text: string,
): string => (style.colour && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text);
