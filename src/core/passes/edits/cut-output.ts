import type { Value } from '../../ir/graph.ts';
import type { GraphEdit } from '../graph-edit.ts';
import type { NewConstants } from './new-constants.ts';
import type { PassContext } from '../rewrite-pass.ts';

/**
 * Makes an output of the network the first `channels` channels of a new value, which its node makes instead and its
 * other readers read. The node keeps its name; `padded` is the number of channels of the new value.
 */
export function cutOutput(
  value: Value,
  { channels, padded }: { readonly channels: number; readonly padded: number },
  constants: NewConstants,
  context: PassContext,
): readonly GraphEdit[] {
  const maker = value.producer();
  if (!maker || !value.dataType) return [];
  const whole = context.freshName(`${value.name}_padded`);
  const [passing, slice] = [`${maker.name}_padded`, `${maker.name}_Slice`].map((wish) =>
    context.freshName(wish),
  );
  if (passing === undefined || slice === undefined) return [];
  const number = (wish: string, of: number): string =>
    constants.add(wish, { dataType: 'int64', dims: [1], numbers: [of] });
  const node = {
    opType: maker.opType,
    ...(maker.domain !== '' && { domain: maker.domain }),
    inputs: maker.inputs.map((input) => input?.name ?? null),
    attributes: [...maker.attributes.values()],
  };
  const shape = value.shape?.map((dim, i) => (i === 1 ? padded : dim));
  const output = { name: whole, dataType: value.dataType, ...(shape && { shape }) };
  const ends = number(`${maker.name}_channels`, channels);
  const bounds = [number('slice_start', 0), ends, number('slice_axis', 1)];
  return [
    { kind: 'add-node', name: passing, ...node, outputs: [output], before: maker.name },
    ...value
      .uses()
      .filter(({ index }) => index >= 0)
      .map(
        ({ node: { name }, index: input }) =>
          ({ kind: 'set-input', node: name, input, value: whole }) as const,
      ),
    // the node of that name becomes the Slice, which makes the output; then its twin takes the name
    {
      kind: 'replace-node',
      node: maker.name,
      name: slice,
      opType: 'Slice',
      inputs: [whole, ...bounds],
    },
    { kind: 'replace-node', node: passing, name: maker.name, ...node },
  ];
}
