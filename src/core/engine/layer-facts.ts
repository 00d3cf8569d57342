import type { ConvolutionFacts } from './built-engine.ts';
import { isJsonObject, numberOf, numbersOf, textOf } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { bytesOf, parseTensorFormat } from './parse-tensor-format.ts';

/** Fields of a convolution stand bare, or behind `Conv` in a layer that also pools. */
export function convolutionFacts(layer: JsonObject): ConvolutionFacts | null {
  const prefix = layer['ConvKernel'] !== undefined ? 'Conv' : '';
  const field = (name: string): unknown => layer[`${prefix}${name}`];
  const outMaps = numberOf(field('OutMaps'));
  if (field('Kernel') === undefined || outMaps === null) return null;
  return {
    kernel: numbersOf(field('Kernel')),
    stride: numbersOf(field('Stride')),
    dilation: numbersOf(field('Dilation')),
    prePadding: numbersOf(field('PrePadding')),
    postPadding: numbersOf(field('PostPadding')),
    groups: numberOf(field('Groups')) ?? 1,
    outMaps,
    weights: parameters(field('Weights')),
    bias: parameters(field('Bias')),
    hasResidual: hasResidual(layer, field),
    isDeconvolution: /deconv/i.test(
      `${textOf(layer['LayerType']) ?? ''} ${textOf(layer['ParameterType']) ?? ''}`,
    ),
  };
}

/** Told from 8.6 on; before, a second input is the one that is added unless it holds the filter. */
function hasResidual(layer: JsonObject, field: (name: string) => unknown): boolean {
  const told = field('HasResidual');
  if (told !== undefined) return isSet(told);
  const inputs = layer['Inputs'];
  return Array.isArray(inputs) && inputs.length > 1 && !isSet(field('HasDynamicFilter'));
}

const isSet = (flag: unknown): boolean => flag === true || numberOf(flag) === 1 || flag === 'true';

function parameters(value: unknown): ConvolutionFacts['weights'] {
  if (!isJsonObject(value)) return null;
  const count = numberOf(value['Count']) ?? 0;
  const { dataType } = parseTensorFormat(textOf(value['Type']) ?? '');
  return count > 0 ? { dataType, count } : null;
}

const HOLDERS = ['Weights', 'Bias', 'ConvWeights', 'ConvBias', 'weights', 'Shift', 'Scale'];

/** Bytes of all parameters that a layer states with type and count. */
export function weightBytes(layer: JsonObject): number {
  const held = HOLDERS.map((name) => parameters(layer[name]));
  return held.reduce((sum, all) => sum + (all ? bytesOf(all.dataType, all.count) : 0), 0);
}

const OPERATION_FIELDS = [
  'Operations',
  'PointWiseExpressionOperations',
  'ConvPointWiseExpressionOperations',
  'Instructions',
];

/** What a point-wise expression computes, one operation a line. */
export function operationLines(layer: JsonObject): string[] {
  for (const name of OPERATION_FIELDS) {
    const lines = layer[name];
    if (Array.isArray(lines)) return lines.map((line) => textOf(line) ?? JSON.stringify(line));
  }
  return [];
}
