import type { EngineAnalysis } from '../../api/engine-api.ts';
import type { BoxHeat, HeatMark } from './error-heat.ts';

/** Where the colours begin, as parts of the share of the slowest layer. */
const BOUNDS: readonly number[] = [0, 0.1, 0.2, 0.4, 0.6, 0.8];

/** `12 %`, `3.4 %`, `0.2 %`, `<0.1 %`: shares of layers, of which a large engine has hundreds of small ones. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent >= 9.95) return `${percent.toFixed(0)} %`;
  if (percent > 0 && percent < 0.05) return '<0.1 %';
  return `${percent.toFixed(1)} %`;
}

/** `812 µs`, `34.2 µs`, `4.86 ms`. */
export function timeText(microseconds: number): string {
  if (microseconds === 0) return '0 µs';
  if (microseconds >= 1000) return `${(microseconds / 1000).toPrecision(3)} ms`;
  return `${microseconds >= 100 ? microseconds.toFixed(0) : microseconds.toPrecision(3)} µs`;
}

/** The same in three or four characters, for the sign on a box. */
const shortShare = (share: number): string => {
  const percent = share * 100;
  if (percent >= 9.95) return `${percent.toFixed(0)}%`;
  if (percent < 0.005) return '0';
  return percent < 0.095 ? percent.toFixed(2).slice(1) : percent.toFixed(1);
};

/**
 * Colours for the layers of an engine by their share of its time, measured by the slowest: what is hot in an engine of twenty
 * layers is a tenth of it, in one of a thousand a hundredth. Null where no layer was timed.
 */
export function timeHeat({ layers }: Pick<EngineAnalysis, 'layers'>): BoxHeat | null {
  const timed = layers.flatMap(({ index, timeUs, timeShare }) =>
    timeUs === null || timeShare === null ? [] : [{ index, timeUs, timeShare }],
  );
  const most = timed.reduce((max, { timeShare }) => Math.max(max, timeShare), 0);
  if (most === 0) return null;
  const least = (level: number): number => most * (BOUNDS[level] ?? 0);
  // Shares are quotients: the bound itself belongs to its colour.
  const levelOf = (share: number): number =>
    BOUNDS.findLastIndex((_bound, level) => share >= least(level) - 1e-9);
  const marks = new Map<string, HeatMark>();
  for (const { index, timeUs, timeShare } of timed)
    marks.set(String(index), {
      level: levelOf(timeShare),
      sign: shortShare(timeShare),
      words: `${timeText(timeUs)}, ${shareText(timeShare)} of the time`,
    });
  const levels = BOUNDS.map((_bound, level) => {
    const bound = `${String(Number((100 * least(Math.max(1, level))).toPrecision(2)))} %`;
    return {
      colour: `--heat-${String(level)}`,
      words: level === 0 ? `below ${bound} of the time` : `${bound} of the time and more`,
      short: level === 0 ? `<${bound.replace(' ', '')}` : `${bound.replace(' ', '')}+`,
    };
  });
  return { marks, levels: levels.reverse() };
}
