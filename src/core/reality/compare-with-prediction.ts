import type { Diagnostic } from '../base/diagnostic.ts';
import {
  engineOfAnotherModel,
  layersOfUnknownNodes,
  typesOfEngineUnknown,
  versionOfEngineDiffers,
} from '../base/diagnostics/reality.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { BuiltEngine, BuiltLayer } from '../engine/built-engine.ts';
import type { Graph } from '../ir/graph.ts';
import type { PredictedEngine } from '../sim/predicted-engine.ts';
import { targetId } from '../sim/target.ts';
import { agreementFigures } from './agreement-figures.ts';
import { alignEngines } from './align-engines.ts';
import { findDisagreements } from './find-disagreements.ts';
import { SuspectFinder } from './find-suspects.ts';
import type { Disagreement, RealityComparison } from './reality-comparison.ts';

/** Below this share of layers that name nodes of the model, the engine is taken for another model's. */
const LEAST_FOUND = 0.3;

/**
 * Holds a prediction against the engine that TensorRT built of the same model: figures of agreement, and every place where they
 * part, with the rule that may have erred. With the passes of the build's log, the builder itself tells which rule it was.
 */
export function compareWithPrediction(
  predicted: PredictedEngine,
  built: BuiltEngine,
  graph: Graph,
): Result<RealityComparison> {
  const alignment = alignEngines(predicted, built, graph);
  const asking = alignment.built.filter(isAsking);
  const strange = asking.filter(({ nodes }) => nodes.length === 0);
  const found = asking.length - strange.length;
  if (found < asking.length * LEAST_FOUND || (asking.length > 0 && found === 0))
    return fail(engineOfAnotherModel(built.name, found, asking.length));
  const typesKnown = built.layers.some(({ inputs }) =>
    inputs.some(({ dataType }) => dataType !== 'Unknown'),
  );
  const suspects = new SuspectFinder(predicted, built.passes);
  return ok({
    format: 'qdq-lab-comparison',
    version: 1,
    engine: built.name,
    target: targetId(predicted.target),
    mode: predicted.mode,
    trtVersion: built.trtVersion,
    gpu: built.gpu,
    figures: agreementFigures(predicted.layers, built.layers, alignment.classes),
    typesKnown,
    layersPredicted: predicted.layers.length,
    layersBuilt: built.layers.length,
    disagreements: sorted(findDisagreements(alignment, suspects, typesKnown)),
    nodesFound: asking.length === 0 ? 1 : found / asking.length,
    remarks: remarksOn(predicted, built, strange, typesKnown),
  });
}

/** Layers that should name nodes: kernels of the compiler may run what no node asked for. */
const isAsking = ({ role, layerType }: BuiltLayer): boolean =>
  (role === 'compute' || role === 'qdq') && layerType !== 'kgen';

function remarksOn(
  { target }: PredictedEngine,
  { name, trtVersion }: BuiltEngine,
  strange: readonly BuiltLayer[],
  typesKnown: boolean,
): Diagnostic[] {
  const differs = trtVersion !== null && !trtVersion.startsWith(`${target.trt}.`);
  return [
    ...(differs && trtVersion !== target.trt
      ? [versionOfEngineDiffers(name, trtVersion, target.trt)]
      : []),
    ...(strange.length > 0
      ? [
          layersOfUnknownNodes(
            name,
            strange.map((layer) => layer.name),
          ),
        ]
      : []),
    ...(typesKnown ? [] : [typesOfEngineUnknown(name)]),
  ];
}

/** The costly first; without times in the order in which they were found. */
const sorted = (disagreements: readonly Disagreement[]): Disagreement[] =>
  [...disagreements].sort((a, b) => (b.timeUs ?? 0) - (a.timeUs ?? 0));
