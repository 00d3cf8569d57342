import type { RunTensor } from '../inputs/run-tensor.ts';
import { isFloatType } from '../ir/data-type.ts';
import type { QuantKernels } from '../quant/quant-kernels.ts';
import { ErrorSum } from './error-sum.ts';
import { countUnequal, hasSameBits, runNumbers } from './run-numbers.ts';
import { TensorSample } from './tensor-sample.ts';
import type {
  IncomparableTensor,
  QuantizerRange,
  TensorDetail,
  TensorError,
} from './validation-report.ts';

/** What is known of a tensor before it is watched. */
export interface WatchSettings {
  readonly tensor: string;
  readonly isOutput: boolean;
  readonly kernels: QuantKernels;
  /** One step of its quantizer. */
  readonly step?: number | undefined;
  /** Its quantizer, to be drawn with its histograms; histograms are made with `isDetailed`. */
  readonly quantizer?: QuantizerRange | undefined;
  readonly isDetailed: boolean;
}

/** One tensor of a pair of models, watched over all batches. */
export class TensorWatch {
  private readonly settings: WatchSettings;
  private readonly sum: ErrorSum;
  private readonly sample: TensorSample | undefined;
  private unequalWide = 0;
  /** Set by the first batch whose dimensions or types differ; nothing is summed any more then. */
  problem: IncomparableTensor | undefined;

  constructor(settings: WatchSettings) {
    const { tensor, kernels, step, isDetailed } = settings;
    this.settings = settings;
    this.sum = new ErrorSum(kernels, step);
    this.sample = isDetailed ? new TensorSample(tensor, kernels) : undefined;
  }

  /** Takes the tensor of one batch in. */
  add(before: RunTensor, after: RunTensor): void {
    if (this.problem) return;
    const { tensor, isOutput } = this.settings;
    const [a, b] = [before.dims.join(' × '), after.dims.join(' × ')];
    if (a !== b) this.problem = { tensor, isOutput, reason: 'dims', before: a, after: b };
    else if (before.dataType !== after.dataType)
      this.problem = {
        tensor,
        isOutput,
        reason: 'type',
        before: before.dataType,
        after: after.dataType,
      };
    if (this.problem) return;
    const numbers = runNumbers(before);
    // The same array twice spares the conversion of the second.
    const others = hasSameBits(before, after) ? numbers : runNumbers(after);
    if (others !== numbers && !isNarrow(before)) this.unequalWide += countUnequal(before, after);
    this.sum.add(numbers, others);
    this.sample?.add(numbers, others);
  }

  /** Undefined where nothing could be compared. */
  error(): TensorError | undefined {
    if (this.problem) return undefined;
    const error = this.sum.result();
    return error && { ...error, unequal: Math.max(error.unequal, this.unequalWide) };
  }
  detail(): TensorDetail | undefined {
    return this.problem ? undefined : this.sample?.detail(this.settings.quantizer);
  }
}

/** True where f32 holds every number of the type. */
const isNarrow = ({ dataType, data }: RunTensor): boolean =>
  isFloatType(dataType) ? dataType !== 'float64' : data.BYTES_PER_ELEMENT < 4;
