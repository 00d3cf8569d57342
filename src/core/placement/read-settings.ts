import { assert } from '../base/assert.ts';
import { notNumbers } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Node } from '../ir/graph.ts';
import { constantOf, isQuantizeNode } from '../ir/quantizer-nodes.ts';
import { keepNumbers, tensorNumbers } from '../ir/tensor-values.ts';
import type { Tensor } from '../ir/tensor.ts';
import type { QuantizerSettings, StoredScale } from './placement-file.ts';

/** Settings, and the scale that they name. */
export interface SettingsRead {
  readonly settings: QuantizerSettings;
  readonly scale: StoredScale;
}

/** What a Q or DQ with constant scale says. Fails where bytes cannot be read or are no numbers. */
export async function readSettings(
  node: Node,
  signal?: AbortSignal,
): Promise<Result<SettingsRead>> {
  const [, scale = null, zeroPoint = null] = node.inputs;
  const tensor = constantOf(scale);
  assert(scale && tensor, `${node.name} has no constant scale`);
  const numbers = await numbersOf(tensor, signal);
  if (!numbers.ok) return numbers;
  const zeros = constantOf(zeroPoint);
  const points = zeros ? await numbersOf(zeros, signal) : ok(null);
  if (!points.ok) return points;
  const integers = isQuantizeNode(node) ? node.outputs[0] : node.inputs[0];
  const { dims, dataType } = tensor;
  const settings: QuantizerSettings = {
    scale: scale.name,
    type: zeros?.dataType ?? constantOf(integers)?.dataType ?? integers?.dataType ?? 'int8',
    zeroPoint: points.value && shortList(points.value),
    ...attributesOf(node),
    ...operatorsOf(node),
  };
  return ok({ settings, scale: { numbers: numbers.value, dims, dataType } });
}

async function numbersOf(tensor: Tensor, signal?: AbortSignal): Promise<Result<readonly number[]>> {
  const kept = await keepNumbers(tensor, signal);
  if (!kept.ok) return kept;
  const numbers = tensorNumbers(tensor);
  return numbers ? ok([...numbers]) : fail(notNumbers(tensor.name, tensor.dataType));
}

/** One number where all are the same. */
function shortList(numbers: readonly number[]): number | readonly number[] {
  const [first = 0] = numbers;
  return numbers.every((number) => number === first) ? first : numbers;
}

function attributesOf(node: Node): Pick<QuantizerSettings, 'axis' | 'blockSize' | 'attributes'> {
  const others: Record<string, number> = {};
  let axis: number | undefined;
  let blockSize: number | undefined;
  for (const { name, type, value } of node.attributes.values()) {
    if (type !== 'int') continue;
    if (name === 'axis') axis = Number(value);
    else if (name === 'block_size') blockSize = Number(value);
    else others[name] = Number(value);
  }
  return {
    ...(axis !== undefined && { axis }),
    ...(blockSize !== undefined && { blockSize }),
    ...(Object.keys(others).length > 0 && { attributes: others }),
  };
}

function operatorsOf({ opType, domain }: Node): Pick<QuantizerSettings, 'operators' | 'domain'> {
  const operators = opType.replace(/(?:Quantize|Dequantize)Linear$/, '');
  return { ...(operators !== '' && { operators }), ...(domain !== '' && { domain }) };
}

/** Whether a Q and a DQ say the same: many exporters give each its own constant of the same numbers. */
export function sameSettings(a: SettingsRead, b: SettingsRead): boolean {
  const key = ({ settings, scale }: SettingsRead): string => {
    const { type, zeroPoint, axis, blockSize, attributes = {}, operators, domain } = settings;
    const named = Object.entries(attributes).sort(([x], [y]) => (x < y ? -1 : 1));
    return JSON.stringify([scale, type, zeroPoint, axis, blockSize, named, operators, domain]);
  };
  return key(a) === key(b);
}
