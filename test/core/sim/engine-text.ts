import type {
  EngineTensor,
  PredictedEngine,
  PredictedLayer,
  TraceEvent,
} from '../../../src/core/sim/predicted-engine.ts';

const types = (tensors: readonly EngineTensor[]): string =>
  tensors
    .map(({ dataType, uncertain }) => `${dataType.toLowerCase()}${uncertain === true ? '?' : ''}`)
    .join(' ');

/** Kernels that Myelin made have names of its own; the ONNX nodes in them stand behind. */
function runs({ name, nodes }: PredictedLayer): string[] {
  const hidden = nodes.filter((node) => !name.includes(node));
  return hidden.length > 0 ? [`runs ${hidden.join(', ')}`] : [];
}

/** `CaskConvolution int8 -> half? | w + Q_w + Conv + Relu | RELU`; roles other than `compute` stand at the end. */
export function layerLine(layer: PredictedLayer): string {
  const { layerType, inputs, outputs, name, activation, role } = layer;
  return [
    `${layerType} ${types(inputs)} -> ${types(outputs)}`.replace('  ', ' '),
    name,
    ...(activation === undefined ? [] : [activation]),
    ...runs(layer),
    ...(role === 'compute' ? [] : [role]),
  ].join(' | ');
}

/** `fired ConvReluFusion on Conv: …` or `refused ConvReluFusion on Conv: why not (nodes to blame)`. */
export function traceLines({ outcome, pass, node, text, nodes }: TraceEvent): string[] {
  const told = text === '' ? [''] : text.split('\n');
  const blamed = outcome === 'refused' && nodes.length > 0 ? ` (${nodes.join(', ')})` : '';
  return told.map((line) => `${outcome} ${pass} on ${node}: ${line}${blamed}`.trimEnd());
}

/** The layers of an engine, one a line. */
export const engineLines = (engine: PredictedEngine): string[] => engine.layers.map(layerLine);
