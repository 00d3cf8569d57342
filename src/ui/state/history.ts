import type { ModelId, ModelSummary } from '../../api/analyze-api.ts';
import type { Rewritten, Step } from '../../api/rewrite-api.ts';

/** One thing that the user did, and the model that it led to. */
export interface HistoryEntry extends Rewritten {
  /** What was done, for the list: `Apply 12 passes`. */
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The way from the model that was opened to the one on show, and what was taken back and may be done again. */
export interface History {
  readonly original: ModelSummary;
  readonly entries: readonly HistoryEntry[];
  /** So many of the entries are made; those behind wait for a redo. */
  readonly done: number;
}

export const startHistory = (original: ModelSummary): History => ({
  original,
  entries: [],
  done: 0,
});

/** Puts an entry behind those that are made. What waited for a redo is given up. */
export const recorded = (history: History, entry: HistoryEntry): History => {
  const entries = [...history.entries.slice(0, history.done), entry];
  return { ...history, entries, done: entries.length };
};

/** The history with `done` entries made, as near as it has them. */
export const movedTo = (history: History, done: number): History => ({
  ...history,
  done: Math.min(history.entries.length, Math.max(0, done)),
});

export const canUndo = (history: History | null): boolean => history !== null && history.done > 0;
export const canRedo = (history: History | null): boolean =>
  history !== null && history.done < history.entries.length;

/** The entry that led to the model on show; undefined for the model as it was opened. */
export const lastEntry = (history: History | null): HistoryEntry | undefined =>
  history?.entries[history.done - 1];

/** The model after the entries that are made. */
export const currentSummary = (history: History): ModelSummary =>
  lastEntry(history)?.summary ?? history.original;

/** Whether a model is one of those that the history leads through. */
export const knows = (history: History, id: ModelId): boolean => modelsOf(history).includes(id);

/** All models of a history, the original first. */
export const modelsOf = ({ original, entries }: History): readonly ModelId[] => [
  original.id,
  ...entries.map(({ summary }) => summary.id),
];

/** All steps from the original to the model on show. */
export const stepsOf = ({ entries, done }: History): readonly Step[] =>
  entries.slice(0, done).flatMap(({ steps }) => steps);

/** Values whose scales wait for calibration in the model on show. */
export const pendingOf = (history: History | null): readonly string[] =>
  lastEntry(history)?.toCalibrate ?? [];

/** `net.qdq.onnx` for `net.onnx`: what an exported model is called. */
export const exportName = (fileName: string): string =>
  `${fileName.replace(/\.onnx$/i, '').replace(/\.qdq$/i, '')}.qdq.onnx`;

/** `net.placement.yaml` for `net.onnx`. */
export const placementName = (fileName: string): string =>
  `${fileName.replace(/\.onnx$/i, '')}.placement.yaml`;
