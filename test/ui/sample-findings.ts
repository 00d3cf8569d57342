import type { Finding, FindingRuleInfo } from '../../src/api/analyze-api.ts';
import { findingList } from '../../src/ui/state/findings.ts';

/** Rules of the findings below. */
export const findingRules: readonly FindingRuleInfo[] = [
  {
    id: 'uint8-quantizer',
    severity: 'error',
    title: 'Data is quantized to UINT8',
    docs: [{ title: 'Quantized types', url: 'https://docs.nvidia.com/q', says: 'INT8 is signed' }],
    evidence: 'documented',
  },
  {
    id: 'float-residual',
    severity: 'warning',
    title: 'An INT8 convolution adds a shortcut in float',
    docs: [{ title: 'Placement', url: 'https://docs.nvidia.com/p', says: 'quantize the shortcut' }],
    evidence: 'observed',
  },
];

const residual = (add: string, costBytes: number): Finding => ({
  ruleId: 'float-residual',
  severity: 'warning',
  nodes: [add, '/block/conv2/Conv'],
  message: `${add} reads its shortcut in float.`,
  consequence: 'The sum is written in float.',
  advice: 'Put Q/DQ on the shortcut of the Add.',
  fix: { kind: 'add-qdq', description: `Add Q/DQ on the input short of ${add}.` },
  costBytes,
});

/** Two places of one kind. */
export const residuals: readonly Finding[] = [
  residual('/block/Add', 800),
  residual('/b2/Add', 400),
];

/** A refusal of TensorRT. */
export const refusal: Finding = {
  ruleId: 'uint8-quantizer',
  severity: 'error',
  nodes: ['QuantizeLinear_0'],
  message: 'QuantizeLinear_0 quantizes to UINT8.',
  consequence: 'TensorRT refuses the network.',
  advice: 'Export signed INT8.',
  parserMessage: 'Assertion failed: unsupported type',
  costBytes: 0,
};

/** A refusal, then two places of one kind: as the linter orders them. */
export const sampleFindings = findingList([refusal, ...residuals], findingRules);
