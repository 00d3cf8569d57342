import type { PredictedEngine, PredictedLayer, TraceEvent } from '../sim/predicted-engine.ts';
import type { EngineIndex } from './engine-index.ts';

/** Scales become constants for every Q and DQ of the network: no news, unless refused. */
const SILENT = 'const-qdq-initializers-fusion';

/**
 * The builder's events that shaped `layer` and the Q/DQ that stand beside it, in order. An event belongs to it when the
 * layers concerned carry it as a note and it names one of their nodes.
 */
export function collectEvents(
  index: EngineIndex,
  node: string,
  layer: PredictedLayer | null,
): readonly TraceEvent[] {
  const layers = layer ? [layer, ...quantizersBeside(index, layer)] : [];
  const nodes = new Set([node, ...layers.flatMap((other) => other.nodes)]);
  const notes = new Set(
    layers.flatMap((other) =>
      other.notes.map(({ ruleId, outcome, text }) => noteKey(ruleId, outcome, text)),
    ),
  );
  return index.engine.trace.filter((event) => {
    const { ruleId, outcome, text } = event;
    if (ruleId === SILENT && outcome === 'fired') return false;
    const named = [...event.nodes, ...subjectNodes(event)];
    if (!named.some((name) => nodes.has(name))) return false;
    if (named.includes(node)) return true;
    return text.split('\n').some((line) => notes.has(noteKey(ruleId, outcome, line)));
  });
}

const noteKey = (ruleId: string, outcome: string, text: string): string =>
  `${ruleId}\n${outcome}\n${text}`;

/** The ONNX nodes that the name of an event's layer is made of. */
export const subjectNodes = (event: TraceEvent): readonly string[] =>
  event.node.split(/ \+ | \|\| |, |PWN\(|\)+/).flatMap((part) => {
    const name = part.trim().replace(/(?:_clone_\d+)+$/, '');
    return name === '' ? [] : [name];
  });

/** Q and DQ layers that stand directly before or behind `layer`. */
function quantizersBeside(index: EngineIndex, layer: PredictedLayer): readonly PredictedLayer[] {
  const around = [
    ...layer.inputs.flatMap((tensor) => index.makersOf(tensor.name)),
    ...layer.outputs.flatMap((tensor) => index.readersOf(tensor.name)),
  ];
  return around.filter((other) => other.role === 'qdq' && other !== layer);
}

/** Events that name `node`, in order: for nodes that no layer runs any more. */
export const eventsNaming = (engine: PredictedEngine, node: string): readonly TraceEvent[] =>
  engine.trace.filter((event) => [...event.nodes, ...subjectNodes(event)].includes(node));
