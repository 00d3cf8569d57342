import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;

/** Field numbers of onnx.proto, with wire type 2, as tags. */
const MODEL_GRAPH = (7 << 3) | 2;
const GRAPH_INITIALIZER = (5 << 3) | 2;
const TENSOR_RAW_DATA = (9 << 3) | 2;

/** A number in base 128, low digits first; good for all that a double holds exactly. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
const header = (tag: number, length: number): Uint8Array =>
  Uint8Array.from([tag, ...varint(length)]);

type Piece = Uint8Array | number;
const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce<number>(
    (sum, piece) => sum + (typeof piece === 'number' ? piece : piece.length),
    0,
  );

/**
 * `model` as the pieces of a file in which the raw data of the tensors in `holes` is a hole of the given length. The
 * same bytes as an encoder would write, but gigabytes of weights cost nothing.
 */
export function sparsePieces(
  model: InstanceType<typeof onnx.ModelProto>,
  holes: ReadonlyMap<string, number>,
): Piece[] {
  const { graph, ...aroundGraph } = onnx.ModelProto.toObject(model) as {
    graph: { initializer: Record<string, unknown>[] };
  };
  const { initializer, ...rest } = graph;
  const graphPieces: Piece[] = [onnx.GraphProto.encode(onnx.GraphProto.fromObject(rest)).finish()];
  for (const tensor of initializer) {
    const hole = holes.get(String(tensor['name']));
    const known = hole === undefined ? tensor : { ...tensor, rawData: undefined };
    const pieces: Piece[] = [onnx.TensorProto.encode(onnx.TensorProto.fromObject(known)).finish()];
    if (hole !== undefined) pieces.push(header(TENSOR_RAW_DATA, hole), hole);
    graphPieces.push(header(GRAPH_INITIALIZER, lengthOf(pieces)), ...pieces);
  }
  return [
    onnx.ModelProto.encode(onnx.ModelProto.fromObject(aroundGraph)).finish(),
    header(MODEL_GRAPH, lengthOf(graphPieces)),
    ...graphPieces,
  ];
}
