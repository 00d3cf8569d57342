import { integerTooLarge, noGraph, notOnnx } from '../base/diagnostics.ts';
import type { Graph } from '../ir/graph.ts';
import type { Model, ModelFunction } from '../ir/model.ts';
import { BYTES, Fields, VARINT } from './fields.ts';
import type { ByteImage } from './byte-image.ts';
import type { ReadContext } from './read-context.ts';
import { readFunctionBody, readGraph } from './read-graph.ts';
import { readEntry } from './read-tensor.ts';
import { WireError } from './wire-error.ts';

/** Field numbers of ModelProto. */
export const MODEL = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  graph: 7,
  opsets: 8,
  metadata: 14,
  functions: 25,
} as const;

/** Wire types of the fields of ModelProto, to tell models from other files. */
const WIRES: Readonly<Record<number, number>> = {
  1: VARINT,
  2: BYTES,
  3: BYTES,
  4: BYTES,
  5: VARINT,
  6: BYTES,
  7: BYTES,
  8: BYTES,
  14: BYTES,
  20: BYTES,
  25: BYTES,
  26: BYTES,
};

/** A ModelProto as it stands in the file; the writer compares with it and copies from it. */
export interface ModelSource {
  readonly context: ReadContext;
  readonly fields: readonly {
    readonly number: number;
    readonly start: number;
    readonly end: number;
  }[];
  readonly model: Omit<Model, 'graph' | 'source'>;
  /** The bytes of the graph. */
  readonly payload: { readonly start: number; readonly end: number };
}

const isModelSource = (source: unknown): source is ModelSource =>
  typeof source === 'object' && source !== null && 'model' in source;

/** The source of a model that was read from a file. */
export const modelSource = (model: Model): ModelSource | undefined =>
  isModelSource(model.source) ? model.source : undefined;

/** Reads the ModelProto that fills the image. Throws a WireError on damage. */
export function readModel(context: ReadContext): Model {
  const { image } = context;
  const known = checkTopLevel(image);
  const fields: { number: number; start: number; end: number }[] = [];
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const functions: ModelFunction[] = [];
  const head = { irVersion: 0, producerName: '', producerVersion: '' };
  let graph: Graph | undefined;
  let payload = { start: 0, end: 0 };
  const walk = new Fields(image, 0, image.size);
  while (walk.next()) {
    fields.push({ number: walk.number, start: walk.start, end: walk.end });
    if (walk.number === MODEL.irVersion) head.irVersion = walk.int32();
    else if (walk.number === MODEL.producerName) head.producerName = walk.string();
    else if (walk.number === MODEL.producerVersion) head.producerVersion = walk.string();
    else if (walk.number === MODEL.graph) {
      if (graph !== undefined) throw walk.damage('it holds two graphs');
      walk.expect(BYTES);
      payload = { start: walk.data, end: walk.end };
      graph = readGraph(context, walk.data, walk.end);
    } else if (walk.number === MODEL.opsets) readOpset(context, walk, opsets);
    else if (walk.number === MODEL.metadata) {
      walk.expect(BYTES);
      const { key, value } = readEntry(walk);
      metadata.set(key, value);
    } else if (walk.number === MODEL.functions) functions.push(readFunction(context, walk));
  }
  if (graph === undefined) {
    const { name } = image.source;
    throw new WireError(known >= 2 ? noGraph(name) : notOnnx(name, 'some other binary file'));
  }
  const model = { ...head, opsets, metadata, functions };
  const source: ModelSource = { context, fields, model, payload };
  return { ...model, graph, source };
}

/**
 * Counts the known fields before the first one that no model has. Other binary files mostly fail within a field or two,
 * and are then called something else rather than a damaged model.
 */
function checkTopLevel(image: ByteImage): number {
  let known = 0;
  const fields = new Fields(image, 0, image.size);
  try {
    while (fields.next()) {
      const wire = WIRES[fields.number];
      if (wire === undefined) continue;
      fields.expect(wire);
      known++;
    }
  } catch (error) {
    // A graph that claims more bytes than there are has a header, so that the file was a model once.
    const wasModel = known > 0 || (fields.start === 0 && fields.number === MODEL.graph);
    if (error instanceof WireError && !wasModel)
      throw new WireError(notOnnx(image.source.name, 'some other binary file'));
    throw error;
  }
  return known;
}

function readOpset(context: ReadContext, outer: Fields, opsets: Map<string, number>): void {
  outer.expect(BYTES);
  let domain = '';
  let version = 0n;
  const fields = new Fields(outer.image, outer.data, outer.end);
  while (fields.next())
    if (fields.number === 1) domain = fields.string();
    else if (fields.number === 2) version = fields.int64();
  if (version > BigInt(Number.MAX_SAFE_INTEGER))
    context.diagnostics.push(integerTooLarge(`The opset version of "${domain}"`, version, {}));
  // "ai.onnx" is an alias of the ONNX domain.
  opsets.set(domain === 'ai.onnx' ? '' : domain, Number(version));
}

function readFunction(context: ReadContext, outer: Fields): ModelFunction {
  outer.expect(BYTES);
  let domain = '';
  const fields = new Fields(outer.image, outer.data, outer.end);
  while (fields.next()) if (fields.number === 10) domain = fields.string();
  const body = readFunctionBody(context, outer.data, outer.end);
  return { name: body.name, domain, nodeCount: body.nodeCount, body };
}
