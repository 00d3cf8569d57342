import { fail, ok } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';
import { checkGraph } from '../../ir/check-graph.ts';
import type { Model } from '../../ir/model.ts';
import { WireError } from '../wire-error.ts';
import { parseGraph } from './parse-graph.ts';
import { TokenStream } from './token-stream.ts';

/*
 * Textual ONNX, a subset of ONNX's own syntax (docs/Syntax.md of ONNX) with three additions of ours, marked (+):
 *
 *   <ir_version: 10, opset_import: ["" : 17], producer_name: "p", metadata_props: ["key": "value"]>
 *   name (float[N, 3, 224, 224] x, float s) => (float[] y)
 *   <float[2] w = {1.5, -2}, int8 z = {0}, float[64, 3] big = {0.5 ...}, float[9] cut = {...}, uint8[N, ?] v>
 *   {
 *     [node_name] v = QuantizeLinear <axis = 0> (x, s, z)      # a comment
 *     y, = com.example.Op <a = 1, b = 1.0, c = "t", d = [1, 2], e: ints = [], f = float[1] {2}> (v, , w)
 *     u = If <then_branch = g () => (t) { t = Identity(y) }, else_branch = h () => (t) { t = Neg(y) }> (c)
 *   }
 *
 * - A type without brackets is a scalar, `[]` an unknown rank, `?` an unknown dimension; types may be missing.
 * - `{x ...}` (+) is a tensor full of x, `{...}` (+) one whose data is not written down.
 * - Names that are no plain words stand in quotes (+). A missing input or output leaves its place between commas empty.
 * - `name: opaque = "0a16"` (+) carries an attribute of another kind in hexadecimal bytes.
 * - Functions, documentation strings, sparse and quantized-annotation data cannot be written down.
 */

interface Header {
  irVersion: number;
  opsets: Map<string, number>;
  producerName: string;
  producerVersion: string;
  metadata: Map<string, string>;
}

/** Reads a model in textual form; a mistake is a diagnostic with line and column. */
export function parseOnnxText(text: string): Result<Model> {
  try {
    const stream = new TokenStream(text);
    const header = parseHeader(stream);
    const graph = parseGraph(stream);
    if (stream.peek().kind !== 'end') throw stream.wanted('the end');
    const error = checkGraph(graph).find(({ severity }) => severity === 'error');
    return error ? fail(error) : ok({ ...header, graph, functions: [] });
  } catch (error) {
    if (error instanceof WireError) return fail(error.diagnostic);
    throw error;
  }
}

/** Without a header: IR version 10, opset 21. */
function parseHeader(stream: TokenStream): Header {
  const header: Header = {
    irVersion: 10,
    opsets: new Map(),
    producerName: '',
    producerVersion: '',
    metadata: new Map(),
  };
  if (stream.sees('<')) stream.list('<', '>', () => parseHeaderEntry(stream, header));
  if (header.opsets.size === 0) header.opsets.set('', 21);
  return header;
}

function parseHeaderEntry(stream: TokenStream, header: Header): void {
  const key = stream.name('a key');
  stream.expect(':');
  const pairs = <T>(value: () => T): [string, T][] =>
    stream.list('[', ']', () => {
      const name = stream.string();
      stream.expect(':');
      return [name, value()];
    });
  if (key === 'ir_version') header.irVersion = stream.integer();
  else if (key === 'opset_import') header.opsets = new Map(pairs(() => stream.integer()));
  else if (key === 'producer_name') header.producerName = stream.string();
  else if (key === 'producer_version') header.producerVersion = stream.string();
  else if (key === 'metadata_props') header.metadata = new Map(pairs(() => stream.string()));
  else throw stream.mistake(`the key ${key} is unknown`);
}
