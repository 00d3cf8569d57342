import type { ByteSource } from '../base/byte-source.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { emptyFile, noModelGiven, notOnnx } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { checkGraph } from '../ir/check-graph.ts';
import type { Graph } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import { ExternalFiles } from './external-files.ts';
import { loadImage } from './load-image.ts';
import type { LoadOptions } from './load-image.ts';
import { looksLike } from './look-at-bytes.ts';
import { ReadContext } from './read-context.ts';
import { duplicateValues, subgraphs } from './read-graph.ts';
import { readModel } from './read-model.ts';
import { readSource } from './tensor-bytes.ts';
import { WireError } from './wire-error.ts';

export type OpenOptions = LoadOptions;

export interface OpenedModel {
  readonly model: Model;
  /** Warnings: what is odd about the model, but does not keep it from being shown. */
  readonly diagnostics: readonly Diagnostic[];
  /** The source among those given that holds the model. */
  readonly source: ByteSource;
}

/**
 * Opens the model among `sources`; the others are its external data, found by the location that tensors name, or by base
 * name. With several sources the first one called `*.onnx` is the model, else the first that can be read as one. Files
 * from 512 MB on are read by windows that leave the weights where they are.
 */
export async function openModel(
  sources: readonly ByteSource[],
  options: OpenOptions = {},
): Promise<Result<OpenedModel>> {
  const named = sources.filter((source) => /\.onnx$/i.test(source.name));
  const candidates = [...named, ...sources.filter((source) => !named.includes(source))];
  let firstFailure: Result<never> | undefined;
  for (const source of candidates) {
    const others = sources.filter((other) => other !== source);
    const opened = await openOne(source, others, options);
    // Only a file that is no model at all sends us on to the next: a damaged model is the answer.
    if (opened.ok || opened.error.code !== 'onnx/not-onnx') return opened;
    firstFailure ??= opened;
  }
  const names = sources.map((source) => source.name);
  const isMeant = candidates.length === 1 || named.length === 1;
  return isMeant && firstFailure ? firstFailure : fail(noModelGiven(names));
}

async function openOne(
  source: ByteSource,
  others: readonly ByteSource[],
  options: OpenOptions,
): Promise<Result<OpenedModel>> {
  if (source.size === 0) return fail(emptyFile(source.name));
  const head = await readSource(source, 0, Math.min(512, source.size), options.signal);
  if (!head.ok) return head;
  const other = looksLike(head.value);
  if (other !== undefined) return fail(notOnnx(source.name, other));
  try {
    const image = await loadImage(source, options);
    const context = new ReadContext(image, new ExternalFiles(others));
    const model = readModel(context);
    const external = await context.external.finish(options.signal);
    const found = [...context.diagnostics, ...external, ...checkModel(model)];
    const error = found.find((diagnostic) => diagnostic.severity === 'error');
    return error ? fail(error) : ok({ model, diagnostics: found, source });
  } catch (error) {
    if (error instanceof WireError) return fail(error.diagnostic);
    throw error;
  }
}

function checkModel(model: Model): Diagnostic[] {
  const bodies = model.functions.flatMap((made) => made.body ?? []);
  const graphs: Graph[] = [model.graph, ...bodies];
  return graphs.flatMap((graph) => [
    ...duplicateValues(graph),
    ...checkGraph(graph, { trustBooks: true }),
    ...[...subgraphs(graph)].flatMap((inner) => [
      ...duplicateValues(inner),
      ...checkGraph(inner, { freeNames: true, trustBooks: true }),
    ]),
  ]);
}
