import type { EngineProfile, ProfileRecord } from './read-profile.ts';
import { showableName } from './layer-names.ts';

interface Row {
  readonly layer: string;
  readonly averageMs: number;
  readonly medianMs: number | null;
}

/**
 * Reads the table that trtexec prints with `--dumpProfile`: the layer's name stands last from 8.6 on and first before, with a
 * column of medians from 8.4 on.
 */
export class ProfileTableReader {
  private runs: number | null = null;
  private columns: { readonly nameLast: boolean; readonly hasMedian: boolean } | null = null;
  private rows: Row[] = [];
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  take(text: string): void {
    const title = /^=== Profile \((\d+) iterations/.exec(text);
    if (title) {
      this.runs = Number(title[1]);
      this.rows = [];
      return;
    }
    if (this.runs === null) return;
    if (/Time ?\(ms\).*Time ?\(%\)/.test(text)) {
      this.columns = { nameLast: /Layer\s*$/.test(text), hasMedian: text.includes('Median') };
    } else if (this.columns) this.row(text);
  }

  private row(text: string): void {
    const number = String.raw`([\d.]+(?:e[+-]?\d+)?)`;
    const numbers = Array.from({ length: this.columns?.hasMedian ? 4 : 3 }, () => number);
    const cells = numbers.join(String.raw`\s+`);
    const pattern = this.columns?.nameLast
      ? String.raw`^\s*${cells}\s+(?<layer>\S.*)$`
      : String.raw`^\s*(?<layer>\S.*?)\s+${cells}\s*$`;
    const match = new RegExp(pattern).exec(text);
    const layer = match?.groups?.['layer']?.trim();
    if (!match || layer === undefined || layer === 'Total') {
      this.columns = null;
      return;
    }
    const figures = match
      .slice(1)
      .filter((cell) => cell !== match.groups?.['layer'])
      .map(Number);
    const medianMs = this.columns?.hasMedian ? (figures[2] ?? null) : null;
    this.rows.push({ layer: showableName(layer), averageMs: figures[1] ?? 0, medianMs });
  }

  finish(): EngineProfile | null {
    if (this.rows.length === 0) return null;
    const total = this.rows.reduce((sum, { averageMs }) => sum + averageMs, 0);
    const records = this.rows.map(({ layer, averageMs, medianMs }): ProfileRecord => ({
      layer,
      time: {
        averageUs: averageMs * 1000,
        medianUs: medianMs === null ? null : medianMs * 1000,
        share: total > 0 ? averageMs / total : 0,
      },
    }));
    return { name: this.name, runs: this.runs, records };
  }
}
