import type { SimLayer } from '../graph/sim-graph.ts';
import { isMoving, standsAlone } from './layer-roles.ts';
import type { RegionPlan } from './region-plan.ts';

/** From so many rows on, a mean over strided rows is computed by a kernel of its own (convnext_atto, first stage). */
const MANY_ROWS = 2048;

/**
 * Groups what no matrix multiplication took: layers that read each other share a kernel as long as no multiplication
 * lies between them. Transposes and slices vanish into the strides of their readers, unless a Q or a normalization
 * follows.
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
  for (const { producer } of layer.inputs) {
    if (!producer || !plan.has(producer) || plan.isClaimed(producer) || plan.isVanished(producer))
      continue;
    if (producer.kind === 'CONSTANT' || standsAlone(producer)) continue;
    if (waitsForReader(plan, producer) || levels.get(producer) === levels.get(layer))
      plan.join(producer, layer);
  }
}

/**
 * A Q and DQ on a shortcut are computed where the shortcut is used, by the kernel that reads the DQ, however much later
 * that runs.
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

/** Whether a chain of moving layers ends in a Q or a normalization. */
function endsInWork(plan: RegionPlan, layer: SimLayer): boolean {
  let at = [...layer.output.readers];
  while (at.length > 0 && at.every(isMoving)) at = at.flatMap((reader) => reader.output.readers);
  return at.some(
    (reader) => plan.has(reader) && (reader.kind === 'QUANTIZE' || reader.kind === 'NORMALIZATION'),
  );
}
