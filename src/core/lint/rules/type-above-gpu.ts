import type { DataType } from '../../ir/data-type.ts';
import type { FindingRule } from '../finding.ts';
import { groupBy } from '../group-by.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed } from '../wording.ts';

interface Floor {
  readonly name: string;
  /** Compute capability times ten. */
  readonly sm: number;
}

const FLOORS: Readonly<Partial<Record<DataType, Floor>>> = {
  float8e4m3fn: { name: 'FP8', sm: 89 },
  float8e8m0: { name: 'MXFP8', sm: 100 },
  float4e2m1: { name: 'FP4', sm: 100 },
};

// FP8 tensor cores came with Ada (8.9) and Hopper (9.0), FP4 and MXFP8 with Blackwell (10.0). INT8 runs on all GPUs that
// a target can name; for INT4 weights no floor is documented.
export const typeAboveGpu: FindingRule = {
  id: 'type-above-gpu',
  severity: 'error',
  title: 'The GPU does not have the quantized type',
  docs: [lintDocs.supportMatrix('types by compute capability')],
  evidence: { kind: 'documented' },
  consequence: 'The builder finds no kernel for the type and fails.',
  advice: 'Build for a newer GPU, or quantize to INT8.',
  find(context) {
    const { sm } = context.target;
    const above = context.quantizers.flatMap((facts) => {
      const floor = facts.type && FLOORS[facts.type];
      return floor && sm < floor.sm ? [{ facts, floor }] : [];
    });
    return groupBy(above, ({ floor }) => floor.name).map((group) => {
      const [{ floor }] = group;
      const names = group.map(({ facts }) => facts.node.name);
      return {
        nodes: names,
        message: `${listed(names)} ${names.length > 1 ? 'quantize' : 'quantizes'} to ${floor.name}, which needs compute capability ${capability(floor.sm)}; the target has ${capability(sm)}.`,
        fix: {
          kind: 'change-target',
          description: `Build for compute capability ${capability(floor.sm)} or above.`,
        },
      };
    });
  },
};

const capability = (sm: number): string => (sm / 10).toFixed(1);
