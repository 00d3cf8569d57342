import type { ModelFacts, TensorInfo } from '../../api/model-facts.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Value } from '../ir/graph.ts';
import { bodiesOf } from '../ir/infer/bodies.ts';
import type { Model } from '../ir/model.ts';
import { quantizerText } from './quantizer.ts';

/** Counts and names of a model; `diagnostics` are passed on. Nothing of the weights is read. */
export function summarizeModel(model: Model, diagnostics: readonly Diagnostic[]): ModelFacts {
  const { graph } = model;
  let [quantizeCount, dequantizeCount, subgraphCount, initializerBytes] = [0, 0, 0, 0];
  for (const node of graph.nodes()) {
    const text = quantizerText(node);
    if (text === 'Q') quantizeCount++;
    if (text === 'DQ') dequantizeCount++;
    subgraphCount += bodiesOf(node).length;
  }
  for (const { tensor } of graph.initializers.values()) {
    initializerBytes += tensor?.bytes.byteLength ?? 0;
  }
  return {
    irVersion: model.irVersion,
    opsets: [...model.opsets].map(([domain, version]) => ({ domain, version })),
    producer: [model.producerName, model.producerVersion].filter((part) => part !== '').join(' '),
    nodeCount: graph.nodeCount,
    quantizeCount,
    dequantizeCount,
    initializerBytes,
    inputs: graph.inputs.filter((value) => value.tensor === undefined).map(tensorSummary),
    outputs: graph.outputs.map(tensorSummary),
    functionCount: model.functions.length,
    subgraphCount,
    diagnostics,
  };
}

export const tensorSummary = ({ name, dataType, shape }: Value): TensorInfo => ({
  name,
  dataType: dataType ?? 'unknown',
  ...(shape ? { shape } : {}),
});
