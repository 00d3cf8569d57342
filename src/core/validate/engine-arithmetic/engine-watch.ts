import type { RunTensor } from '../../inputs/run-tensor.ts';
import type { QuantKernels } from '../../quant/quant-kernels.ts';
import { ErrorSum } from '../error-sum.ts';
import { runNumbers } from '../run-numbers.ts';
import { TensorSample } from '../tensor-sample.ts';
import type { QuantizerRange, TensorDetail } from '../validation-report.ts';
import type { EngineTensorError } from './engine-arithmetic-report.ts';

/** The models of a walk, by their place. */
export const SIDES = ['float', 'model', 'engine', 'before'] as const;
export type Side = (typeof SIDES)[number];

/** What is known of a tensor before it is watched. */
export interface EngineWatchSettings {
  readonly about: Omit<
    EngineTensorError,
    'quantization' | 'fusion' | 'total' | 'rewrite' | 'rewriteTotal'
  >;
  /** What the tensor is called in each model; absent where the model before does not have it. */
  readonly names: Readonly<Record<Exclude<Side, 'before'>, string>> & { readonly before?: string };
  readonly kernels: QuantKernels;
  /** One step of its quantizer. */
  readonly step: number | undefined;
  readonly quantizer: QuantizerRange | undefined;
  /** Histograms and a sample of pairs are kept. */
  readonly isDetailed: boolean;
}

/** Sums up the errors of one tensor between three or four models; no numbers are kept beside a sample. */
export class EngineWatch {
  readonly names: EngineWatchSettings['names'];
  private readonly settings: EngineWatchSettings;
  private readonly quantization: ErrorSum;
  private readonly fusion: ErrorSum;
  private readonly total: ErrorSum;
  private readonly rewrite: ErrorSum;
  private readonly rewriteTotal: ErrorSum;
  private readonly sample: TensorSample | undefined;

  constructor(settings: EngineWatchSettings) {
    const { about, names, kernels, step, isDetailed } = settings;
    const newSum = (): ErrorSum => new ErrorSum(kernels, step);
    this.settings = settings;
    this.names = names;
    this.quantization = newSum();
    this.fusion = newSum();
    this.total = newSum();
    this.rewrite = newSum();
    this.rewriteTotal = newSum();
    this.sample = isDetailed ? new TensorSample(about.tensor, kernels) : undefined;
  }
  get tensor(): string {
    return this.settings.about.tensor;
  }

  /** Takes one batch in, as each model gives it. Tensors of unequal length, as lists of detections can be, are left out. */
  add(given: (side: Side) => RunTensor | undefined): void {
    const numbers = (side: Side): Float32Array | undefined => {
      const tensor = given(side);
      return tensor && runNumbers(tensor);
    };
    const [float, model, engine] = [numbers('float'), numbers('model'), numbers('engine')];
    if (!float || !model || !engine) return;
    if (float.length !== model.length || model.length !== engine.length) return;
    this.quantization.add(float, model);
    this.fusion.add(model, engine);
    this.total.add(float, engine);
    this.sample?.add(model, engine);
    const before = numbers('before');
    if (before?.length !== model.length) return;
    this.rewrite.add(before, model);
    this.rewriteTotal.add(before, engine);
  }

  /** Undefined where nothing could be compared. */
  result(): EngineTensorError | undefined {
    const [quantization, fusion, total] = [this.quantization, this.fusion, this.total].map((sum) =>
      sum.result(),
    );
    if (!quantization || !fusion || !total) return undefined;
    const [rewrite, rewriteTotal] = [this.rewrite.result(), this.rewriteTotal.result()];
    return {
      ...this.settings.about,
      ...{ quantization, fusion, total },
      ...(rewrite && rewriteTotal && { rewrite, rewriteTotal }),
    };
  }
  detail(): TensorDetail | undefined {
    return this.result() && this.sample?.detail(this.settings.quantizer);
  }
}
