import type { QuantizedType } from '../calibrate/quantized-type.ts';
import type { GraphEdit } from '../passes/graph-edit.ts';
import type { PassSettings } from '../passes/rewrite-pass.ts';

/** One place of a pass: by it a user switches it off. */
export interface PassSite {
  readonly passId: string;
  /** The node at which the pass finds its pattern. */
  readonly site: string;
}

/**
 * One step from the model that was opened to the one that is exported, as data: the same steps on the same model always
 * give the same. The list of them is what undo and redo walk over.
 */
export type Step =
  /** Runs passes until none finds anything; `except` names places that are left alone, `only` those that are not. */
  | {
      readonly kind: 'passes';
      readonly ids: readonly string[];
      readonly except?: readonly PassSite[];
      readonly only?: readonly PassSite[];
      readonly settings?: PassSettings;
    }
  /** Edits of the user's or the search's own. `text` is a sentence without a full stop. */
  | {
      readonly kind: 'edits';
      readonly source: 'user' | 'search' | 'placement';
      readonly text: string;
      readonly edits: readonly GraphEdit[];
    }
  /** Scales of quantizers by the value that they quantize, as calibration gave them. */
  | {
      readonly kind: 'scales';
      readonly type: QuantizedType;
      readonly scales: Readonly<Record<string, number>>;
      /** Also in the place of scales that are known. */
      readonly replace?: boolean;
    };
