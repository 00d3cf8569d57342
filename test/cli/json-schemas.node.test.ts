import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { COMMANDS } from '../../src/cli/commands.ts';
import { jsonSchemaOf, SCHEMA_NAMES } from '../../src/cli/json-schemas.ts';
import { generateChain } from '../support/generate-model.ts';
import { cli, scratchFolder } from './cli-harness.ts';
import { STAND_IN_PYTHON, withoutPython } from './trt/stand-ins.ts';
import { FLOAT_NET, quantizedNet, writeModelText } from './cli-models.ts';

const folder = scratchFolder();
const at = (name: string): string => join(folder, name);
const engines = fileURLToPath(new URL('../engines/', import.meta.url));

const chain = at('chain.onnx');
writeFileSync(chain, generateChain(30, { floatShortcuts: true }));
const fine = await writeModelText(at('fine.onnx'), quantizedNet(0.03));
const coarse = await writeModelText(at('coarse.onnx'), quantizedNet(0.5));
const refused = await writeModelText(at('refused.onnx'), quantizedNet(0.03, 3));
const float = await writeModelText(at('float.onnx'), FLOAT_NET);
const absent = at('absent.onnx');
/** Structures of real networks, without their weights. */
const ownModel = (name: string): string => join(engines, `${name}.onnx.gz`);
const networks = ['mobilenet_v2.mo', 'bert_mini.opt', 'deit_tiny.convs'].map(ownModel);
const builtEngine = (name: string): string => join(engines, `${name}.best.layer.json.gz`);
mkdirSync(at('truth/models/micro'), { recursive: true });
copyFileSync(networks[0] ?? '', at('truth/models/micro/m.onnx.gz'));
writeFileSync(
  at('truth/index.tsv'),
  'target\tkind\tmodel\tmode\ntrt10.6.0-h100\tmicro\tm\tbest\ntrt10.6.0-h100\tmicro\tgone\tbest\n',
);
await cli(['placement', fine, '--out', at('fine.yaml')]);
await cli(['placement', chain, '--out', at('chain.json')]);

const tools = ['--python', STAND_IN_PYTHON, '--quiet'];
/** Against a stand-in for TensorRT. */
const BUILDS: readonly (readonly [readonly string[], number])[] = [
  [['build', chain, '--out', at('built'), ...tools], 0],
  [['build', chain, fine, absent, '--out', at('built'), ...tools], 1],
  [['build', absent, '--out', at('built'), ...tools], 2],
  [['build', chain, fine, '--out', at('built'), '--dry-run'], 0],
];

/** Command lines without `--json`, and their exit codes. */
const RUNS: readonly (readonly [readonly string[], number])[] = [
  ...networks.map((path) => [['predict', path], 0] as const),
  [['predict', chain, '--target', 'trt11.0-h100'], 0],
  [['predict', ...networks, absent, refused], 1],
  [['predict', chain, absent, '--out', at('out')], 1],
  [['lint', ...networks, chain, refused, absent], 2],
  [['lint', refused], 1],
  [['lint', chain, '--fix', at('fixed.onnx')], 0],
  [['why', networks[0] ?? '', '/features/features.0/features.0.0/Conv'], 0],
  [['why', float, 'conv'], 0],
  [['why', chain, '/stage0/block1/conv/Conv'], 0],
  [['optimize', chain, '--budget', '30'], 0],
  [['optimize', fine, '--calib', 'random:1', '--with', 'make-float16', '--budget', '30'], 0],
  [['optimize', '--list-passes'], 0],
  [['quantize', float, at('q.onnx'), '--calib', 'random:1', '--sensitivity', '--budget', '30'], 0],
  [['quantize', float, at('q8.onnx'), '--calib', 'random:1', '--type', 'fp8', '--no-search'], 0],
  [['validate', fine, coarse, '--inputs', 'random:1'], 1],
  [['validate', fine, fine, '--inputs', 'random:1', '--tolerance', 'exact', '--float'], 1],
  [['validate', coarse, '--engine', '--tolerance', 'sqnr=1,max=9,cosine=0.1,top1=0'], 0],
  [['diff', fine, coarse], 1],
  [['diff', fine, fine], 0],
  [['diff', fine, float], 1],
  [['diff', at('fine.yaml'), at('chain.json')], 1],
  [['placement', fine], 0],
  [['placement', chain], 0],
  [['placement', networks[1] ?? ''], 0],
  [['placement', float, '--apply', at('chain.json'), '--to', at('placed.onnx')], 1],
  [['placement', fine, '--apply', at('fine.yaml'), '--to', at('placed.onnx')], 0],
  [['engine', builtEngine('mobilenet_v2.mo')], 0],
  [['engine', builtEngine('mobilenet_v2.mo'), '--model', ownModel('mobilenet_v2.mo')], 0],
  [['engine', builtEngine('mobilenet_v2.mo'), '--model', ownModel('mobilenet_v2.convs')], 1],
  [['engine', builtEngine('bert_mini.opt'), '--compare', builtEngine('bert_mini.opt3')], 0],
  ...(withoutPython === false ? BUILDS : []),
  [['predict-corpus', at('truth'), at('predictions')], 1],
];

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });

