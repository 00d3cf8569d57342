import assert from 'node:assert/strict';
import onnxProto from 'onnx-proto';
import { generateChain } from './generate-model.ts';

const { ModelProto, TensorProto } = onnxProto.onnx;

/** A model whose first weight lies in the file `location`, and what that file holds. */
export function modelWithExternalWeight(location: string): {
  readonly model: Uint8Array;
  readonly weights: Uint8Array;
  readonly name: string;
} {
  const model = ModelProto.decode(generateChain(40));
  const weight = model.graph?.initializer?.find(({ rawData }) => (rawData?.length ?? 0) > 500);
  assert.ok(weight?.rawData);
  const weights = weight.rawData;
  const { name } = weight;
  weight.rawData = new Uint8Array(0);
  weight.dataLocation = TensorProto.DataLocation.EXTERNAL;
  weight.externalData = [
    { key: 'location', value: location },
    { key: 'offset', value: '0' },
    { key: 'length', value: String(weights.length) },
  ];
  return { model: ModelProto.encode(model).finish(), weights, name: name ?? '' };
}
