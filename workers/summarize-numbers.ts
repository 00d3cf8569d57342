import type { NumbersSummary } from '../src/api/numbers-api.ts';
import type { RunTensor } from '../src/core/inputs/run-tensor.ts';
import { decodeSmallFloat } from '../src/core/ir/small-floats.ts';

/** Sums up one value, run after run. */
export class NumbersCount {
  private readonly name: string;
  private readonly first: RunTensor;
  private count = 0;
  private nonFinite = 0;
  private min = Infinity;
  private max = -Infinity;
  private sum = 0;

  constructor(name: string, first: RunTensor) {
    this.name = name;
    this.first = first;
  }

  add({ dataType, data }: RunTensor): void {
    const isHalf = dataType === 'float16' || dataType === 'bfloat16';
    this.count += data.length;
    for (const element of data) {
      const number = isHalf ? decodeSmallFloat(dataType, Number(element)) : Number(element);
      if (!Number.isFinite(number)) {
        this.nonFinite++;
        continue;
      }
      if (number < this.min) this.min = number;
      if (number > this.max) this.max = number;
      this.sum += number;
    }
  }

  summary(): NumbersSummary {
    const { name, count, nonFinite } = this;
    const { dataType, dims } = this.first;
    const finite = count - nonFinite;
    const [min, max, mean] =
      finite === 0 ? [NaN, NaN, NaN] : [this.min, this.max, this.sum / finite];
    return { name, dataType, dims, count, min, max, mean, nonFinite };
  }
}
