import { notThisEngineFile } from '../base/diagnostics/engine.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { PhaseCount } from '../sim/predicted-engine.ts';
import type { BuildLog, LogPass, MemoryFigures } from './build-log.ts';
import { EngineInformationReader } from './log-layers.ts';
import { logLines } from './log-lines.ts';
import type { LogLine } from './log-lines.ts';
import { PerformanceReader, latencyOfSummary } from './log-performance.ts';
import { ProfileTableReader } from './log-profile.ts';
import { MessageReader, refusalsOf } from './log-refusals.ts';
import { SectionReader } from './log-sections.ts';
import { TacticReader } from './log-tactics.ts';
import { recognizeText } from './recognize-text.ts';
import { versionInText, versionOfNumber } from './trt-version.ts';

const GIVE =
  'Give what trtexec --verbose printed, or a logger of the API with the severity VERBOSE.';

/** Reads a log of trtexec or of TensorRT's own logger, of any version; a verbose one tells the most. */
export function readBuildLog(name: string, text: string): Result<BuildLog> {
  const seen = recognizeText(text);
  if (seen.kind === null) return fail(notThisEngineFile(name, 'a log', seen.looksLike, seen.give));
  if (seen.kind !== 'log')
    return fail(notThisEngineFile(name, 'a log', `a file of ${seen.kind}`, GIVE));
  const reader = new LogReader(name);
  for (const line of logLines(text)) reader.take(line);
  return ok(reader.finish());
}

/** The passes of a verbose log in order: `Running: PASS on NODE`. */
export function passesOfLog(text: string): LogPass[] {
  const graph = new GraphReader();
  for (const line of logLines(text)) graph.take(line.text);
  return graph.passes;
}

/** What the builder does to the graph. */
class GraphReader {
  readonly passes: LogPass[] = [];
  readonly counts: PhaseCount[] = [];
  private phase: string | null = null;

  take(text: string): void {
    if (text.startsWith('Running: ')) {
      const [, pass = '', node = ''] = /^Running: (\S+)\s+on (.*)$/.exec(text) ?? [];
      if (pass !== '') this.passes.push({ pass, node: node.trimEnd(), phase: this.phase });
      return;
    }
    const count = /^(Original|After [^:]+): (\d+) layers/.exec(text);
    if (count) this.counts.push({ phase: count[1] ?? '', layers: Number(count[2]) });
    if (/^QDQ (?:graph optimizer|optimization)|^Applying .*(?:fusions|optimizations)/.test(text))
      this.phase = text.replace(/\.\s*$/, '').trim();
  }
}

const MEMORY: readonly (readonly [RegExp, keyof MemoryFigures, number])[] = [
  [/^Total Host Persistent Memory: (\d+)/, 'hostPersistentBytes', 1],
  [/^Total Device Persistent Memory: (\d+)/, 'devicePersistentBytes', 1],
  [/^(?:Total|Max) Scratch Memory: (\d+)/, 'scratchBytes', 1],
  [/^Total Activation Memory: (\d+)/, 'activationBytes', 1],
  [/^Total Weights Memory: (\d+)/, 'weightsBytes', 1],
  [/^Created engine with size: ([\d.]+) MiB/, 'engineBytes', 2 ** 20],
  [
    /Peak memory usage of TRT CPU\/GPU memory allocators: CPU \d+ MiB, GPU (\d+) MiB/,
    'peakGpuBytes',
    2 ** 20,
  ],
];

class LogReader {
  private readonly graph = new GraphReader();
  private readonly tactics = new TacticReader();
  private readonly messages = new MessageReader();
  private readonly performance = new PerformanceReader();
  private readonly sections = new SectionReader();
  private readonly engine = new EngineInformationReader();
  private readonly profile: ProfileTableReader;
  private readonly memory: Partial<Record<keyof MemoryFigures, number>> = {};
  private trtVersion: string | null = null;
  private command: string | null = null;
  private outcome: BuildLog['outcome'] = null;
  private engineSeconds: number | null = null;
  private generationSeconds: number | null = null;
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.profile = new ProfileTableReader(name);
  }

  take(line: LogLine): void {
    this.messages.take(line);
    this.engine.take(line);
    const { text } = line;
    if (line.severity === null) {
      this.status(text);
      return;
    }
    this.graph.take(text);
    this.tactics.take(text);
    this.performance.take(text);
    this.sections.take(text);
    this.profile.take(text);
    if (text.startsWith('TensorRT version: ')) this.trtVersion = versionInText(text);
    for (const [pattern, field, unit] of MEMORY) {
      const found = pattern.exec(text);
      if (found) this.memory[field] = Number(found[1]) * unit;
    }
    const built = /^Engine built in ([\d.]+) sec/.exec(text);
    if (built) this.engineSeconds = Number(built[1]);
    const generated = /^Engine generation completed in ([\d.]+) seconds/.exec(text);
    if (generated) this.generationSeconds = Number(generated[1]);
  }

  /** `&&&& RUNNING TensorRT.trtexec [TensorRT v100600] [b26] # trtexec --onnx=…`. */
  private status(text: string): void {
    const status =
      /^&&&& (RUNNING|PASSED|FAILED) \S+(?: \[TensorRT v(\d+)\])?[^#]*(?:# (.*))?/.exec(text);
    if (!status) return;
    if (status[1] === 'PASSED') this.outcome = 'passed';
    if (status[1] === 'FAILED') this.outcome = 'failed';
    this.trtVersion ??= versionOfNumber(status[2] ?? '');
    this.command ??= status[3]?.trim() ?? null;
  }

  finish(): BuildLog {
    this.messages.close();
    const performance = this.performance.summary();
    const device = this.sections.device();
    return {
      name: this.name,
      trtVersion: this.trtVersion,
      gpu: device.gpu,
      sm: device.sm,
      command: this.command,
      outcome: this.outcome,
      passes: this.graph.passes,
      counts: this.graph.counts,
      ...this.engine.finish(),
      tactics: this.tactics.summary(),
      reformats: this.tactics.reformats,
      buildSeconds: this.engineSeconds ?? this.generationSeconds,
      memory: { ...NO_MEMORY, ...this.memory },
      performance,
      latency: latencyOfSummary(performance),
      profile: this.profile.finish(),
      sections: this.sections.sections,
      messages: this.messages.messages,
      refusals: refusalsOf(this.messages.messages),
    };
  }
}

const NO_MEMORY: MemoryFigures = {
  hostPersistentBytes: null,
  devicePersistentBytes: null,
  scratchBytes: null,
  activationBytes: null,
  weightsBytes: null,
  engineBytes: null,
  peakGpuBytes: null,
};
