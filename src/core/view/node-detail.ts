import type { NodeDetail } from '../../api/model-facts.ts';
import type { Attribute } from '../ir/attribute.ts';
import type { Node } from '../ir/graph.ts';
import { constantOf } from '../ir/quantizer-nodes.ts';
import type { Tensor } from '../ir/tensor.ts';
import { shapeText } from './node-label.ts';
import { tensorSummary } from './model-summary.ts';

/** Everything that is known of one node. Missing optional inputs are left out. */
export function nodeDetail(node: Node): NodeDetail {
  const inputs = node.inputs.filter((value) => value !== null);
  return {
    name: node.name,
    opType: node.opType,
    domain: node.domain,
    attributes: [...node.attributes.values()].map((attribute) => ({
      name: attribute.name,
      text: attributeText(attribute),
    })),
    inputs: inputs.map((value) => {
      const tensor = constantOf(value);
      const size = tensor === undefined ? {} : { sizeBytes: tensor.bytes.byteLength };
      return { ...tensorSummary(value), constant: tensor !== undefined, ...size };
    }),
    outputs: node.outputs.map(tensorSummary),
  };
}

/** Lists longer than this are cut. */
const LIST_LIMIT = 32;

function attributeText(attribute: Attribute): string {
  switch (attribute.type) {
    case 'float':
    case 'int':
    case 'string':
      return String(attribute.value);
    case 'floats':
    case 'ints':
    case 'strings':
      return listText(attribute.value);
    case 'tensor':
      return tensorText(attribute.value);
    case 'tensors':
      return attribute.value.map(tensorText).join(', ');
    case 'graph':
      return `graph of ${String(attribute.value.nodeCount)} nodes`;
    case 'graphs':
      return attribute.value.map((graph) => `graph of ${String(graph.nodeCount)} nodes`).join(', ');
    case 'opaque':
      return `${String(attribute.value.length)} bytes`;
  }
}

function listText(values: readonly (number | bigint | string)[]): string {
  const shown = values.slice(0, LIST_LIMIT).map(String).join(', ');
  return values.length > LIST_LIMIT ? `[${shown}, … (${String(values.length)})]` : `[${shown}]`;
}

const tensorText = (tensor: Tensor): string => `${tensor.dataType} ${shapeText(tensor.dims)}`;
