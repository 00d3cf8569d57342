import type { Model } from '../ir/model.ts';
import { MODEL, modelSource } from './read-model.ts';
import { frame, integerField, Rope, textField } from './rope.ts';
import { NO_MESSAGE, spliceMessage } from './splice-message.ts';
import type { Item } from './splice-message.ts';
import { writeGraph } from './write-graph.ts';

/** The whole file: pieces of the original wherever nothing changed. Functions and unknown fields are always copied. */
export function writeModel(model: Model): Rope {
  const source = modelSource(model);
  const before = source?.model;
  const groups = new Map<number, readonly Item[]>();
  const put = (number: number, contents: readonly Rope[]): void => {
    groups.set(
      number,
      contents.map((content) => ({ original: null, content })),
    );
  };
  const { irVersion, producerName, producerVersion, opsets, metadata } = model;
  if (irVersion !== (before?.irVersion ?? 0))
    put(MODEL.irVersion, [integerField(MODEL.irVersion, irVersion)]);
  if (producerName !== (before?.producerName ?? ''))
    put(MODEL.producerName, [textField(MODEL.producerName, producerName)]);
  if (producerVersion !== (before?.producerVersion ?? ''))
    put(MODEL.producerVersion, [textField(MODEL.producerVersion, producerVersion)]);
  if (!sameMap(opsets, before?.opsets)) put(MODEL.opsets, [...opsets].map(opsetField));
  if (!sameMap(metadata, before?.metadata)) put(MODEL.metadata, [...metadata].map(entryField));
  const fields = source?.fields ?? [];
  const original = source ? { source: source.context.image.source, fields } : NO_MESSAGE;
  const graphField = fields.find((field) => field.number === MODEL.graph) ?? null;
  groups.set(MODEL.graph, [{ original: graphField, content: graphContent(model) }]);
  return spliceMessage(original, groups);
}

/** The graph field; null when the graph came out as a piece of the file. */
function graphContent(model: Model): Rope | null {
  const source = modelSource(model);
  const rope = writeGraph(model.graph, model.irVersion);
  const field = source?.fields.find(({ number }) => number === MODEL.graph);
  if (source && field) {
    const { start, end } = source.payload;
    if (rope.isCopyOf(source.context.image.source, start, end)) return null;
  }
  return frame(MODEL.graph, rope);
}

const sameMap = <K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V> | undefined): boolean =>
  a.size === (b?.size ?? 0) && [...a].every(([key, value]) => b?.get(key) === value);

function opsetField([domain, version]: readonly [string, number]): Rope {
  const rope = new Rope();
  if (domain !== '') rope.add(...textField(1, domain).chunks);
  return frame(MODEL.opsets, rope.add(...integerField(2, version).chunks));
}

const entryField = ([key, value]: readonly [string, string]): Rope =>
  frame(MODEL.metadata, new Rope().add(...textField(1, key).chunks, ...textField(2, value).chunks));
