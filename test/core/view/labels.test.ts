import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '../../../src/core/ir/graph.ts';
import {
  commonPath,
  foldablePaths,
  modulePath,
  pathPrefixes,
} from '../../../src/core/view/module-path.ts';
import { nodeSubtitle, nodeTitle, shortName } from '../../../src/core/view/node-label.ts';
import { scaleText } from '../../../src/core/view/quantizer.ts';
import { textModel } from './text-model.ts';

const onlyNode = (line: string, constants = ''): Node => {
  const model = textModel(`g (float[1, 8, 6, 6] x) => (float y) <${constants}> { ${line} }`);
  return [...model.graph.nodes()].at(-1)!;
};

test('titles name what matters of an operator', () => {
  const title = (line: string, constants = ''): string => nodeTitle(onlyNode(line, constants));
  const w = 'float[8, 2, 3, 3] w = {1 ...}';
  assert.equal(title('y = Conv (x, w)', w), 'Conv 3×3');
  assert.equal(
    title('y = Conv <kernel_shape = [3, 3], strides = [2, 1], group = 4> (x, w)', w),
    'Conv 3×3 s2×1 g4',
  );
  assert.equal(
    title('y = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (x)'),
    'MaxPool 2×2 s2',
  );
  assert.equal(title('y = MatMul (x, m)', 'float[6, 9] m = {1 ...}'), 'MatMul 6→9');
  assert.equal(title('y = Gemm <transB = 1> (x, m)', 'float[6, 9] m = {1 ...}'), 'Gemm 9→6');
  assert.equal(title('y = Cast <to = 10> (x)'), 'Cast to float16');
  assert.equal(title('y = Transpose <perm = [0, 2, 3, 1]> (x)'), 'Transpose 0 2 3 1');
  assert.equal(title('y = Softmax (x)'), 'Softmax axis -1');
  assert.equal(title('y = Relu (x)'), 'Relu');
});

test('subtitles give the end of the name and the shape', () => {
  const node = onlyNode('["/layer1/conv1/Relu"] y = Relu (x)');
  node.outputs[0]!.shape = [1, 'N', 6, 6];
  assert.equal(nodeSubtitle(node), 'layer1/conv1 · 1×N×6×6');
  assert.equal(shortName('/layer1/Conv'), 'layer1');
  assert.equal(shortName('Conv_12'), 'Conv_12');
  assert.equal(shortName('/a/very/long/way/down/to/the/conv1/Conv'), '…ong/way/down/to/the/conv1');
});

test('scales are told as one number or as a range', () => {
  const scale = (constants: string): string =>
    scaleText(onlyNode('y = QuantizeLinear (x, s, z)', `${constants}, int8 z = {0}`));
  assert.equal(scale('float s = {0.031496063}'), '0.0315');
  assert.equal(scale('float[3] s = {0.5, 0.125, 2}'), '3 scales, 0.125 to 2');
  const made = onlyNode('s = Constant <value_float = 0.25> () y = QuantizeLinear (x, s)');
  assert.equal(scaleText(made), '0.25');
});

test('modules come from the slashes in names', () => {
  assert.equal(modulePath('/layer1/0/conv1/Conv'), '/layer1/0/conv1');
  assert.equal(modulePath('model/dense/MatMul'), '/model/dense');
  assert.equal(modulePath('Conv_0'), '');
  assert.deepEqual(pathPrefixes('/a/b/c'), ['/a', '/a/b', '/a/b/c']);
  assert.deepEqual(pathPrefixes(''), []);
  assert.equal(commonPath(['/a/b/c', '/a/b', '/a/bc']), '/a');
  assert.equal(commonPath(['/a', '/b']), '');
});

test('a module of one operator type belongs to the module around it', () => {
  const worth = foldablePaths([
    { path: '/l/0/conv1', opType: 'Conv' },
    { path: '/l/0/relu', opType: 'Relu' },
    { path: '/l/0/relu', opType: 'Relu' },
    { path: '/l/0', opType: 'Add' },
    { path: '/l/1/conv1', opType: 'Conv' },
  ]);
  assert.equal(worth('/l/0/conv1'), '/l/0');
  assert.equal(worth('/l/0/relu'), '/l/0');
  assert.equal(worth('/l/1/conv1'), '/l');
});
