import type { OpenModel, Selection } from './app-state.ts';

/** Modules drawn as one box that hide what a selection points at; a module that is selected itself hides nothing. */
export function hidingFolds(
  { scene, folded }: Pick<OpenModel, 'scene' | 'folded'>,
  selection: Selection | null,
): readonly string[] {
  if (selection === null || selection.kind === 'module' || folded.length === 0) return [];
  const wanted = new Set(selection.kind === 'node' ? [selection.name] : selection.nodes);
  const hiding = scene.boxes.filter(
    ({ kind, nodes }) => kind === 'fold' && nodes.some((node) => wanted.has(node)),
  );
  return folded.filter((path) => hiding.some((box) => box.path === path));
}
