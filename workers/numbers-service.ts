import type {
  FeedsSpec,
  NumbersApi,
  NumbersId,
  NumbersModel,
  NumbersSettings,
  NumbersSummary,
  PortInfo,
  Progress,
} from '../src/api/numbers-api.ts';
import type {
  ReportKind,
  ValidateApi,
  ValidationReport,
  ValidationRequest,
} from '../src/api/validate-api.ts';
import { assert } from '../src/core/base/assert.ts';
import { blobSource } from '../src/core/base/byte-source.ts';
import { modelNotOpen } from '../src/core/base/diagnostics.ts';
import { fail, ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import type { OpenRunner } from '../src/core/calibrate/model-runner.ts';
import type { FeedSequence } from '../src/core/inputs/feed-sources.ts';
import { inferShapes } from '../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../src/core/ir/model.ts';
import type { Value } from '../src/core/ir/value.ts';
import { openModel } from '../src/core/onnx/open-model.ts';
import { groupValues } from '../src/ort/group-values.ts';
import { feedsOfSpec } from './feeds-of-spec.ts';
import { guard } from './guard.ts';
import { NumbersCount } from './summarize-numbers.ts';
import { reportText, validateRequest } from './validating.ts';
import type { ValidateParts } from './validating.ts';

/** Bytes of values that are asked for in one run; those that do not fit wait for the next walk over the feeds. */
const GROUP_BYTES = 512 * 1024 * 1024;

type OnProgress = ((progress: Progress) => void) | undefined;

/** What the service is made of that differs between browser and tests. */
export interface NumbersParts extends ValidateParts {
  /** Takes what the page watches to learn of the worker's end; absent where there is no worker. */
  readonly holdLife?: () => Promise<void>;
}

/** Runs models for the page. Nothing is thrown at the page: a mistake of ours is a Diagnostic. */
export class NumbersService implements NumbersApi, ValidateApi {
  private readonly parts: NumbersParts;
  private readonly models = new Map<NumbersId, Model>();
  private openRunner: OpenRunner | undefined;
  private opened = 0;

  constructor(parts: NumbersParts) {
    this.parts = parts;
  }

  start(settings: NumbersSettings): Promise<void> {
    this.openRunner ??= this.parts.runner(settings);
    return Promise.resolve();
  }

  open(files: readonly File[], onProgress?: OnProgress): Promise<Result<NumbersModel>> {
    return guard('opening the model', async () => {
      const sources = files.map((file) => blobSource(file.name, file));
      const opened = await openModel(sources, {
        onProgress: (step, fraction) => onProgress?.({ step, fraction }),
      });
      if (!opened.ok) return opened;
      const { model, source } = opened.value;
      inferShapes(model);
      const id = String(++this.opened) as NumbersId;
      this.models.set(id, model);
      const { inputs, outputs } = model.graph;
      return ok({
        ...{ id, fileName: source.name },
        ...{ inputs: inputs.map(portInfo), outputs: outputs.map(portInfo) },
      });
    });
  }

  run(
    id: NumbersId,
    feeds: FeedsSpec,
    wanted: readonly string[],
    onProgress?: OnProgress,
  ): Promise<Result<readonly NumbersSummary[]>> {
    return guard('running the model', async () => {
      const model = this.models.get(id);
      if (model === undefined) return fail(modelNotOpen());
      const sequence = feedsOfSpec(feeds, model.graph, this.parts.readImage);
      if (!sequence.ok) return sequence;
      const groups = groupValues(model.graph, wanted, {
        budgetBytes: GROUP_BYTES,
        dims: feeds.dims ?? {},
      });
      const summaries: NumbersSummary[] = [];
      for (const [index, group] of groups.entries()) {
        const summed = await this.runGroup(model, group, sequence.value, (done) => {
          const all = sequence.value.count;
          const fraction =
            all === undefined ? {} : { fraction: (index + done / all) / groups.length };
          onProgress?.({ step: 'Running the model', ...fraction });
        });
        if (!summed.ok) return summed;
        summaries.push(...summed.value);
      }
      return ok(summaries);
    });
  }

  validate(request: ValidationRequest, onProgress?: OnProgress): Promise<Result<ValidationReport>> {
    return guard('validating', async () => {
      await this.parts.holdLife?.();
      onProgress?.({ step: 'Opening the model' });
      return validateRequest(request, this.parts, onProgress);
    });
  }

  write(report: ValidationReport, kind: ReportKind): Promise<Result<string>> {
    return guard('writing the report', () => ok(reportText(report, kind)));
  }

  close(id: NumbersId): Promise<void> {
    this.models.delete(id);
    return Promise.resolve();
  }

  /** Walks over the feeds once for the values of one group. */
  private async runGroup(
    model: Model,
    group: readonly string[],
    feeds: FeedSequence,
    onDone: (feeds: number) => void,
  ): Promise<Result<readonly NumbersSummary[]>> {
    assert(this.openRunner, 'the service was started');
    const runner = await this.openRunner(model, group);
    if (!runner.ok) return runner;
    const counts = new Map<string, NumbersCount>();
    try {
      let done = 0;
      onDone(done);
      for await (const feed of feeds) {
        const answer = feed.ok ? await runner.value.run(feed.value) : feed;
        if (!answer.ok) return answer;
        for (const [name, tensor] of answer.value) {
          const count = counts.get(name) ?? new NumbersCount(name, tensor);
          counts.set(name, count);
          count.add(tensor);
        }
        onDone(++done);
      }
    } finally {
      await runner.value.release();
    }
    return ok(group.flatMap((name) => counts.get(name)?.summary() ?? []));
  }
}

const portInfo = ({ name, dataType, shape }: Value): PortInfo => ({ name, dataType, shape });
