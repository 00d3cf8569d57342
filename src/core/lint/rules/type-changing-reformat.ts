import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText, counted, listed } from '../wording.ts';

// A reformat that changes the type shows where float types meet. In weakly typed builds the float types are settled by
// timing, so that only part of what is predicted will be there.
export const typeChangingReformat: FindingRule = {
  id: 'type-changing-reformat',
  severity: 'info',
  title: 'Reformats change the element type',
  docs: [lintDocs.explicitQuantization('conversions are where quantized and float parts meet')],
  evidence: {
    kind: 'inferred',
    from: 'layers that run in different float types beside each other',
  },
  consequence: 'Each reads and writes a whole tensor between layers of different types.',
  advice: 'Quantize the float part between the layers, or export it in one float type.',
  find(context) {
    if (context.quantizers.length === 0) return [];
    const { layers, bindings } = context.engine;
    const changing = layers.filter(
      ({ role, inputs: [from], outputs: [to] }) =>
        role === 'reformat' &&
        from &&
        to &&
        from.dataType !== to.dataType &&
        !bindings.includes(from.name),
    );
    if (changing.length === 0) return [];
    const costBytes = changing.reduce((sum, { inputs }) => sum + context.tensorBytes(inputs[0]), 0);
    const tensors = [...new Set(changing.flatMap(({ inputs }) => inputs[0]?.name ?? []))];
    const nodes = tensors.flatMap((name) => context.graph.value(name)?.producer()?.name ?? []);
    return [
      {
        nodes,
        message: `${counted(changing.length, 'reformat')} may change the type of ${listed(tensors)} (${byteText(costBytes)} in FP32 in all).`,
        costBytes,
      },
    ];
  },
};