/** Compiled once a verb; `strictly`: nothing may be there that the schema does not tell of. */
function validatorOf(verb: string, strictly: boolean): ValidateFunction {
  const schema = jsonSchemaOf(verb);
  assert.ok(schema, `${verb} has --json and no schema`);
  return ajv.compile(strictly ? (closed(schema) as object) : schema);
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)] as const);
  const isOpen = 'properties' in schema && !isPart(schema);
  return { ...Object.fromEntries(entries), ...(isOpen && { additionalProperties: false }) };
}

/** Two schemas tell of a part only, because the rest depends on it: pairs of a placement, and edits. */
const isPart = (schema: object): boolean =>
  'required' in schema && ['kind', 'tensor,scale'].includes(String(schema.required));

const strict = new Map(SCHEMA_NAMES.map((verb) => [verb, validatorOf(verb, true)]));

for (const [words, wanted] of RUNS)
  test(`${words.map((word) => word.replace(folder, '').replace(engines, '')).join(' ')} --json`, async () => {
    const { code, out, errors } = await cli([...words, '--json']);
    assert.equal(code, wanted, errors.join('\n'));
    const isValid = strict.get(words[0] ?? '');
    assert.ok(isValid);
    const printed: unknown = JSON.parse(out);
    assert.ok(isValid(printed), JSON.stringify(isValid.errors?.slice(0, 5), null, 1));
  });

test('every verb with --json has a schema and a run here, and there are no others', () => {
  const withJson = COMMANDS.filter(({ options }) => options.some(({ name }) => name === 'json'));
  const names = withJson.map(({ name }) => name);
  assert.deepEqual([...SCHEMA_NAMES].sort(), [...names].sort());
  // serve runs until it is stopped: its own test holds what it prints to its schema.
  const run = new Set([...RUNS.map(([[verb]]) => verb), 'serve']);
  const without = names.filter((name) => !run.has(name) && !(withoutPython && name === 'build'));
  assert.deepEqual(without, []);
});

test('bad use prints no JSON', async () => {
  for (const { name, options } of COMMANDS) {
    if (!options.some((option) => option.name === 'json')) continue;
    const { code, out, errors } = await cli([name, '--json', '--no-such-option']);
    assert.deepEqual([code, out, errors.length], [2, '', 1], name);
  }
  for (const words of [
    ['predict', absent],
    ['why', chain, 'nothing'],
    ['diff', fine, absent],
    ['validate', absent],
  ]) {
    const { code, out } = await cli([...words, '--json']);
    assert.deepEqual([code, out], [2, ''], words.join(' '));
  }
});

test('schema prints what is tested here, and later fields do not make it fail', async () => {
  for (const verb of SCHEMA_NAMES) {
    const { code, out } = await cli(['schema', verb]);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(jsonSchemaOf(verb))));
  }
  const isValid = validatorOf('predict-corpus', false);
  assert.ok(isValid({ written: 1, failed: 0, later: true }));
  assert.ok(!isValid({ written: 1 }));
  assert.ok(!isValid({ written: '1', failed: 0 }));
});

test('a verb that is not known or has no JSON is refused', async () => {
  for (const words of [[], ['nothing'], ['completion'], ['lint', 'why']]) {
    const { code, out, errors } = await cli(['schema', ...words]);
    assert.deepEqual([code, out, errors.length], [2, '', 1]);
  }
});
