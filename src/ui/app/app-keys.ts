import type { AppState } from '../state/app-state.ts';
import { PLACES } from '../state/app-state.ts';
import type { FindingView } from '../state/findings.ts';

/** What a key means, wherever the focus is; `null` where it means nothing to the page. */
export type KeyCommand =
  | { readonly do: 'search' | 'fit' | 'inspect' | 'keys' | 'escape' | 'details' | 'open' }
  | { readonly do: 'finding'; readonly step: 1 | -1 }
  | { readonly do: 'place'; readonly index: number };

const COMMANDS: Readonly<Record<string, KeyCommand>> = {
  '/': { do: 'search' },
  f: { do: 'fit' },
  Enter: { do: 'inspect' },
  '?': { do: 'keys' },
  t: { do: 'details' },
  o: { do: 'open' },
  n: { do: 'finding', step: 1 },
  p: { do: 'finding', step: -1 },
  Escape: { do: 'escape' },
};

/** The command of a key press. Letters typed into a field, and keys held with a modifier, are none. */
export function keyCommand(event: KeyboardEvent): KeyCommand | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
  const [inner] = event.composedPath();
  const tag = inner instanceof Element ? inner.tagName : '';
  const typing = tag === 'INPUT' || tag === 'SELECT' || tag === 'TEXTAREA';
  if (typing && event.key !== 'Escape') return null;
  if (event.key === 'Enter' && (tag === 'BUTTON' || tag === 'A' || tag === 'SUMMARY')) return null;
  if (/^[1-5]$/.test(event.key)) return { do: 'place', index: Number(event.key) - 1 };
  return COMMANDS[event.key] ?? null;
}

/** How a command changes the state. `fit` and `open` change nothing that the state holds. */
export function obey(
  command: KeyCommand,
  state: AppState,
  findings: readonly FindingView[],
): Partial<AppState> {
  const { layout, selection } = state;
  switch (command.do) {
    case 'search':
      return { layout: { ...layout, place: 'outline' } };
    case 'inspect':
      return selection === null ? {} : { layout: { ...layout, place: 'inspector' } };
    case 'keys':
      return { keysShown: true };
    case 'details':
      return { layout: { ...layout, drawerOpen: !layout.drawerOpen } };
    case 'finding':
      return nextFinding(command.step, state, findings);
    case 'place': {
      const place = PLACES[command.index] ?? 'engine';
      return { layout: { ...layout, place, ...(place === 'drawer' && { drawerOpen: true }) } };
    }
    case 'escape':
      return takeBack(state);
    default:
      return {};
  }
}

function nextFinding(
  step: 1 | -1,
  { selection }: AppState,
  findings: readonly FindingView[],
): Partial<AppState> {
  const count = findings.length;
  const at = findings.findIndex(({ id }) => selection?.kind === 'finding' && selection.name === id);
  const goal = at < 0 ? (step === 1 ? 0 : count - 1) : (at + step + count) % count;
  const finding = findings[goal];
  if (finding === undefined) return {};
  return { selection: { kind: 'finding', name: finding.id, nodes: finding.nodes } };
}

/** One thing at a time: the error, then the search, then the selection. */
function takeBack({ problem, search }: AppState): Partial<AppState> {
  if (problem !== null) return { problem: null };
  return search === '' ? { selection: null } : { search: '' };
}
