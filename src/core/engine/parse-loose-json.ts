/** What came of a text that should be JSON. `truncated`: the text ends inside a value. */
export type LooseJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly truncated: boolean; readonly reason: string };

/**
 * Reads JSON as TensorRT and tools around it write it: names with raw control characters (it joins ONNX nodes with 0x1E and
 * 0x1F), `NaN` and `Infinity` as numbers (taken as null), commas before a closing bracket, a byte order mark.
 */
export function parseLooseJson(text: string): LooseJson {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const strict = tryParse(bare);
  if (strict.ok) return strict;
  const mended = mend(bare);
  const second = tryParse(mended.text);
  return second.ok
    ? second
    : { ok: false, truncated: mended.open && /^\s*[[{]/.test(bare), reason: second.reason };
}

type Parsed =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

function tryParse(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

const TOKEN =
  // A string, closed or not; a word that is no JSON; a comma before a bracket; a bracket.
  /"(?:[^"\\]|\\[\s\S])*(?:"|$)|-?\b(?:nan|NaN|inf|Inf|[Ii]nfinity)\b|,(?=\s*[\]}])|[[\]{}]/g;

/** The text as JSON proper, and whether it ends inside a string, array or object. */
function mend(text: string): { text: string; open: boolean } {
  const open = { depth: 0, string: false };
  const mended = text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) {
      open.string = token.length === 1 || !/(?:^|[^\\])(?:\\\\)*"$/.test(token.slice(1));
      return escapeControls(token);
    }
    if (token === '[' || token === '{') open.depth++;
    else if (token === ']' || token === '}') open.depth--;
    else return token === ',' ? '' : 'null';
    return token;
  });
  return { text: mended, open: open.string || open.depth > 0 };
}

const CONTROLS = /[\u0000-\u001F]/g;

const escapeControls = (token: string): string =>
  token.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
