import type { Result } from '../core/base/result.ts';
import type { Preprocess, PresetName } from '../core/inputs/preprocess.ts';
import type { NumberRange } from '../core/inputs/random-feeds.ts';
import type { DataType } from '../core/ir/data-type.ts';
import type { Progress } from './analyze-api.ts';

export type { Preprocess, PresetName, Progress };

/** Names one model that is open in the worker for numbers. */
export type NumbersId = string & { readonly brand: 'NumbersId' };

/** How the runtime is to be started. The first call decides: another number of threads needs a new worker. */
export interface NumbersSettings {
  /** Address of the folder with the runtime's two files, ending in a slash. */
  readonly ortFolder: string;
  /** Threads of one run; above 1 they need an isolated page. */
  readonly threads: number;
}

/** What a model is to be fed with. */
export type FeedsSpec = RandomSpec | FilesSpec;

interface AnySpec {
  /** Sizes of dynamic dimensions by name; a dynamic batch of images is 1 unless told. */
  readonly dims?: Readonly<Record<string, number>>;
}

/** Random numbers, the same for the same seed. */
export interface RandomSpec extends AnySpec {
  readonly kind: 'random';
  readonly seed: number;
  readonly samples: number;
  readonly distribution: 'normal' | 'uniform';
  readonly ranges?: Readonly<Record<string, NumberRange>>;
}

/** Images, or .npy and .npz files; not both. */
export interface FilesSpec extends AnySpec {
  readonly kind: 'files';
  readonly files: readonly File[];
  readonly preset: PresetName;
  /** What differs from the preset. */
  readonly changes?: Partial<Preprocess>;
}

/** An input or output as the page shows it. */
export interface PortInfo {
  readonly name: string;
  readonly dataType: DataType | undefined;
  readonly shape: readonly (number | string)[] | undefined;
}

/** A model that is ready to be run. */
export interface NumbersModel {
  readonly id: NumbersId;
  readonly fileName: string;
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
}

/** The numbers of one value over all feeds, without the numbers. */
export interface NumbersSummary {
  readonly name: string;
  readonly dataType: DataType;
  /** Dimensions in the first run. */
  readonly dims: readonly number[];
  /** Numbers in all runs, the non-finite ones too. */
  readonly count: number;
  /** Over the finite numbers; NaN where there are none. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Infinities and NaNs. */
  readonly nonFinite: number;
}

type OnProgress = (progress: Progress) => void;

/** What the page asks of the worker that runs models. */
export interface NumbersApi {
  /** To be called once, before anything else. Loads nothing yet. */
  start(settings: NumbersSettings): Promise<void>;
  open(files: readonly File[], onProgress?: OnProgress): Promise<Result<NumbersModel>>;
  /** Runs the model over all feeds and sums up the values that `wanted` names. */
  run(
    id: NumbersId,
    feeds: FeedsSpec,
    wanted: readonly string[],
    onProgress?: OnProgress,
  ): Promise<Result<readonly NumbersSummary[]>>;
  close(id: NumbersId): Promise<void>;
}
