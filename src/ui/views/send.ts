import type { Target } from '../../core/sim/target.ts';
import type { EditOption, Step } from '../../api/rewrite-api.ts';
import type { ReportKind } from '../../api/validate-api.ts';
import type { Layout, Selection } from '../state/app-state.ts';
import type { EngineRequest } from '../state/engine-state.ts';
import type { CompanionRequest } from '../state/companion-state.ts';
import type { CalibrationWish, OptimizeWish } from '../state/lab-state.ts';
import type { PassSwitches } from '../state/pass-switches.ts';
import type { ValidationState } from '../state/validation-state.ts';

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
  /** Makes steps on the model on show. */
  'lab-apply': { readonly steps: readonly Step[]; readonly title: string };
  /** Makes the first edit of a kind that the selection offers. */
  'lab-edit': { readonly role: 'add' | 'remove' };
  'lab-choose': { readonly option: EditOption };
  'lab-undo': Record<string, never>;
  'lab-redo': Record<string, never>;
  /** Goes to the model as it was with so many changes made. */
  'lab-goto': { readonly done: number };
  'lab-switches': { readonly switches: PassSwitches };
  'lab-wish': OptimizeWish;
  'lab-optimize': Record<string, never>;
  'lab-accept': Record<string, never>;
  'lab-discard': Record<string, never>;
  'lab-cancel-job': Record<string, never>;
  'lab-export': Record<string, never>;
  'lab-export-placement': Record<string, never>;
  /** Opens the dialog for calibration or changes what it asks for; null closes it. */
  'lab-calibration': { readonly wish: CalibrationWish | null };
  'lab-calibrate': Record<string, never>;
  /** Opens the dialog for validation or changes what it asks for, what the panel lists, whether graphs are coloured. */
  'lab-validation': Partial<ValidationState>;
  'lab-validate': Record<string, never>;
  'lab-validate-cancel': Record<string, never>;
  'lab-validation-export': { readonly kind: ReportKind };
  /** Opens, shows or closes built engines, or changes how they are shown. */
  'lab-engine': EngineRequest;
  /** Opens the dialog for building real engines, or asks for something in it. */
  'lab-companion': CompanionRequest;
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
