import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { predictModel } from '../../../src/cli/predict-model.ts';
import { CATALOGUE } from '../../../src/core/lint/catalogue.ts';
import type { Finding } from '../../../src/core/lint/finding.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import type { BuildMode } from '../../../src/core/sim/target.ts';

const engines = fileURLToPath(new URL('../../../../shared/engines', import.meta.url));
const skip = existsSync(engines) ? false : '../shared is absent';

async function lint(model: string, mode: BuildMode = 'best'): Promise<readonly Finding[]> {
  const target = parseTarget('trt10.6-sm90', mode);
  assert.ok(target.ok);
  const kind = existsSync(join(engines, 'models/micro', `${model}.onnx.gz`)) ? 'micro' : 'real';
  const file = join(engines, 'models', kind, `${model}.onnx.gz`);
  return (await predictModel(file, target.value)).findings;
}
const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ ruleId, message }) => `${ruleId}: ${message}`);
const isError = ({ severity }: Finding): boolean => severity === 'error';

/** `QuantizeLinear_0` of the given micro models reads the input; all they say is known from how they were made. */
const WELL_PLACED = [
  'residual_id_short_after_relu_c64',
  'residual_id_short_after_relu_c72',
  'residual_down_short_after_relu_c72',
  'residual_shared_same_dq',
  'resnet18.mo',
  'conv_k3_relu_chain',
  'conv_dw_relu_chain',
  'pool_AveragePool_both_equal',
  'eltwise_Add_both_equal',
  'silu_before_sigmoid_mul_in_same',
  'move_Reshape_both',
  'matmul_q',
  'gemm_q',
  'mbv2_short',
];

test(
  'what TensorRT refused is an error in its own words, and nothing else is',
  { skip },
  async () => {
    const folder = join(engines, 'trt10.6.0-h100/refused');
    const refused = new Set<string>();
    for (const name of readdirSync(folder)) {
      const [, model = '', mode = ''] = /^(.*)\.(\w+)\.log\.gz$/.exec(name) ?? [];
      refused.add(model);
      const log = gunzipSync(readFileSync(join(folder, name))).toString('utf8');
      const findings = await lint(model, mode as BuildMode);
      const errors = findings.filter(isError);
      assert.ok(errors.length > 0, model);
      for (const { parserMessage } of findings)
        if (parserMessage !== undefined)
          assert.ok(log.includes(parserMessage), `${model}: ${parserMessage}`);
      assert.ok(
        errors.some(({ parserMessage }) => parserMessage !== undefined),
        model,
      );
    }
    for (const kind of ['micro', 'real'])
      for (const name of readdirSync(join(engines, 'models', kind))) {
        const model = /^(.*)\.onnx\.gz$/.exec(name)?.[1];
        if (model === undefined || refused.has(model)) continue;
        assert.deepEqual(told((await lint(model)).filter(isError)), [], model);
      }
  },
);

test('well placed Q/DQ give no warning', { skip }, async () => {
  for (const model of WELL_PLACED)
    assert.deepEqual(
      told((await lint(model)).filter(({ severity }) => severity !== 'info')),
      [],
      model,
    );
});

test(
  'a finding that names engines as its evidence is found in their models',
  { skip },
  async () => {
    for (const { id, evidence } of CATALOGUE) {
      if (evidence.kind !== 'observed') continue;
      for (const model of evidence.engines) {
        const found = (await lint(model)).some(({ ruleId }) => ruleId === id);
        assert.ok(found, `${id} is not found in ${model}`);
      }
    }
  },
);

test('findings say the thing itself', { skip }, async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      'deconv_k2_relu_q_after',
      /Relu_1 is a layer of its own .*ConvTranspose_0, a ConvTranspose, takes no Relu in INT8/,
    ],
    ['concat_unequal', /Concat_0 joins scales 0\.05 and 0\.11/],
    ['conv_act_only_q', /Conv_0 runs in .*: its input x has Q\/DQ, its weight w_0 has none/],
    ['residual_id_none_relu_c64', /Add_0 reads its shortcut Relu_0_out in float/],
    ['residual_id_both_relu_c64', /Add_0 has Q\/DQ on both inputs/],
    [
      'pool_AveragePool_before',
      /AveragePool_0 runs in .*: DequantizeLinear_2 stands before it, but no Q behind it/,
    ],
  ];
  for (const [model, sentence] of cases) assert.match(told(await lint(model)).join('\n'), sentence);
});
