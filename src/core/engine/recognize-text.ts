import { isJsonObject } from './json-fields.ts';
import { isLogLine } from './log-lines.ts';
import { parseLooseJson } from './parse-loose-json.ts';

/** Kinds of files around an engine, told by their content alone. */
export type EngineFileContent =
  'layers' | 'profile' | 'times' | 'log' | 'manifest' | 'trex-metadata';

/** What a text is, or looks like where it is no file of an engine. */
export type Recognized =
  | { readonly kind: EngineFileContent; readonly json: unknown }
  | {
      readonly kind: null;
      /** Completes `it looks like …`. */
      readonly looksLike: string;
      /** What to give instead. */
      readonly give: string;
    };

const GIVE_LAYERS =
  'Give the layer file: run trtexec with --profilingVerbosity=detailed --exportLayerInfo=engine.layer.json.';

/** Tells a file around an engine by what stands in it. */
export function recognizeText(text: string): Recognized {
  const head = text.slice(0, 4096).replace(/^\uFEFF/, '');
  if (head.trim() === '') return other('an empty file', GIVE_LAYERS);
  const foreign = foreignText(head);
  if (foreign) return foreign;
  if (/^\s*[[{]/.test(head) && !isLogLine(head)) return recognizeJson(text);
  if (isLog(text)) return { kind: 'log', json: null };
  if (ENGINE_LINE.test(text)) return { kind: 'layers', json: null };
  return other('plain text', GIVE_LAYERS);
}

/** A layer as the inspector prints it on one line, in logs and in its `ONELINE` format. */
const ENGINE_LINE = /^(?:\[[^\]\n]*\] )*(?:Layer\([^)\n]*\): |Name: [^\n]*, LayerType: )/m;

/** Logs may begin with what the user's own program printed. */
const isLog = (text: string): boolean =>
  /^&&&& (?:RUNNING|PASSED|FAILED)/m.test(text) ||
  text.slice(0, 1_000_000).split('\n').some(isLogLine);

const other = (looksLike: string, give: string): Recognized => ({ kind: null, looksLike, give });

const PLAN_ADVICE =
  'Ask TensorRT for its layers: trtexec --loadEngine=engine.plan --profilingVerbosity=detailed --exportLayerInfo=engine.layer.json.';

function foreignText(head: string): Recognized | null {
  if (head.startsWith('ftrt')) return other('a TensorRT plan', PLAN_ADVICE);
  if (head.startsWith('PK\u0003\u0004')) return other('a zip archive', 'Unpack it first.');
  if (/^\u001F[\u008B\uFFFD]/.test(head)) return other('a file packed by gzip', 'Unpack it first.');
  if (/^\s*(?:<!doctype|<html|<\?xml|<svg|<[a-z]+[\s>])/i.test(head))
    return other(
      'a web page or XML',
      `The download may have given a page instead of the file. ${GIVE_LAYERS}`,
    );

  if (/[\u0000\uFFFD]|^[\u0008\u000A][\u0000-\u001F]/.test(head))
    return other(
      'a binary file such as an ONNX model or a TensorRT plan',
      'Open a model as a model; of a plan, give the layers that trtexec exports with --loadEngine=engine.plan --profilingVerbosity=detailed --exportLayerInfo=engine.layer.json.',
    );
  return null;
}

function recognizeJson(text: string): Recognized {
  const parsed = parseLooseJson(text);
  if (!parsed.ok)
    return parsed.truncated
      ? other(
          'JSON that ends too early',
          'The copy was cut off or is still being written; fetch the file again.',
        )
      : other(`JSON with a mistake in it (${parsed.reason})`, 'Export the file again.');
  const kind = kindOfJson(parsed.value);
  if (kind) return { kind, json: parsed.value };
  return other(jsonLooksLike(parsed.value), GIVE_LAYERS);
}

export const LAYER_KEYS = ['Layers', 'layers', 'LayerInfo', 'layerInfo'] as const;

function kindOfJson(json: unknown): EngineFileContent | null {
  if (Array.isArray(json)) return kindOfList(json);
  if (!isJsonObject(json)) return null;
  if (json['format'] === 'qdq-lab-build') return 'manifest';
  if (LAYER_KEYS.some((key) => Array.isArray(json[key]))) return 'layers';
  return METADATA_SECTIONS.some((key) => isJsonObject(json[key])) ? 'trex-metadata' : null;
}

const METADATA_SECTIONS = [
  'model_options',
  'build_options',
  'device_information',
  'performance_summary',
  'inference_options',
];

/** Lists are told by their first objects: profiles may begin with a count, names alone are layers. */
function kindOfList(list: readonly unknown[]): EngineFileContent | null {
  if (list.length > 0 && list.every((item) => typeof item === 'string')) return 'layers';
  const items = list.filter(isJsonObject);
  const has = (field: string): boolean => items.some((item) => item[field] !== undefined);
  if (has('Name') && (has('LayerType') || has('Inputs') || has('Outputs'))) return 'layers';
  if (has('latencyMs') || (has('computeMs') && has('startComputeMs'))) return 'times';
  if (has('name') && (has('averageMs') || has('medianMs') || has('timeMs'))) return 'profile';
  if (items.length === 1 && Object.keys(items[0] ?? {}).join() === 'count') return 'profile';
  return has('ComputeCapability') || has('CUDA_VERSION') ? 'trex-metadata' : null;
}

function jsonLooksLike(json: unknown): string {
  if (Array.isArray(json) && json.length === 0) return 'an empty list';
  if (!isJsonObject(json)) return 'JSON without layers';
  if (isJsonObject(json['graph'])) return 'an ONNX model written as JSON';
  if (isJsonObject(json['scales']) || isJsonObject(json['amax'])) return 'a table of scales';
  if (json['format'] === 'qdq-lab-build') return 'the manifest of a build';
  return `a JSON object with ${Object.keys(json).slice(0, 4).join(', ') || 'nothing in it'}`;
}
