import type { Dim } from '../graph.ts';
import { attrInt, attrString } from '../node-attributes.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';

/** Y is [time, directions, batch, hidden], the last states [directions, batch, hidden]; layout 1 moves the batch first. */
function recurrent(stateOutputs: number): InferOperator {
  return (c) => {
    const shape = c.shapeOfRank(0, 3, 3);
    const dataType = c.dataType(0);
    const recurrence = c.shapeOfRank(2, 3, 3);
    const directions = attrString(c.node, 'direction', 'forward') === 'bidirectional' ? 2 : 1;
    const stated = attrInt(c.node, 'hidden_size', 0);
    const hidden: Dim = stated > 0 ? stated : (recurrence?.[2] ?? c.fresh());
    const batchFirst = attrInt(c.node, 'layout', 0) === 1;
    const time = shape?.[batchFirst ? 1 : 0] ?? c.fresh();
    const batch = shape?.[batchFirst ? 0 : 1] ?? c.fresh();
    c.output(
      0,
      dataType,
      batchFirst ? [batch, time, directions, hidden] : [time, directions, batch, hidden],
    );
    for (let i = 1; i <= stateOutputs; i++) {
      c.output(i, dataType, batchFirst ? [batch, directions, hidden] : [directions, batch, hidden]);
    }
  };
}

export const recurrentOperators: OperatorTable = {
  RNN: recurrent(1),
  GRU: recurrent(1),
  LSTM: recurrent(2),
  // com.microsoft: the weights are quantized and transposed, and the hidden size is always stated.
  DynamicQuantizeLSTM: recurrent(2),
};
