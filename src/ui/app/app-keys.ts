import type { AppState, Layout, Place } from '../state/app-state.ts';
import { PLACES } from '../state/app-state.ts';
import type { FindingView } from '../state/findings.ts';
import { canUndo } from '../state/history.ts';

/** What a key means, wherever the focus is; `null` where it means nothing to the page. */
export type KeyCommand =
  | { readonly do: 'search' | 'fit' | 'inspect' | 'keys' | 'escape' | 'details' | 'open' }
  | { readonly do: 'undo' | 'redo' | 'compare' | 'validation' | 'build' }
  | { readonly do: 'engine' | 'side' | 'heat' }
  | { readonly do: 'edit'; readonly role: 'add' | 'remove' }
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
  a: { do: 'edit', role: 'add' },
  d: { do: 'edit', role: 'remove' },
  b: { do: 'compare' },
  B: { do: 'build' },
  v: { do: 'validation' },
  e: { do: 'engine' },
  g: { do: 'side' },
  h: { do: 'heat' },
  z: { do: 'undo' },
  Z: { do: 'redo' },
  Escape: { do: 'escape' },
};
/** With Ctrl or Cmd held. */
const HELD: Readonly<Record<string, KeyCommand>> = {
  z: { do: 'undo' },
  Z: { do: 'redo' },
  y: { do: 'redo' },
};

/** The command of a key press. Letters typed into a field are none, and with a modifier held only undo and redo are. */
export function keyCommand(event: KeyboardEvent): KeyCommand | null {
  if (event.altKey || event.defaultPrevented) return null;
  const held = event.ctrlKey || event.metaKey;
  const [inner] = event.composedPath();
  const tag = inner instanceof Element ? inner.tagName : '';
  if (takesText(inner) && event.key !== 'Escape') return null;
  if (held) return HELD[event.shiftKey ? event.key.toUpperCase() : event.key] ?? null;
  if (event.key === 'Enter' && (tag === 'BUTTON' || tag === 'A' || tag === 'SUMMARY')) return null;
  if (/^[1-6]$/.test(event.key)) return { do: 'place', index: Number(event.key) - 1 };
  return COMMANDS[event.key] ?? null;
}

/** Fields that letters are typed into; a menu finds its options by them. */
function takesText(target: EventTarget | undefined): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/** How a command changes the state. What acts on the graphs or on the model changes nothing that the state holds. */
export function obey(
  command: KeyCommand,
  state: AppState,
  findings: readonly FindingView[],
): Partial<AppState> {
  const { layout, selection } = state;
  switch (command.do) {
    case 'search':
      return { layout: { ...layout, place: 'outline', labOpen: false } };
    case 'inspect':
      return selection === null ? {} : { layout: { ...layout, place: 'inspector' } };
    case 'keys':
      return { keysShown: true };
    case 'details':
      return { layout: { ...layout, drawerOpen: !layout.drawerOpen } };
    case 'validation':
      return { layout: { ...layout, drawerOpen: true, drawerTab: 'validation', place: 'drawer' } };
    case 'engine':
      return { layout: { ...layout, drawerOpen: true, drawerTab: 'built', place: 'drawer' } };
    case 'finding':
      return nextFinding(command.step, state, findings);
    case 'place': {
      return { layout: { ...layout, ...goingTo(PLACES[command.index] ?? 'engine') } };
    }
    case 'compare':
      return canUndo(state.lab.history)
        ? { layout: { ...layout, comparing: !layout.comparing } }
        : {};
    case 'escape':
      return takeBack(state);
    default:
      return {};
  }
}

/** What has to be open for a place to be there. */
function goingTo(place: Place): Partial<Layout> {
  if (place === 'drawer') return { place, drawerOpen: true };
  return place === 'lab' || place === 'outline' ? { place, labOpen: place === 'lab' } : { place };
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
