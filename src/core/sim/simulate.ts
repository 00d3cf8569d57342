import type { Model } from '../ir/graph.ts';
import type { InferReport } from '../ir/infer/infer-report.ts';
import { inferShapes } from '../ir/infer/infer-shapes.ts';
import { emitEngine } from './engine/emit-engine.ts';
import { importModel } from './graph/import-model.ts';
import type { SimGraph } from './graph/sim-graph.ts';
import type { EngineSummary, PredictedEngine, PredictedLayer } from './predicted-engine.ts';
import { runPhases } from './run-phases.ts';
import type { SimContext } from './sim-rule.ts';
import type { Target } from './target.ts';

/**
 * Predicts the engine that TensorRT would build from `model` for `target`. The model is not changed, but for the shapes
 * and types that inference adds when no report is handed in. Time grows with the size of the graph.
 */
export function simulate(
  model: Model,
  target: Target,
  inferred: InferReport = inferShapes(model),
): PredictedEngine {
  const graph = importModel(model, inferred.folded);
  const context = contextOf(graph, target);
  const { trace, counts } = runPhases(graph, context);
  const layers = emitEngine(graph, context);
  return {
    target,
    mode: target.mode,
    layers,
    bindings: [...graph.inputs, ...graph.outputs].map((tensor) => tensor.name),
    trace,
    counts,
    summary: summarize(layers),
    remarks: remarksOn(inferred),
  };
}

function contextOf(graph: SimGraph, target: Target): SimContext {
  let explicit = false;
  for (const { kind } of graph.layers())
    if (kind === 'QUANTIZE' || kind === 'DEQUANTIZE') explicit = true;
  const allowsInt8 = target.mode === 'best' || target.mode === 'int8';
  return { target, explicit, implicitInt8: allowsInt8 && !explicit };
}

/** Counts for the summary line. */
export function summarize(layers: readonly PredictedLayer[]): EngineSummary {
  const count = (test: (layer: PredictedLayer) => boolean): number => layers.filter(test).length;
  return {
    layers: layers.length,
    computeLayers: count((layer) => layer.role === 'compute'),
    int8Layers: count((layer) => layer.role === 'compute' && LOW.has(layer.precision)),
    reformats: count((layer) => layer.role === 'reformat'),
    survivingQdq: count((layer) => layer.role === 'qdq'),
    noops: count((layer) => layer.role === 'noop'),
  };
}

const LOW: ReadonlySet<string> = new Set(['int8', 'fp8', 'int4']);

function remarksOn(inferred: InferReport): string[] {
  const { unknownOperators } = inferred;
  if (unknownOperators.length === 0) return [];
  return [`shapes behind these operators are not known: ${unknownOperators.join(', ')}`];
}
