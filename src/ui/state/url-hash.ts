import type { BuildMode, Target } from '../../core/sim/target.ts';
import { targetId } from '../../core/sim/target.ts';
import type { Selection } from './app-state.ts';
import { withValidMode } from './targets.ts';

/** What a link to this page holds: the view, never the model. */
export interface LinkedView {
  readonly target?: Target;
  readonly selection?: Pick<Selection, 'kind' | 'name'>;
}

const MODES: readonly BuildMode[] = ['best', 'fp16', 'int8', 'strong'];
const SELECTABLE = ['layer', 'node', 'value', 'module', 'finding'] as const;

/** The hash without `#`: `target=trt10.6-sm90&mode=best&node=Conv_0`. */
export function hashOf(target: Target, selection: Selection | null): string {
  const parameters = new URLSearchParams({ target: targetId(target), mode: target.mode });
  // A layer of a built engine means nothing without its files.
  if (selection !== null && selection.kind !== 'built')
    parameters.set(selection.kind, selection.name);
  return parameters.toString();
}

/** Reads a hash with or without `#`; parts that say nothing sensible are left out. */
export function viewOfHash(hash: string): LinkedView {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const target = targetOf(parameters.get('target'), parameters.get('mode'));
  const kind = SELECTABLE.find((key) => parameters.has(key));
  return {
    ...(target && { target }),
    ...(kind && { selection: { kind, name: parameters.get(kind) ?? '' } }),
  };
}

function targetOf(id: string | null, modeText: string | null): Target | undefined {
  const parts = /^trt(\d+\.\d+)-sm(\d{2,3})$/.exec(id ?? '');
  if (!parts) return undefined;
  const mode = MODES.find((known) => known === modeText) ?? 'best';
  return withValidMode({ trt: parts[1] ?? '', sm: Number(parts[2]), mode });
}
