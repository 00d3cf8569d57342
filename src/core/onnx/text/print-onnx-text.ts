import type { Attribute } from '../../ir/attribute.ts';
import type { Dim, Graph, Node, Value } from '../../ir/graph.ts';
import type { Model } from '../../ir/model.ts';
import type { Tensor } from '../../ir/tensor.ts';
import { nodeSource } from '../read-node.ts';
import { elementName, elementType } from './element-names.ts';
import { formatData, formatFloat } from './format-elements.ts';
import { quote } from './tokenize.ts';

export interface PrintOptions {
  /** Tensors with more elements are printed as `{x ...}` or `{...}`; 32 unless told. */
  readonly maxElements?: number;
}

/** Prints a model in the textual form that `parseOnnxText` describes. */
export function printOnnxText(model: Model, options: PrintOptions = {}): string {
  const pairs = (map: ReadonlyMap<string, string>): string =>
    `[${[...map].map(([key, value]) => `${quote(key)}: ${value}`).join(', ')}]`;
  const texts = new Map([...model.metadata].map(([key, value]) => [key, quote(value)]));
  const versions = new Map([...model.opsets].map(([key, value]) => [key, String(value)]));
  const header = [
    `ir_version: ${model.irVersion}`,
    `opset_import: ${pairs(versions)}`,
    ...(model.producerName === '' ? [] : [`producer_name: ${quote(model.producerName)}`]),
    ...(model.producerVersion === '' ? [] : [`producer_version: ${quote(model.producerVersion)}`]),
    ...(texts.size === 0 ? [] : [`metadata_props: ${pairs(texts)}`]),
  ];
  const printer = new GraphPrinter(options.maxElements ?? 32);
  return `<${header.join(', ')}>\n${printer.graph(model.graph, '')}\n`;
}

const printName = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) && elementType(name) === undefined && !/^(inf|nan)$/.test(name)
    ? name
    : quote(name);

function printDim(dim: Dim): string {
  if (typeof dim === 'number') return String(dim);
  return /^unk__\d+$/.test(dim) ? '?' : printName(dim);
}

function printShape(shape: readonly Dim[] | undefined): string {
  if (shape === undefined) return '[]';
  return shape.length === 0 ? '' : `[${shape.map(printDim).join(', ')}]`;
}

function printTyped({ name, dataType, shape }: Value): string {
  const type = dataType && `${elementName(dataType)}${printShape(shape)} `;
  return `${type ?? ''}${printName(name)}`;
}

/** A missing value at the end of a list still needs its comma. */
function printList(names: readonly string[]): string {
  const list = names.join(', ');
  return names.length > 1 && names.at(-1) === '' ? list.trimEnd() : list;
}

class GraphPrinter {
  private readonly maxElements: number;

  constructor(maxElements: number) {
    this.maxElements = maxElements;
  }
  graph(graph: Graph, indent: string): string {
    const inner = `${indent}  `;
    const declared = this.declarations(graph);
    const lines = [
      `${printName(graph.name || 'graph')} (${graph.inputs.map(printTyped).join(', ')}) => (${graph.outputs.map(printTyped).join(', ')})`,
      ...(declared.length === 0
        ? []
        : [`${indent}<\n${inner}${declared.join(`,\n${inner}`)}\n${indent}>`]),
      `${indent}{`,
      ...[...graph.nodes()].map((node) => `${inner}${this.node(node, inner)}`),
      `${indent}}`,
    ];
    return lines.join('\n');
  }
  private declarations(graph: Graph): string[] {
    const constants = [...graph.initializers.values()].flatMap(({ name, tensor }) =>
      tensor
        ? [
            `${this.tensorHead(tensor)} ${printName(name)} = ${formatData(tensor, this.maxElements)}`,
          ]
        : [],
    );
    const isPlain = (value: Value): boolean =>
      value.name !== '' && value.dataType !== undefined && !value.isGraphOutput;
    const made = [...graph.nodes()].flatMap((node) => node.outputs.filter(isPlain));
    return [...constants, ...made.map(printTyped)];
  }
  private tensorHead({ dataType, dims }: Tensor): string {
    return `${elementName(dataType)}${printShape(dims)}`;
  }
  private node(node: Node, indent: string): string {
    const { attributes } = node;
    const isNamed = nodeSource(node)?.fileName !== '' && !isDefaultName(node);
    const label = isNamed ? `[${printName(node.name)}] ` : '';
    const outputs = printList(node.outputs.map(({ name }) => (name === '' ? '' : printName(name))));
    const inputs = printList(
      node.inputs.map((value) => (value === null ? '' : printName(value.name))),
    );
    const printed = [...attributes.values()].map((attribute) => this.attribute(attribute, indent));
    const list = printed.length === 0 ? '' : ` <${printed.join(', ')}> `;
    const domain = node.domain === '' ? '' : `${node.domain.split('.').map(printName).join('.')}.`;
    return `${label}${outputs} = ${domain}${printName(node.opType)}${list}(${inputs})`;
  }
  private attribute(attribute: Attribute, indent: string): string {
    const { name, type } = attribute;
    const list = (items: readonly string[]): string =>
      `${printName(name)}${items.length === 0 ? `: ${type}` : ''} = [${items.join(', ')}]`;
    const one = (text: string): string => `${printName(name)} = ${text}`;
    switch (type) {
      case 'float':
        return one(formatFloat(attribute.value));
      case 'int':
        return one(String(attribute.value));
      case 'string':
        return one(quote(attribute.value));
      case 'tensor':
        return one(this.tensor(attribute.value));
      case 'graph':
        return one(this.graph(attribute.value, indent));
      case 'floats':
        return list(attribute.value.map((value) => formatFloat(value)));
      case 'ints':
        return list(attribute.value.map(String));
      case 'strings':
        return list(attribute.value.map(quote));
      case 'tensors':
        return list(attribute.value.map((tensor) => this.tensor(tensor)));
      case 'graphs':
        return list(attribute.value.map((graph) => this.graph(graph, indent)));
      case 'opaque':
        return `${printName(name)}: opaque = "${toHex(attribute.value)}"`;
    }
  }
  private tensor(tensor: Tensor): string {
    const name = tensor.name === '' ? '' : `${printName(tensor.name)} = `;
    return `${this.tensorHead(tensor)} ${name}${formatData(tensor, this.maxElements)}`;
  }
}

const isDefaultName = (node: Node): boolean =>
  node.name === `node_of_${node.outputs.find(({ name }) => name !== '')?.name ?? node.opType}`;

const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
