import type { Precision } from '../../core/sim/predicted-engine.ts';

/** Colours and fonts of a drawing, taken from the page's custom properties so that both schemes work. */
export interface GraphTheme {
  readonly background: string;
  readonly box: string;
  readonly boxHover: string;
  readonly border: string;
  readonly text: string;
  readonly muted: string;
  readonly edge: string;
  readonly accent: string;
  /** Where a linked group lies under its boxes: the accent mixed into the background. */
  readonly group: string;
  readonly match: string;
  readonly warning: string;
  readonly hatch: string;
  readonly precision: Readonly<Record<Precision, string>>;
  /** Colours of errors, from none to much. */
  readonly heat: readonly string[];
  readonly titleFont: string;
  readonly nameFont: string;
  readonly signFont: string;
}

/** Ever darker, so that they are told apart without colours; black text on each has at least 5 : 1. */
const HEAT = ['#e3e8ee', '#fdf0c4', '#fbd580', '#f9b455', '#f08a4b', '#dd6a62'] as const;

/** Reads the theme of an element. Each colour has a light fallback, so that the widget also works alone. */
export function readTheme(element: HTMLElement): GraphTheme {
  const style = getComputedStyle(element);
  const get = (name: string, fallback: string): string =>
    style.getPropertyValue(name).trim() || fallback;
  const mono = get('--mono', 'ui-monospace, "DejaVu Sans Mono", monospace');
  const sans = get('--sans', 'system-ui, "DejaVu Sans", sans-serif');
  return {
    background: get('--graph-background', get('--surface', '#f7f8f9')),
    box: get('--raised', '#ffffff'),
    boxHover: get('--hover', '#eef1f4'),
    border: get('--line-strong', '#9aa2ab'),
    text: get('--text', '#1a1d21'),
    muted: get('--muted', '#59616b'),
    edge: get('--graph-edge', get('--line-strong', '#8a929c')),
    accent: get('--accent', '#2458d3'),
    group: get('--graph-group', get('--accent-soft', '#dfe6fb')),
    match: get('--graph-match', get('--text', '#1a1d21')),
    warning: get('--graph-warning', get('--warn', '#a34700')),
    hatch: get('--hatch', '#b6bcc4'),
    precision: {
      int8: get('--p-int8', '#009E73'),
      fp8: get('--p-fp8', '#56B4E9'),
      int4: get('--p-int4', '#CC79A7'),
      fp16: get('--p-fp16', '#E69F00'),
      bf16: get('--p-bf16', '#F0E442'),
      fp32: get('--p-fp32', '#D55E00'),
      other: get('--p-other', '#a8aeb6'),
    },
    heat: HEAT.map((fallback, level) => get(`--heat-${String(level)}`, fallback)),
    titleFont: `600 12px ${sans}`,
    nameFont: `11px ${mono}`,
    signFont: `600 10px ${mono}`,
  };
}
