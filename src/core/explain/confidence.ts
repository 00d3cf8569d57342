import type { PredictedLayer } from '../sim/predicted-engine.ts';
import { CONFIDENCE_TABLE } from './confidence-table.ts';

/** Rules that fire for every layer of their kind tell nothing of it. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  'const-qdq-initializers-fusion',
  'const-weights-fusion',
  'const-weights-quantize-fusion',
  'qdq-to-copy',
]);

/**
 * How likely a predicted layer is as TensorRT builds it, from 0 to 1: that one real layer runs the same ONNX nodes and
 * takes and gives the same class of type (quantized or float); for a Q/DQ layer, that the node stays a layer.
 *
 * Calibrated on real engines: for each kind of evidence (the type of the layer, and each rule that fired for it) a table
 * counts how many layers with it were predicted right. The layer is believed as much as its weakest evidence, by Laplace's
 * rule of succession, (right + 1) / (total + 2), so that what was never seen is even odds. The head of the table says how
 * far claimed and true rates are apart on models that the counts did not come from; but the rules were made with all of
 * these engines at hand, so networks of kinds that are not among them deserve less trust than is said here. Constants, no-ops and reformats are
 * not told apart by real reports; reformats get even odds, what costs nothing is taken as sure.
 */
export function confidence(layer: PredictedLayer): number {
  if (layer.role === 'constant' || layer.role === 'noop' || layer.role === 'shape') return 1;
  return Math.min(...evidenceOf(layer).map(rateOf));
}

/** What speaks for a layer: its type (for layers that nobody asked for: their role), and the rules that fired for it. */
export function evidenceOf(layer: PredictedLayer): readonly string[] {
  const type = layer.role === 'compute' ? `type ${layer.layerType}` : `role ${layer.role}`;
  const fired = layer.notes.filter(
    ({ ruleId, outcome }) => outcome === 'fired' && !EVERYWHERE.has(ruleId),
  );
  const rules = [...new Set(fired.map(({ ruleId }) => ruleId))];
  return [type, ...(layer.role === 'reformat' ? [] : rules)];
}

function rateOf(evidence: string): number {
  const [right, total] = CONFIDENCE_TABLE[evidence] ?? [0, 0];
  return (right + 1) / (total + 2);
}
