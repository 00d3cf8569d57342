import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/graph.ts';
import { printOnnxText } from '../../../src/core/onnx/index.ts';
import { PIPELINE, USUAL_PASSES } from '../../../src/core/passes/pipeline.ts';
import type { RewritePass } from '../../../src/core/passes/rewrite-pass.ts';
import { SharedStart, runPasses } from '../../../src/core/passes/run-passes.ts';
import { valueOf } from '../explain/text-models.ts';
import { textModel } from '../sim/text-model.ts';
import { randomNetwork } from '../sim/random-network.ts';

const OPTIONS = { target: { trt: '10.6', sm: 90, mode: 'best' } } as const;

const CHAIN = `<ir_version: 8, opset_import: ["" : 17]>
g (float[1, 4, 8, 8] x) => (float[] y) {
  [i1] a = Identity (x)
  [r] b = Relu (a)
  [i2] c = Identity (b)
  [s] y = Sigmoid (c)
}`;

function opened(text: string): Model {
  const model = textModel(text);
  inferShapes(model);
  return model;
}

const passOf = (id: string): RewritePass => {
  const pass = PIPELINE.find((one) => one.id === id);
  assert.ok(pass);
  return pass;
};

/** A pass with the nodes at which it was asked, in order. */
function watched(pass: RewritePass): { pass: RewritePass; asked: string[] } {
  const asked: string[] = [];
  const check: RewritePass['check'] = (node, context) => {
    asked.push(node.name);
    return pass.check(node, context);
  };
  return { pass: { ...pass, check }, asked };
}

test('a pass that found nothing is not asked again until something has changed', async () => {
  const idle = watched(passOf('remove-repeated-relu'));
  const run = valueOf(await runPasses(opened(CHAIN), [idle.pass], OPTIONS));
  assert.deepEqual(run.changes, []);
  assert.deepEqual(idle.asked, ['r']);
  const before = watched(passOf('remove-repeated-relu'));
  const behind = watched(passOf('remove-repeated-relu'));
  const passes = [before.pass, passOf('remove-identity'), behind.pass];
  assert.equal(valueOf(await runPasses(opened(CHAIN), passes, OPTIONS)).changes.length, 2);
  assert.deepEqual(before.asked, ['r', 'r'], 'the graph was another after the first round');
  assert.deepEqual(behind.asked, ['r'], 'it saw the last graph already');
});

test('nodes are asked in the order of the graph, whatever their operators', async () => {
  const { pass, asked } = watched({
    ...passOf('remove-identity'),
    opTypes: ['Sigmoid', 'Relu', 'Identity'],
    check: () => null,
  });
  valueOf(await runPasses(opened(CHAIN), [pass], OPTIONS));
  assert.deepEqual(asked, ['i1', 'r', 'i2', 's']);
});

test('a run with a shared start is the run that it stands for', async () => {
  let changed = 0;
  for (let seed = 0; seed < 60; seed++) {
    const model = opened(randomNetwork(seed));
    const isShared = ({ group }: RewritePass): boolean => group === 'normalize';
    const start = valueOf(await SharedStart.of(model, USUAL_PASSES, isShared, OPTIONS));
    const odd = (_passId: string, site: string): boolean => site.length % 2 === 1;
    for (const accept of [() => true, odd, () => true]) {
      const taken = (passId: string, site: string): boolean =>
        isShared(passOf(passId)) || accept(passId, site);
      const whole = valueOf(await runPasses(model, USUAL_PASSES, { ...OPTIONS, accept: taken }));
      const shared = valueOf(await start.finish(taken));
      changed += whole.changes.length;
      const sites = (run: typeof whole): string[] =>
        run.changes.map(({ passId, site, text }) => `${passId} ${site} ${text}`);
      assert.deepEqual(sites(shared), sites(whole), `seed ${String(seed)}`);
      assert.deepEqual(shared.declined, whole.declined, `seed ${String(seed)}`);
      assert.equal(printOnnxText(shared.model), printOnnxText(whole.model));
    }
  }
  assert.ok(changed > 100, 'much was changed');
});

test('edits that fail half way leave no mark, also behind a shared start', async () => {
  const broken: RewritePass = {
    ...passOf('remove-identity'),
    id: 'break-half-way',
    opTypes: ['Sigmoid'],
    check: (node) => ({
      text: 'Break',
      nodes: [node.name],
      edits: () => [
        { kind: 'set-input', node: node.name, input: 0, value: 'x' },
        { kind: 'remove-node', node: 'nobody' },
      ],
    }),
  };
  const model = opened(CHAIN);
  const passes = [passOf('remove-identity'), broken];
  const whole = valueOf(await runPasses(model, passes, OPTIONS));
  const start = valueOf(await SharedStart.of(model, passes, (pass) => pass !== broken, OPTIONS));
  const shared = valueOf(await start.finish(() => true));
  for (const { model: after, declined, changes } of [whole, shared]) {
    assert.equal(changes.length, 2);
    assert.equal(after.graph.node('s')?.inputs[0]?.producer()?.name, 'r');
    assert.match(declined[0]?.reason ?? '', /there is no node nobody/);
  }
});
