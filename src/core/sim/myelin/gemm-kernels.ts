import { dequantizeOf, isWeightTensor } from '../graph/queries.ts';
import type { SimLayer, SimTensor } from '../graph/sim-graph.ts';
import {
  behindQuantizers,
  hasConstantOperand,
  isElementwise,
  isMoving,
  isResidualAdd,
  isScalarFactor,
  leadsToNormalization,
} from './layer-roles.ts';
import type { RegionPlan } from './region-plan.ts';

/**
 * Gives each matrix multiplication of a region what runs in its kernel: the DQs of both operands, its bias, the
 * activation behind it, a residual Add, and the Q where it gives INT8 out. Multiplications of one tensor with several
 * constant weights become one.
 */
export function planGemms(plan: RegionPlan): void {
  for (const gemm of plan.gemms) plan.claim(gemm, gemm);
  for (const gemm of plan.gemms) {
    takeOperands(plan, gemm);
    takeEpilogue(plan, gemm);
  }
  mergeSiblings(plan);
}

function takeOperands(plan: RegionPlan, gemm: SimLayer): void {
  const dqs = gemm.inputs.map(dequantizeOf);
  gemm.quantized = gemm.inputs.length > 1 && dqs.every((dq) => dq !== null);
  if (gemm.quantized) for (const dq of dqs) if (dq) plan.claim(gemm, dq);
  for (const tensor of gemm.inputs)
    if (isWeightTensor(tensor)) claimMakers(plan, gemm, tensor);
    else if (gemm.parameters.constantWeights !== true) claimFactor(plan, gemm, tensor);
}

/** Q and DQ on constant weights. */
function claimMakers(plan: RegionPlan, gemm: SimLayer, tensor: SimTensor): void {
  for (let maker = tensor.producer; maker && maker.kind !== 'CONSTANT'; maker = maker.producer)
    plan.claim(gemm, maker);
}

/** The scale of attention scores, before either operand, becomes the factor of the multiplication. */
function claimFactor(plan: RegionPlan, gemm: SimLayer, tensor: SimTensor): void {
  let maker = tensor.producer;
  while (maker && isMoving(maker) && maker.output.soleReader()) maker = maker.producer;
  if (maker && plan.has(maker) && isScalarFactor(maker) && maker.output.soleReader())
    plan.claim(gemm, maker);
}

function takeEpilogue(plan: RegionPlan, gemm: SimLayer): void {
  let end = gemm;
  for (let next = plan.sole(end); next && hasConstantOperand(next, end); next = plan.sole(end)) {
    plan.claim(gemm, next);
    end = next;
  }
  if (!keepsActivationApart(plan, gemm, end)) end = takeActivation(plan, gemm, end);
  if (!gemm.quantized) return;
  const residual = plan.sole(end);
  if (residual && isResidualAdd(residual, end) && !leadsToNormalization(residual))
    plan.claim(gemm, residual);
  else takeQuantizers(plan, gemm, end);
}

/** In FP16 regions a reshape behind an INT8 product (bert_mini.convs) hides the activation from it. */
const keepsActivationApart = (plan: RegionPlan, gemm: SimLayer, end: SimLayer): boolean =>
  gemm.quantized && plan.half && end.output.readers.some((next) => plan.isBehindReshape(next));

/** An activation is a bundle of element-wise layers with one way in and one way out, such as GELU. */
function takeActivation(plan: RegionPlan, gemm: SimLayer, end: SimLayer): SimLayer {
  const bundle = new Set<SimLayer>([end]);
  let out = end;
  const open = [...end.output.readers];
  for (let next = open.shift(); next; next = open.shift()) {
    const inside = next.inputs.every(
      ({ producer }) => producer !== null && (bundle.has(producer) || producer.kind === 'CONSTANT'),
    );
    if (bundle.has(next) || !plan.has(next) || !isElementwise(next) || !inside) continue;
    bundle.add(next);
    out = next;
    open.push(...next.output.readers);
  }
  for (const layer of bundle)
    if (layer !== out && layer.output.readers.some((reader) => !bundle.has(reader))) return end;
  for (const layer of bundle) plan.claim(gemm, layer);
  return out;
}

/**
 * Where nothing but Qs reads a product, over shuffles and factors or not, it gives INT8 out: the Qs join its kernel, and
 * what stood between becomes strides and scales.
 */
export function takeQuantizers(plan: RegionPlan, gemm: SimLayer, end: SimLayer): void {
  const found: SimLayer[] = [];
  const passed: SimLayer[] = [];
  const open = [...end.output.readers];
  for (let next = open.pop(); next; next = open.pop()) {
    if (!plan.has(next)) return;
    if (next.kind === 'QUANTIZE') found.push(next);
    else if (isMoving(next) || isScalarFactor(next)) {
      passed.push(next);
      open.push(...next.output.readers);
    } else return;
  }
  for (const q of found) plan.claim(gemm, q);
  for (const layer of passed) plan.vanish(layer);
}

function mergeSiblings(plan: RegionPlan): void {
  const byInput = new Map<SimTensor, SimLayer>();
  for (const gemm of plan.gemms) {
    if (gemm.parameters.constantWeights !== true) continue;
    const source = behindQuantizers(gemm.input);
    const sibling = byInput.get(source);
    if (sibling?.quantized === gemm.quantized) plan.claim(sibling, gemm);
    else byInput.set(source, gemm);
  }
}
