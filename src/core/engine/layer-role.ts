import type { EngineDataType, LayerRole } from '../sim/predicted-engine.ts';
import { isReformatName, operationsOfKernel } from './layer-names.ts';

/** What tells a layer's role. */
export interface RoleSigns {
  readonly name: string;
  readonly layerType: string;
  /** `Origin` as the file has it. */
  readonly origin: string | null;
  readonly input: EngineDataType | null;
  readonly output: EngineDataType | null;
  readonly nodes: readonly string[];
  /** True where all of its tensors lie in the host's memory. */
  readonly onHost: boolean;
}

const ROLES: Readonly<Record<string, LayerRole>> = {
  Constant: 'constant',
  NoOp: 'noop',
  signal: 'noop',
  wait: 'noop',
  TrainStation: 'noop',
  shape_call: 'shape',
};

/** What a built layer is there for, by the same convention as predicted layers. */
export function roleOfLayer(signs: RoleSigns): LayerRole {
  const known = Object.hasOwn(ROLES, signs.layerType) ? ROLES[signs.layerType] : undefined;
  if (known) return known;
  if (signs.layerType === 'Reformat') return roleOfReformat(signs);
  if (signs.onHost) return 'shape';
  if (isCompilersOwnCopy(signs)) return 'reformat';
  return isQdqInOtherDress(signs) ? 'qdq' : 'compute';
}

/** Files of TensorRT before `Origin` tell a Q or DQ by its types: mere reformats are named after another layer. */
function roleOfReformat({ name, origin, input, output, nodes }: RoleSigns): LayerRole {
  if (origin === 'QDQ') return 'qdq';
  if (origin === 'CAST') return 'compute';
  if (origin !== null || isReformatName(name)) return 'reformat';
  return nodes.length > 0 && isNarrow(input) !== isNarrow(output) ? 'qdq' : 'reformat';
}

const COPYING = new Set(['Cas', 'Cast', 'Mov', 'Move']);

/** A kernel that changes a type or place for no node of the model: a reformat by another name. */
function isCompilersOwnCopy({ name, nodes }: RoleSigns): boolean {
  const operations = operationsOfKernel(name);
  if (nodes.length > 0 || operations.length === 0) return false;
  return operations.every((operation) => COPYING.has(operation));
}

const QUANTIZING = new Set(['Cas', 'Cast', 'Mul', 'Div', 'Min', 'Max', 'Rou', 'Round', 'Clip']);

/** A Q or DQ, or a pair of them, that became a Scale or a kernel of TensorRT's compiler that does nothing else. */
function isQdqInOtherDress({ name, layerType, input, output, nodes }: RoleSigns): boolean {
  if (!isNarrow(input) && !isNarrow(output)) return false;
  if (nodes.length === 0 || !nodes.every((node) => /quantize/i.test(node))) return false;
  if (layerType === 'Scale') return true;
  const operations = operationsOfKernel(name);
  return operations.length > 0 && operations.every((operation) => QUANTIZING.has(operation));
}

const NARROW: ReadonlySet<EngineDataType> = new Set(['Int8', 'FP8', 'Int4', 'FP4', 'Int2']);
const isNarrow = (type: EngineDataType | null): boolean => type !== null && NARROW.has(type);
