import type { ChosenTactic, LogReformat, TacticSummary } from './build-log.ts';

/** Follows the timing of kernels, the largest part of a verbose log. */
export class TacticReader {
  readonly reformats: LogReformat[] = [];
  private readonly layers = new Set<string>();
  private readonly chosen: ChosenTactic[] = [];
  private timed = 0;
  private formatCombinations = 0;
  private reformatsTimed = 0;
  private layer = '';
  private fastestUs: number | null = null;

  take(text: string): void {
    if (text.startsWith('=============== Computing costs for ')) this.begin(text.slice(36));
    else if (text.startsWith('--------------- Timing Runner: ')) this.begin(layerOfRunner(text));
    else if (text.startsWith('*************** Autotuning Reformat')) this.reformatsTimed++;
    else if (text.startsWith('*************** Autotuning format')) this.formatCombinations++;
    else if (text.startsWith('>>>>>>>>>>>>>>> Chose Runner Type: ')) this.choose(text);
    else if (text.startsWith('Adding reformat layer: ')) this.reformat(text);
    else this.timing(text);
  }

  summary(): TacticSummary {
    return {
      layers: this.layers.size,
      timed: this.timed,
      formatCombinations: this.formatCombinations,
      reformats: this.reformatsTimed,
      chosen: this.chosen,
    };
  }

  private begin(layer: string): void {
    this.layer = layer.trim();
    if (this.layer !== '') this.layers.add(this.layer);
    this.fastestUs = null;
  }

  /** `Tactic: 0x… Time: 0.0123` in milliseconds; the fastest is said again before the choice. */
  private timing(text: string): void {
    const fastest = /^Fastest Tactic: \S+ Time: ([\d.eE+-]+)/.exec(text);
    if (fastest) this.fastestUs = Number(fastest[1]) * 1000;
    else if (/^(?:Set )?Tactic(?: Name)?: .* Time: [\d.eE+-]+/.test(text)) this.timed++;
  }

  private choose(text: string): void {
    const [, runner = '', tactic = ''] = /Chose Runner Type: (\S+) Tactic: (\S+)/.exec(text) ?? [];
    this.chosen.push({ layer: this.layer, runner, tactic, timeUs: this.fastestUs });
  }

  private reformat(text: string): void {
    const parts = /^Adding reformat layer: (.*) from (\S+\)) to (\S+\))$/.exec(text.trim());
    if (parts)
      this.reformats.push({ what: parts[1] ?? '', from: parts[2] ?? '', to: parts[3] ?? '' });
  }
}

/** `Timing Runner: Conv_0 + Relu_1 (CaskConvolution[0x80000009])`. */
const layerOfRunner = (text: string): string =>
  text.slice('--------------- Timing Runner: '.length).replace(/ \([^()]*\)\s*-*$/, '');
