import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import {
  absorbFollower,
  absorbProducer,
  bypass,
  swapWithFollower,
} from '../../../src/core/sim/graph/edits.ts';
import type { LayerKind } from '../../../src/core/sim/graph/layer-parameters.ts';
import { SimGraph, SimTensor } from '../../../src/core/sim/graph/sim-graph.ts';
import type { SimLayer } from '../../../src/core/sim/graph/sim-graph.ts';

const tensor = (name: string): SimTensor => new SimTensor(name, [1, 8], 'Float');

describe('edits of a chain x -> a -> b -> c -> y', () => {
  let graph: SimGraph;
  let x: SimTensor;
  let a: SimLayer;
  let b: SimLayer;
  let c: SimLayer;

  function layer(name: string, inputs: readonly SimTensor[], output: string): SimLayer {
    const kind: LayerKind = 'ACTIVATION';
    const outputs = [tensor(output)];
    return graph.add({ kind, op: 'Relu', name, nodes: [name], inputs, outputs });
  }
  /** The order, each layer with what it reads and makes. */
  const told = (): string[] =>
    [...graph.layers()].map(
      ({ name, inputs, outputs }) =>
        `${name}: ${inputs.map((t) => t.name).join(' ')} -> ${outputs.map((t) => t.name).join(' ')}`,
    );
  /** Producers and readers of all tensors agree with what the layers say. */
  function assertConsistent(): void {
    const layers = [...graph.layers()];
    assert.equal(graph.layerCount, layers.length);
    for (const each of layers) {
      for (const input of each.inputs) {
        const reads = each.inputs.filter((t) => t === input).length;
        assert.equal(input.readers.filter((reader) => reader === each).length, reads);
      }
      for (const output of each.outputs) assert.equal(output.producer, each);
    }
  }

  beforeEach(() => {
    graph = new SimGraph();
    x = tensor('x');
    a = layer('a', [x], 't');
    b = layer('b', [a.output], 'u');
    c = layer('c', [b.output], 'y');
    c.output.isOutput = true;
  });

  test('a layer takes its follower, and stands where that stood', () => {
    absorbFollower(graph, a, b);
    assert.deepEqual(told(), ['a + b: x -> u', 'c: u -> y']);
    assert.deepEqual(a.nodes, ['a', 'b']);
    assert.equal(b.alive, false);
    assertConsistent();
  });

  test('a follower with another operand brings it along, each tensor once', () => {
    const other = tensor('other');
    const sum = layer('sum', [c.output, other, x], 'z');
    absorbFollower(graph, c, sum, 'both');
    assert.deepEqual(told(), ['a: x -> t', 'b: t -> u', 'both: u other x -> z']);
    assertConsistent();
  });

  test('a layer takes its producer, which goes when nobody else reads it', () => {
    absorbProducer(graph, b, 0);
    assert.deepEqual(told(), ['b: x -> u', 'c: u -> y']);
    assert.deepEqual(b.nodes, ['b', 'a']);
    assertConsistent();
  });

  test('a producer that others read stays', () => {
    layer('d', [a.output], 'v');
    absorbProducer(graph, b, 0);
    assert.deepEqual(told(), ['a: x -> t', 'b: x -> u', 'c: u -> y', 'd: t -> v']);
    assertConsistent();
  });

  test('a constant leaves no input behind', () => {
    const value = tensor('k');
    graph.add({ kind: 'CONSTANT', op: '', name: 'k', nodes: [], inputs: [], outputs: [value] }, a);
    graph.addInput(b, value);
    absorbProducer(graph, b, 1);
    assert.deepEqual(told(), ['a: x -> t', 'b: t -> u', 'c: u -> y']);
    assertConsistent();
  });

  test('a layer in the middle is bypassed', () => {
    bypass(graph, b);
    assert.deepEqual(told(), ['a: x -> t', 'c: t -> y']);
    assertConsistent();
  });

  test('behind a bypassed last layer the output of the network keeps its name', () => {
    bypass(graph, c);
    assert.deepEqual(told(), ['a: x -> t', 'b: t -> y']);
    assertConsistent();
  });

  test('two layers swap, and the tensor between them keeps its name', () => {
    swapWithFollower(graph, a, b);
    assert.deepEqual(told(), ['b: x -> t', 'a: t -> u', 'c: u -> y']);
    assertConsistent();
  });

  test('a walk goes on when the layer it stands on is removed', () => {
    const seen: string[] = [];
    for (const each of graph.layers()) {
      seen.push(each.name);
      if (each === a || each === b) bypass(graph, each);
    }
    assert.deepEqual(seen, ['a', 'b', 'c']);
    assert.deepEqual(told(), ['c: x -> y']);
  });

  test('a tensor knows its only reader', () => {
    assert.equal(a.output.soleReader(), b);
    layer('d', [a.output], 'v');
    assert.equal(a.output.soleReader(), null, 'two readers');
    assert.equal(c.output.soleReader(), null, 'none');
    b.output.isOutput = true;
    assert.equal(b.output.soleReader(), null, 'also an output of the network');
  });

  test('removing twice is a bug', () => {
    graph.remove(c);
    assert.throws(() => {
      graph.remove(c);
    }, /gone already/);
  });
});
