import { editImpossible } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Attribute } from '../ir/attribute.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';
import { residentBytes } from '../ir/memory-bytes.ts';
import type { Model } from '../ir/model.ts';
import { applyEdit } from '../placement/apply-edits.ts';
import { bypassNode, replaceValue } from '../placement/bypass-node.ts';
import { dropUnused, removeNodeAndItsOwn } from '../placement/remove-node.ts';
import type { GraphEdit, StructureEdit } from './graph-edit.ts';

/** Makes one edit in place. What fails may leave the graph half edited: work on a clone. */
function applyGraphEdit(graph: Graph, edit: GraphEdit): Result<unknown> {
  switch (edit.kind) {
    case 'add-constant':
      return addConstant(graph, edit);
    case 'add-node':
      return addNode(graph, edit);
    case 'replace-node':
      return withNode(graph, edit.node, (node) => replaceNode(graph, node, edit));
    case 'remove-node':
      return withNode(graph, edit.node, (node) => removeNode(graph, node));
    case 'bypass-node':
      return withNode(graph, edit.node, (node) => bypass(graph, node));
    case 'set-input':
      return withNode(graph, edit.node, (node) => setInput(graph, node, edit));
    case 'replace-reads':
      return replaceReads(graph, edit.value, edit.by);
    case 'set-attributes':
      return withNode(graph, edit.node, (node) => setAttributes(node, edit.attributes));
    case 'set-type': {
      const value = graph.value(edit.value);
      if (!value) return missingValue(edit.value);
      graph.retype(value, edit.dataType, edit.shape);
      return ok(null);
    }
    case 'set-opset':
      // Said of the model around the graph: see `withOpset`.
      return ok(null);
    default:
      return applyEdit(graph, edit);
  }
}

/** Makes the edits of one change in place; new nodes say `source` as where they come from. */
export function applyGraphEdits(
  graph: Graph,
  source: string,
  edits: readonly GraphEdit[],
): Result<unknown> {
  graph.stamp = `qdq-lab: ${source}`;
  for (const edit of edits) {
    const done = applyGraphEdit(graph, edit);
    if (!done.ok) return done;
  }
  graph.stamp = '';
  return ok(null);
}

/** IR version that came with operator set 19: readers refuse newer operators in older files. */
const IR_VERSION = 9;

/** The model after the edits that concern more than its graph. */
export function withOpset(model: Model, edits: readonly GraphEdit[]): Model {
  const last = edits.findLast((edit) => edit.kind === 'set-opset');
  if (!last) return model;
  const opsets = new Map(model.opsets).set('', last.version);
  return { ...model, opsets, irVersion: Math.max(model.irVersion, IR_VERSION) };
}

type Of<Kind extends StructureEdit['kind']> = Extract<StructureEdit, { readonly kind: Kind }>;

const missingValue = (name: string): Result<never> =>
  fail(editImpossible(`there is no value ${name}`, { value: name }));

function withNode(
  graph: Graph,
  name: string,
  job: (node: Node) => Result<unknown>,
): Result<unknown> {
  const node = graph.node(name);
  return node ? job(node) : fail(editImpossible(`there is no node ${name}`, { node: name }));
}

function addConstant(graph: Graph, edit: Of<'add-constant'>): Result<unknown> {
  const { name, dataType, dims, bytes, placeholder } = edit;
  if (graph.value(name))
    return fail(editImpossible(`there is a value ${name} already`, { value: name }));
  const waits = placeholder ? { placeholder } : {};
  const tensor = { name, dataType, dims, bytes: residentBytes(bytes), ...waits };
  return ok(graph.addInitializer(name, tensor));
}

function addNode(graph: Graph, edit: Of<'add-node'>): Result<unknown> {
  const { name, opType, domain, attributes = [] } = edit;
  const before = edit.before === null ? null : graph.node(edit.before);
  if (before === undefined)
    return fail(editImpossible(`there is no node ${edit.before ?? ''}`, { node: name }));
  if (graph.node(name))
    return fail(editImpossible(`there is a node ${name} already`, { node: name }));
  const inputs = inputValues(graph, edit.inputs);
  if (!inputs.ok) return inputs;
  const outputs = edit.outputs.map((output) => {
    const value = graph.ensureValue(output.name);
    graph.retype(value, output.dataType, output.shape);
    return value;
  });
  const taken = outputs.find((value) => value.producer() !== null || value.tensor !== undefined);
  if (taken) return fail(editImpossible(`${taken.name} is made already`, { value: taken.name }));
  const named = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  const init = { name, opType, outputs, attributes: named, ...(domain && { domain }) };
  return ok(graph.addNode({ ...init, inputs: inputs.value }, before));
}

function inputValues(
  graph: Graph,
  names: readonly (string | null)[],
): Result<readonly (Value | null)[]> {
  const inputs: (Value | null)[] = [];
  for (const name of names) {
    const value = name === null ? null : graph.value(name);
    if (value === undefined) return missingValue(name ?? '');
    inputs.push(value);
  }
  return ok(inputs);
}

function replaceNode(graph: Graph, node: Node, edit: Of<'replace-node'>): Result<unknown> {
  const { name = node.name, opType, domain, attributes = [] } = edit;
  if (name !== node.name && graph.node(name))
    return fail(editImpossible(`there is a node ${name} already`, { node: name }));
  const inputs = inputValues(graph, edit.inputs);
  if (!inputs.ok) return inputs;
  const { outputs, inputs: old, next } = node;
  graph.removeNode(node);
  const named = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  const init = { name, opType, outputs, attributes: named, ...(domain && { domain }) };
  graph.addNode({ ...init, inputs: inputs.value }, next);
  dropUnused(graph, old);
  return ok(null);
}

function removeNode(graph: Graph, node: Node): Result<unknown> {
  const read = node.outputs.find((value) => value.useCount > 0 || value.isGraphOutput);
  if (read) return fail(editImpossible(`${read.name} is still read`, { node: node.name }));
  removeNodeAndItsOwn(graph, node);
  return ok(null);
}

function bypass(graph: Graph, node: Node): Result<unknown> {
  const others = node.inputs.slice(1);
  const done = bypassNode(graph, node);
  if (done.ok) dropUnused(graph, others);
  return done;
}

function setInput(graph: Graph, node: Node, edit: Of<'set-input'>): Result<unknown> {
  const value = edit.value === null ? null : graph.value(edit.value);
  if (value === undefined) return missingValue(edit.value ?? '');
  const old = node.inputs[edit.input];
  graph.setInput(node, edit.input, value);
  dropUnused(graph, [old]);
  return ok(null);
}

function replaceReads(graph: Graph, from: string, by: string): Result<unknown> {
  const [value, replacement] = [graph.value(from), graph.value(by)];
  if (!value) return missingValue(from);
  return replacement ? replaceValue(graph, value, replacement) : missingValue(by);
}

function setAttributes(
  node: Node,
  changes: Readonly<Record<string, Attribute | null>>,
): Result<unknown> {
  const attributes = new Map(node.attributes);
  for (const [name, attribute] of Object.entries(changes))
    if (attribute === null) attributes.delete(name);
    else attributes.set(name, attribute);
  node.setAttributes(attributes);
  return ok(null);
}
