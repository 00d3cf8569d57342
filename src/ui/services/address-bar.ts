import type { AppState, Selection } from '../state/app-state.ts';
import type { Store } from '../state/store.ts';
import type { LinkedView } from '../state/url-hash.ts';
import { hashOf, viewOfHash } from '../state/url-hash.ts';
import { findingOf } from '../state/findings.ts';
import { moduleTree } from '../state/module-tree.ts';
import type { ModuleGroup } from '../state/module-tree.ts';

/**
 * Keeps the address in step with target and selection, both ways. A selection in a link waits until a prediction can
 * say what it means. Returns the function that stops it.
 */
export function linkAddressBar(store: Store<AppState>): () => void {
  let waiting: LinkedView['selection'];
  const read = (): void => {
    const view = viewOfHash(location.hash);
    waiting = view.selection;
    if (view.target) store.update({ target: view.target });
    settle();
  };
  const settle = (): void => {
    if (waiting === undefined || store.state.prediction === null) return;
    if (waiting.kind === 'finding' && store.state.findings.state === 'idle') return;
    if (waiting.kind === 'finding' && store.state.findings.state === 'loading') return;
    const selection = resolve(waiting, store.state);
    waiting = undefined;
    if (selection !== null) store.update({ selection });
  };
  const onChange = (state: AppState, previous: AppState): void => {
    settle();
    if (waiting !== undefined) return;
    if (state.target === previous.target && state.selection === previous.selection) return;
    history.replaceState(null, '', `#${hashOf(state.target, state.selection)}`);
  };
  read();
  addEventListener('hashchange', read);
  const stop = store.subscribe(onChange);
  return () => {
    removeEventListener('hashchange', read);
    stop();
  };
}

/** What a name in a link means in the model on show; null when it has nothing of that name. */
function resolve(
  { kind, name }: NonNullable<LinkedView['selection']>,
  { model, prediction, findings }: AppState,
): Selection | null {
  if (model === null || prediction === null) return null;
  const { engine } = prediction;
  if (kind === 'layer') {
    const layer = engine.layers.find((other) => other.name === name);
    return layer ? { kind, name, nodes: layer.nodes } : null;
  }
  if (kind === 'finding') {
    const finding = findings.state === 'ready' ? findingOf(findings.value, name) : undefined;
    return finding ? { kind, name, nodes: finding.nodes } : null;
  }
  if (kind === 'module') {
    const group = findGroup(moduleTree(model.fullScene), name);
    return group ? { kind, name, nodes: group.nodes } : null;
  }
  return { kind, name, nodes: kind === 'node' ? [name] : [] };
}

function findGroup(group: ModuleGroup, path: string): ModuleGroup | undefined {
  if (group.path === path) return group;
  for (const child of group.groups) {
    const found = findGroup(child, path);
    if (found) return found;
  }
  return undefined;
}
