import type { Target } from '../../core/sim/target.ts';
import type { Layout, Selection } from '../state/app-state.ts';

/** What views ask for. The app element listens; nobody else does. */
export interface ViewEvents {
  'lab-open': { readonly files: readonly File[] };
  'lab-sample': { readonly id: string };
  'lab-cancel': Record<string, never>;
  'lab-target': Partial<Target>;
  'lab-select': { readonly selection: Selection | null };
  'lab-hover': { readonly nodes: readonly string[] };
  'lab-fold': { readonly path: string };
  'lab-search-change': Record<string, never>;
  'lab-stop-search': Record<string, never>;
  'lab-search': { readonly text: string };
  'lab-layout': Partial<Layout>;
  'lab-keys': { readonly shown: boolean };
  'lab-dismiss': Record<string, never>;
}

/** Sends a view event up through all shadow roots. */
export function send<K extends keyof ViewEvents>(
  from: EventTarget,
  type: K,
  detail: ViewEvents[K],
): void {
  from.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}
