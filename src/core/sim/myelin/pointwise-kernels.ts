import type { LayerKind } from '../graph/layer-parameters.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { isMoving, standsAlone } from './layer-roles.ts';
import type { RegionPlan } from './region-plan.ts';

/** From so many rows on, a mean over strided rows is computed by a kernel of its own (convnext_atto, first stage). */
const MANY_ROWS = 2048;
/** What a moving layer is work for, a kernel's own: elsewhere it is strides. */
const WORK: ReadonlySet<LayerKind> = new Set<LayerKind>([
  'QUANTIZE',
  'NORMALIZATION',
  'CONCATENATION',
]);

/**
 * Groups what no matrix multiplication took: layers that read each other share a kernel as long as no multiplication
 * lies between them. Transposes and slices vanish into the strides of their readers, unless a Q, a normalization
 * or a concatenation follows.
 */
export function planPointwise(plan: RegionPlan): void {
  const levels = new Map<SimLayer, number>();
  for (const layer of plan.inOrder()) {
    levels.set(layer, levelOf(plan, layer, levels));
    if (plan.isPlanned(layer) || layer.kind === 'CONSTANT') continue;
    if (isMoving(layer)) planMoving(plan, layer);
    else joinMakers(plan, layer, levels);
  }
}

/** How many kernels must have run before: layers of different levels cannot share one. */
function levelOf(plan: RegionPlan, layer: SimLayer, levels: ReadonlyMap<SimLayer, number>): number {
  let level = 0;
  for (const { producer } of layer.inputs) {
    if (!producer || !plan.has(producer)) continue;
    const ends = plan.isClaimed(producer) || standsAlone(producer);
    level = Math.max(
      level,
      (levels.get(producer) ?? 0) + (ends && !plan.together(producer, layer) ? 1 : 0),
    );
  }
  return level;
}

function joinMakers(
  plan: RegionPlan,
  layer: SimLayer,
  levels: ReadonlyMap<SimLayer, number>,
): void {
  plan.start(layer);
  const { rows } = layer.parameters;
  if (standsAlone(layer) && (rows === undefined || rows >= MANY_ROWS)) return;
  if (layer.kind === 'QUANTIZE' && waitsForReader(plan, layer.output.soleReader())) return;
  const isNear = (maker: SimLayer | null): maker is SimLayer =>
    maker !== null && canJoin(plan, maker) && levels.get(maker) === levels.get(layer);
  for (const { producer } of layer.inputs) {
    if (!producer || !canJoin(plan, producer)) continue;
    if (!waitsForReader(plan, producer)) {
      if (isNear(producer)) plan.join(producer, layer);
      continue;
    }
    plan.join(producer, layer);
    const source = producer.producer?.producer ?? null;
    if (isNear(source)) plan.join(source, layer);
  }
}

const canJoin = (plan: RegionPlan, maker: SimLayer): boolean =>
  plan.has(maker) &&
  !plan.isClaimed(maker) &&
  !plan.isVanished(maker) &&
  maker.kind !== 'CONSTANT' &&
  !standsAlone(maker);

/**
 * A Q and DQ on a shortcut are computed where the shortcut is used, by the kernel that reads the DQ, however much later
 * that runs. With no product between, what stands before the Q joins that kernel too.
 */
function waitsForReader(plan: RegionPlan, dq: SimLayer | null): boolean {
  if (dq?.kind !== 'DEQUANTIZE' || !plan.has(dq) || plan.isClaimed(dq)) return false;
  const reader = plan.sole(dq);
  return reader !== null && !plan.isClaimed(reader) && !isMoving(reader) && !standsAlone(reader);
}

function planMoving(plan: RegionPlan, layer: SimLayer): void {
  const maker = layer.producer;
  const behindNormalization =
    maker?.kind === 'NORMALIZATION' && plan.has(maker) && !standsAlone(maker);
  if (!behindNormalization && !endsInWork(plan, layer)) return plan.vanish(layer);
  plan.start(layer);
  if (!maker || !plan.has(maker) || plan.isVanished(maker)) return;
  if (maker.kind === 'MATRIX_MULTIPLY') plan.nameAfter(layer, maker);
  else if (!plan.isClaimed(maker) && !standsAlone(maker)) plan.join(maker, layer);
}

/** Whether a chain of moving layers ends in what cannot read by strides. */
function endsInWork(plan: RegionPlan, layer: SimLayer): boolean {
  let at = [...layer.output.readers];
  while (at.length > 0 && at.every(isMoving)) at = at.flatMap((reader) => reader.output.readers);
  return at.some((reader) => plan.has(reader) && WORK.has(reader.kind));
}
