import type { BuiltLayer } from './built-engine.ts';
import type { JsonObject } from './json-fields.ts';
import { parseBareFields } from './parse-bare-fields.ts';
import { vectorFormat } from './parse-tensor-format.ts';
import { readLayer } from './read-layer.ts';

/**
 * Layers as the builder's log lists them under `Engine Layer Information` and the inspector in its one-line form:
 * `Layer(CaskConvolution): Conv_0, Tactic: 0x…, x[Int8(1,3:4,224,224)] -> y[…]` (8.4), `x (Int8[1,3:4,224,224]) -> y (…)` (8.6),
 * and of engines with detail, from 8.6 on, `Name: Conv_0, LayerType: CaskConvolution, Inputs: [ { Name: x, … } ], …`.
 */
export function layersOfEngineLines(text: string): BuiltLayer[] {
  const layers: BuiltLayer[] = [];
  for (const [, layerType, rest = ''] of text.matchAll(LINE)) {
    const layer =
      layerType === undefined
        ? readDetailed(rest.trimEnd(), layers.length)
        : readLine(layerType, rest.trimEnd(), layers.length);
    if (layer) layers.push(layer);
  }
  return layers;
}

const LINE = /^(?:\[[^\]\n]*\] )*(?:Layer\(([^)\n]*)\): |(?=Name: [^\n]*, LayerType: ))([^\n]*)/gm;

function readDetailed(line: string, index: number): BuiltLayer | null {
  const fields = parseBareFields(line);
  return fields === null ? null : readLayer(fields, index);
}

function readLine(layerType: string, rest: string, index: number): BuiltLayer | null {
  const tactic = /, Tactic: ([^\s,]*),?/.exec(rest);
  const nameEnd = tactic ? tactic.index : endOfName(rest);
  const name = rest.slice(0, nameEnd);
  const edges = rest.slice(tactic ? nameEnd + tactic[0].length : nameEnd + 1);
  const arrow = edges.indexOf('->');
  if (name === '') return null;
  const layer = readLayer(
    {
      Name: name,
      LayerType: layerType,
      TacticValue: tactic?.[1] ?? null,
      Inputs: tensors(arrow < 0 ? edges : edges.slice(0, arrow)),
      Outputs: tensors(arrow < 0 ? '' : edges.slice(arrow + 2)),
    },
    index,
  );
  return { ...layer, fields: {} };
}

/** Without a tactic, the name ends at the first comma outside of brackets: `PWN(A, B), x (Float[1]) -> …`. */
function endOfName(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i] ?? '')) depth++;
    else if (')]}'.includes(text[i] ?? '')) depth--;
    else if (depth === 0 && text.startsWith(', ', i)) return i;
  }
  return text.length;
}

const TENSOR =
  /(?:^|,)\s*(.*?)\s*[[(]((?:BF|[BDFHIU])[A-Za-z]*\d*(?:E\d+M\d+)?)[[(]([\d:,\sE?-]*)[\])][\])]/g;

/** Tensors of one side: the type, and extents of which one is `channels:width` where channels are packed. */
const tensors = (side: string): JsonObject[] =>
  [...side.matchAll(TENSOR)].map(([, name = '', type = '', extents = '']) => {
    const dims = extents.split(',').filter((extent) => extent.trim() !== '');
    const width = /:(\d+)/.exec(extents)?.[1];
    const format = vectorFormat(width === undefined ? 1 : Number(width), dims.length > 4);
    return {
      Name: name,
      Dimensions: dims.map((extent) => Number.parseInt(extent, 10)),
      Datatype: type,
      Format: `k${format}`,
    };
  });
