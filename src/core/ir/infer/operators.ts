import { attentionOperators } from './attention.ts';
import { concatSplitOperators } from './concat-split.ts';
import { controlFlowOperators } from './control-flow.ts';
import { convolutionOperators } from './convolution.ts';
import { creationOperators } from './creation.ts';
import { detectionOperators } from './detection.ts';
import { einsumOperators } from './einsum.ts';
import { elementwiseOperators } from './elementwise.ts';
import { gatherScatterOperators } from './gather-scatter.ts';
import { layoutOperators } from './layout-ops.ts';
import { matmulOperators } from './matmul.ts';
import { microsoftOperators } from './microsoft.ts';
import { normalizationOperators } from './normalization.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { poolingOperators } from './pooling.ts';
import { quantizeOperators } from './quantize.ts';
import { recurrentOperators } from './recurrent.ts';
import { reduceOperators } from './reduce.ts';
import { reshapeOperators } from './reshape-ops.ts';
import { resizeOperators } from './resize.ts';
import { sequenceOperators } from './sequence.ts';
import { shapeQueryOperators } from './shape-queries.ts';
import { signalOperators } from './signal.ts';
import { slicePadOperators } from './slice-pad.ts';
import { stringOperators } from './strings.ts';
import { tensorrtOperators } from './tensorrt.ts';

const standard: OperatorTable = {
  ...attentionOperators,
  ...concatSplitOperators,
  ...controlFlowOperators,
  ...convolutionOperators,
  ...creationOperators,
  ...detectionOperators,
  ...einsumOperators,
  ...elementwiseOperators,
  ...gatherScatterOperators,
  ...layoutOperators,
  ...matmulOperators,
  ...normalizationOperators,
  ...poolingOperators,
  ...quantizeOperators,
  ...recurrentOperators,
  ...reduceOperators,
  ...reshapeOperators,
  ...resizeOperators,
  ...sequenceOperators,
  ...shapeQueryOperators,
  ...signalOperators,
  ...slicePadOperators,
  ...stringOperators,
};

const microsoft: OperatorTable = { ...standard, ...microsoftOperators };

const byDomain = new Map<string, ReadonlyMap<string, InferOperator>>([
  ['', new Map(Object.entries(standard))],
  ['ai.onnx', new Map(Object.entries(standard))],
  ['com.microsoft', new Map(Object.entries(microsoft))],
  ['trt', new Map(Object.entries({ ...quantizeOperators, ...tensorrtOperators }))],
]);

/**
 * The inference function of an operator; undefined for operators that we do not know. The quantizers of the `trt` domain
 * are known by their names alone, because some exporters put them elsewhere.
 */
export const operatorFor = (domain: string, opType: string): InferOperator | undefined =>
  byDomain.get(domain)?.get(opType) ??
  (opType.startsWith('TRT_') ? byDomain.get('trt')?.get(opType) : undefined);

/** Every operator that has an inference function, as domain and type. */
export function* operatorNames(): Generator<readonly [domain: string, opType: string]> {
  for (const [domain, table] of byDomain) for (const opType of table.keys()) yield [domain, opType];
}
