import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BuiltLayer, BuiltTensor } from '../../../src/core/engine/built-engine.ts';
import { withProfile } from '../../../src/core/engine/join-profile.ts';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { readProfile } from '../../../src/core/engine/read-profile.ts';
import { givenFiles, givenPlain, givenText, ownFiles, skipGiven } from './engine-files.ts';

const engineOf = (name: string, text: string) => {
  const engine = readEngine(name, text);
  assert.ok(engine.ok, name);
  return engine.value;
};

describe('the given engines', { skip: skipGiven }, () => {
  test('say what the text of all layers says', () => {
    let lines = 0;
    for (const target of ['trt8.6.1-h100', 'trt10.6.0-h100']) {
      const sections = givenPlain(`${target}.layers.txt`).split('\n\n').slice(1);
      for (const section of sections) {
        const [title = '', ...rest] = section.trimEnd().split('\n');
        const [kind = '', model = '', mode = ''] = title.split(' ');
        const file = `${target}/${kind}/${model}.${mode}.layer.json`;
        const engine = engineOf(file, givenText(file));
        assert.deepEqual(engine.layers.map(lineOf), rest, file);
        lines += rest.length;
      }
    }
    assert.equal(lines, 2138);
  });

  test('take all times of their profiles', () => {
    const layerFiles = givenFiles('.layer.json');
    assert.equal(layerFiles.length, 287);
    for (const { name, text } of layerFiles) {
      const file = name.replace('.layer.json', '.profile.json');
      const profile = readProfile(file, givenText(file));
      assert.ok(profile.ok, file);
      const engine = withProfile(engineOf(name, text()), profile.value);
      const foreign = engine.remarks.filter(({ code }) => code.startsWith('engine/profile'));
      assert.deepEqual(foreign, [], name);
      const timed = engine.layers.filter(({ time }) => time !== null);
      assert.equal(timed.length, profile.value.records.length, name);
      const share = timed.reduce((sum, { time }) => sum + (time?.share ?? 0), 0);
      assert.ok(Math.abs(share - 1) < 1e-9, `${name}: shares sum to ${String(share)}`);
      assert.ok(engine.profiledRuns !== null && engine.profiledRuns > 0);
    }
  });
});

test('engines of our own networks: every layer that computes names its nodes', () => {
  const files = ownFiles('.layer.json');
  assert.ok(files.length > 30);
  for (const { name, text } of files)
    for (const layer of engineOf(name, text()).layers)
      // What the parser makes of a BatchNormalization in parts has neither the node's name nor metadata.
      if (
        (layer.role === 'compute' || layer.role === 'qdq') &&
        !layer.name.includes('(Unnamed Layer')
      )
        assert.ok(layer.nodes.length > 0, `${name}: ${layer.name}`);
});

/** A layer in the words of the text that lists all layers of the set. */
function lineOf(layer: BuiltLayer): string {
  const side = (tensors: readonly BuiltTensor[]): string => tensors.map(tensorText).join(' ');
  return [
    `  ${layer.layerType}: ${side(layer.inputs)} -> ${side(layer.outputs)} | ${layer.name}`,
    ...(layer.origin ? [`[${layer.origin}]`] : []),
    // The text leaves out activations that stand under the prefixed name.
    ...(layer.activation && layer.parameterType !== 'ConvActPool'
      ? [`act=${layer.activation}`]
      : []),
    ...(layer.convolution?.hasResidual ? ['residual'] : []),
  ].join(' ');
}

/** What that text shortens; other formats stand in TensorRT's words. */
const SHORT = new Set(['Float:LINEAR', 'Half:LINEAR', 'Int8:LINEAR', 'Int8:CHW4', 'Int8:CHW32']);

function tensorText({ dims, dataType, format, formatText }: BuiltTensor): string {
  const short = `${dataType}:${format}`;
  const type = format === 'UNKNOWN' ? dataType : SHORT.has(short) ? short : formatText;
  return `${type}[${dims.join(',')}]`;
}
