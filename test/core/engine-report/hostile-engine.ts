import type { BuiltEngine } from '../../../src/core/engine/built-engine.ts';
import { copy, engineOf, facts, layer, tensor } from './hand-engine.ts';

/** Names that would break out of markup, sheets or lines of text. */
export const HOSTILE_NAMES: readonly string[] = [
  '</text></svg><script>alert(1)</script>',
  '"\'><img src=x onerror=alert(1)>',
  '&amp;&#60;]]>',
  'a\u0000b\u0008c\u001bd',
  'Conv_1\u001eRelu_1\u001fAdd',
  `${'long/'.repeat(2000)}Conv`,
  '\u202egnorts\u202c \u2067x\u2069 \u200f',
  '\ud800half\udfff \ufffe',
  '=HYPERLINK("http://example.com";"x")',
  '+1+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  'line\r\nbreak, "quoted"',
  '',
  '卷积层/第一层/Conv',
];

/** An engine whose every name is hostile, with a time for each layer. */
export function hostileEngine(): BuiltEngine {
  const tensors = HOSTILE_NAMES.map((name, i) => tensor(`${name}#${String(i)}`));
  const layers = HOSTILE_NAMES.map((name, i) => {
    const input = tensors[i]!;
    const output = tensors[i + 1] ?? tensor('out');
    return i % 4 === 3
      ? copy(name, input, output, { role: 'qdq', timeUs: 3, tactic: name })
      : layer(name, [input], [output], {
          layerType: name,
          tactic: name,
          nodes: [name],
          activation: name,
          convolution: facts(),
          timeUs: i + 1,
        });
  });
  return engineOf(layers, [tensors[0]!.name, 'out'], {
    name: HOSTILE_NAMES[0]!,
    trtVersion: HOSTILE_NAMES[1]!,
    gpu: HOSTILE_NAMES[6]!,
  });
}
