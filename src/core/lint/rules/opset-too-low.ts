import type { FindingRule } from '../finding.ts';
import type { LintContext } from '../lint-context.ts';
import { lintDocs } from '../lint-docs.ts';
import type { QuantizerFacts } from '../quantizer-facts.ts';
import { groupBy } from '../group-by.ts';
import { counted, listed } from '../wording.ts';

// When ONNX learned what: axis in 13, FP8 and half-precision scales in 19, INT4, INT16 and blocks in 21, FP4 in 23.
// TensorRT's own operators (TRT_FP8QuantizeLinear …) have no such floor.
export const opsetTooLow: FindingRule = {
  id: 'opset-too-low',
  severity: 'error',
  title: 'The operator set is older than what the quantizer uses',
  docs: [lintDocs.onnxOperators('what each version of QuantizeLinear added')],
  evidence: { kind: 'documented' },
  consequence:
    'By its operator set the file means something else, or nothing; the parser refuses or misreads it.',
  advice:
    'Export with a newer operator set, or convert the file with the version converter of ONNX.',
  find(context) {
    const low = context.quantizers.flatMap((facts) => {
      const needs = needOf(facts, context);
      return needs && needs.opset > context.opset ? [{ facts, ...needs }] : [];
    });
    return groupBy(low, ({ what }) => what).map((group) => {
      const names = group.map(({ facts }) => facts.node.name);
      const [{ what, opset }] = group;
      return {
        nodes: names,
        message: `${listed(names)} ${names.length > 1 ? 'use' : 'uses'} ${what}, known from operator set ${String(opset)} on; the model states ${String(context.opset)} (${counted(names.length, 'node')}).`,
      };
    });
  },
};

function needOf({ node, type, scale, scaleDims, data }: QuantizerFacts, context: LintContext) {
  if (node.domain !== '' || node.opType.startsWith('TRT_')) return undefined;
  if (type === 'float4e2m1') return { what: 'FP4', opset: 23 };
  if (type === 'int4' || type === 'uint4') return { what: 'a 4-bit type', opset: 21 };
  if (type === 'int16' || type === 'uint16') return { what: 'a 16-bit type', opset: 21 };
  if (node.attributes.has('block_size')) return { what: 'blocks', opset: 21 };
  if (type?.startsWith('float8')) return { what: 'FP8', opset: 19 };
  if (scale.dataType === 'float16' || scale.dataType === 'bfloat16')
    return { what: 'a half-precision scale', opset: 19 };
  const manyScales = scaleDims?.length === 1 && (scaleDims[0] ?? 1) > 1;
  return manyScales && (context.dims(data)?.length ?? 2) > 1
    ? { what: 'one scale for each channel', opset: 13 }
    : undefined;
}
