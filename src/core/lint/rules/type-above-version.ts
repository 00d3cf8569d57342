import type { DataType } from '../../ir/data-type.ts';
import { compareVersions } from '../../sim/target.ts';
import type { FindingRule } from '../finding.ts';
import { groupBy } from '../group-by.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed } from '../wording.ts';

interface Floor {
  readonly name: string;
  readonly trt: string;
}

const FLOORS: Readonly<Partial<Record<DataType, Floor>>> = {
  float8e4m3fn: { name: 'FP8', trt: '9.0' },
  int4: { name: 'INT4', trt: '10.0' },
  float4e2m1: { name: 'FP4', trt: '10.8' },
  float8e8m0: { name: 'MXFP8', trt: '10.12' },
};

// FP8 is in the enumeration since 8.6 but usable from 9.0; INT4 weights since 10.0, FP4 since 10.8, MXFP8 since 10.12.
export const typeAboveVersion: FindingRule = {
  id: 'type-above-version',
  severity: 'error',
  title: 'The TensorRT version does not have the quantized type',
  docs: [lintDocs.quantizationSchemes('types and the versions that brought them')],
  evidence: { kind: 'documented' },
  consequence: 'The parser does not know the type and stops.',
  advice: 'Build with a newer TensorRT, or quantize to INT8.',
  find(context) {
    const { trt } = context.target;
    const above = context.quantizers.flatMap((facts) => {
      const floor = facts.type && FLOORS[facts.type];
      return floor && compareVersions(trt, floor.trt) < 0 ? [{ facts, floor }] : [];
    });
    return groupBy(above, ({ floor }) => floor.name).map((group) => {
      const [{ floor }] = group;
      const names = group.map(({ facts }) => facts.node.name);
      return {
        nodes: names,
        message: `${listed(names)} ${names.length > 1 ? 'quantize' : 'quantizes'} to ${floor.name}, which TensorRT has since ${floor.trt}; the target is ${trt}.`,
        fix: { kind: 'change-target', description: `Build with TensorRT ${floor.trt} or newer.` },
      };
    });
  },
};
