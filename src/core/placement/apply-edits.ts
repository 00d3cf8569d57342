import { assertNever } from '../base/assert.ts';
import { editImpossible } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph, Node } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import { addPair, removePair } from './edit-pairs.ts';
import { movePair } from './move-pair.ts';
import type { PlacementEdit } from './placement-edit.ts';
import { checkOpset } from './check-opset.ts';
import { bypassNode } from './bypass-node.ts';
import { dropUnused } from './remove-node.ts';
import { dequantizersOf, isPerTensor, isQuantizeNode } from '../ir/quantizer-nodes.ts';

/**
 * The model with the edits made one after the other, each on what the ones before it left. `model` is not changed; weights
 * are shared with it. Types and shapes of new values are set, so inference need not run again. Fails on the first edit that
 * the model does not permit, with the node or value to blame.
 */
export function applyEdits(model: Model, edits: readonly PlacementEdit[]): Result<Model> {
  const graph = model.graph.clone();
  for (const edit of edits) {
    const done = applyEdit(graph, edit);
    if (!done.ok) return done;
  }
  const isAdding = edits.some(({ kind }) => kind === 'add-pair');
  const tooOld = isAdding ? checkOpset(graph, model.opsets) : null;
  return tooOld ? fail(tooOld) : ok({ ...model, graph });
}

/** Makes one edit in place. What fails may leave the graph half edited: work on a clone. */
export function applyEdit(graph: Graph, edit: PlacementEdit): Result<unknown> {
  switch (edit.kind) {
    case 'add-pair':
      return addPair(graph, edit.value, edit.scale, edit.reader);
    case 'remove-pair': {
      const node = quantizeNode(graph, edit.quantize);
      return node.ok ? removePair(graph, node.value) : node;
    }
    case 'share-scale':
      return shareScale(graph, edit.from, edit.quantizers);
    case 'move-pair': {
      const node = quantizeNode(graph, edit.quantize);
      return node.ok ? movePair(graph, node.value, edit.over) : node;
    }
    case 'remove-relu': {
      const node = graph.node(edit.node);
      return node?.opType === 'Relu'
        ? bypassNode(graph, node)
        : fail(editImpossible(`${edit.node} is no Relu`, { node: edit.node }));
    }
    default:
      return assertNever(edit);
  }
}

function quantizeNode(graph: Graph, name: string): Result<Node> {
  const node = graph.node(name);
  return node && isQuantizeNode(node)
    ? ok(node)
    : fail(editImpossible(`${name} is no QuantizeLinear`, { node: name }));
}

function shareScale(graph: Graph, from: string, names: readonly string[]): Result<null> {
  const source = quantizeNode(graph, from);
  if (!source.ok) return source;
  const [, scale = null, zeroPoint = null] = source.value.inputs;
  for (const name of names) {
    const target = quantizeNode(graph, name);
    if (!target.ok) return target;
    if (!isPerTensor(source.value) || !isPerTensor(target.value))
      return fail(editImpossible(`${from} and ${name} must have one scale each`, { node: name }));
    for (const node of [target.value, ...dequantizersOf(target.value)]) {
      const old = node.inputs.slice(1, 3);
      graph.setInput(node, 1, scale);
      if (zeroPoint !== null || node.inputs[2]) graph.setInput(node, 2, zeroPoint);
      dropUnused(graph, old);
    }
  }
  return ok(null);
}
