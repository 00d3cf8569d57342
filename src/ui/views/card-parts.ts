import type { TemplateResult } from 'lit';
import { html } from 'lit';
import type {
  EngineLayer,
  EngineTensor,
  Precision,
  PredictedLayer,
  RuleNote,
} from '../../core/sim/predicted-engine.ts';
import type { RuleInfo, TensorInfo } from '../../api/analyze-api.ts';
import { shapeText } from '../state/format-text.ts';
import { mainNodeOf, precisionOfTensor } from '../state/layer-words.ts';
import { PRECISION_NAME, PRECISION_SIGN } from '../state/precision-text.ts';
import { precisionChip } from '../widgets/precision-chip.ts';
import { send } from './send.ts';

/** The chip of a precision class. */
export const chipOf = (precision: Precision, uncertain = false): TemplateResult =>
  precisionChip({
    colour: precision,
    sign: PRECISION_SIGN[precision],
    words: PRECISION_NAME[precision],
    uncertain,
  });

/** The chip of a layer: hatched where the layer only moves data. */
export const layerChip = (layer: EngineLayer): TemplateResult => roleChip(layer);

/** The same for what stands for a layer. */
export function roleChip(
  layer: Pick<EngineLayer, 'role' | 'precision' | 'uncertain'>,
): TemplateResult {
  if (layer.role === 'reformat' || layer.role === 'qdq' || layer.role === 'noop') {
    const words = { reformat: 'reformat', qdq: 'Q/DQ left in the engine', noop: 'no operation' };
    const signs = { reformat: 'Rf', qdq: 'Q', noop: '–' };
    return precisionChip({ colour: 'hatch', sign: signs[layer.role], words: words[layer.role] });
  }
  return chipOf(layer.precision, layer.uncertain);
}

/** The name of an ONNX node; a click selects it in the model graph. */
export const nodeLink = (from: EventTarget, name: string): TemplateResult =>
  html`<button
    class="link mono"
    @click=${() => {
      send(from, 'lab-select', { selection: { kind: 'node', name, nodes: [name] } });
    }}
  >
    ${name}
  </button>`;

/** A layer by its chip and main node; a click selects it in the engine graph. */
export const layerLink = (from: EventTarget, layer: PredictedLayer): TemplateResult =>
  html`<div class="tensor">
    ${layerChip(layer)}
    <button
      class="link mono"
      title=${layer.name}
      @click=${() => {
        const { name, nodes } = layer;
        send(from, 'lab-select', { selection: { kind: 'layer', name, nodes } });
      }}
    >
      ${layer.role === 'compute' ? mainNodeOf(layer) : layer.name}
    </button>
  </div>`;

/** An input or output of a layer. */
export const engineTensorItem = (tensor: EngineTensor): TemplateResult =>
  html`<li class="tensor">
    ${chipOf(precisionOfTensor(tensor), tensor.uncertain)}
    <div>
      <div class="mono">${tensor.name}</div>
      <div class="muted number">
        ${tensor.dataType} ${shapeText(tensor.dims)} ·
        ${tensor.format}${tensor.uncertain === true ? ' · decided by timing' : ''}
      </div>
    </div>
  </li>`;

/** Type and shape of an ONNX value: `float32 1×64×56×56`. */
export const tensorText = ({ dataType, shape }: TensorInfo): string =>
  `${dataType} ${shapeText(shape)}`;

/** How we know what a rule says. */
export const EVIDENCE_WORDS: Readonly<Record<RuleInfo['evidence'], string>> = {
  documented: 'documented by NVIDIA',
  observed: 'seen in built engines',
  inferred: 'inferred from built engines',
};

/** The notes with each sentence of a rule once: builders try again where nothing has changed. */
export const distinctNotes = (notes: readonly RuleNote[]): readonly RuleNote[] => [
  ...new Map(notes.map((note) => [`${note.ruleId} ${note.outcome} ${note.text}`, note])).values(),
];

/** What a rule did or why it declined, the nodes it names, and the rule's own page. */
export function ruleNote(
  from: EventTarget,
  note: RuleNote,
  rules: ReadonlyMap<string, RuleInfo>,
): TemplateResult {
  const rule = rules.get(note.ruleId);
  const fired = note.outcome === 'fired';
  return html`<div class="note" data-outcome=${note.outcome}>
    <p>
      <span class="outcome" title=${fired ? 'done' : 'refused'}>${fired ? '✓' : '✕'}</span
      >${fired || note.text === '' ? (rule?.summary ?? (note.text || note.ruleId)) : note.text}
    </p>
    ${fired && rule && note.text !== '' ? html`<p class="log muted">${note.text}</p>` : ''}
    ${
      fired || note.nodes.length === 0
        ? ''
        : html`<div class="nodes">
            ${note.nodes.map((name) => html`<div>${nodeLink(from, name)}</div>`)}
          </div>`
    }
    <details>
      <summary class="mono">${note.ruleId}</summary>
      ${
        rule === undefined
          ? html`<p class="muted">The rule has no page.</p>`
          : html`<p>${rule.summary}.</p>
              <p class="muted">${EVIDENCE_WORDS[rule.evidence]}</p>
              ${rule.docs.map(
                ({ title, url, says }) =>
                  html`<p>
                    <a href=${url} target="_blank" rel="noreferrer">${title}</a>: ${says}
                  </p>`,
              )}`
      }
    </details>
  </div>`;
}
