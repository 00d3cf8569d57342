import type { EngineAnalysis } from '../../api/engine-api.ts';
import type { BoxHeat, HeatMark } from './error-heat.ts';

/** As many steps as there are colours; each begins at half the share of the one above. */
const STEPS = 6;

/** `12 %`, `3.4 %`, `0.2 %`, `<0.1 %`: shares of layers, of which a large engine has hundreds of small ones. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent >= 9.95) return `${percent.toFixed(0)} %`;
  if (percent > 0 && percent < 0.05) return '<0.1 %';
  return `${percent.toFixed(1)} %`;
}

/** `812 µs`, `34.2 µs`, `4.86 ms`. */
export function timeText(microseconds: number): string {
  if (microseconds >= 1000) return `${(microseconds / 1000).toPrecision(3)} ms`;
  return `${microseconds >= 100 ? microseconds.toFixed(0) : microseconds.toPrecision(3)} µs`;
}

/** The same in three or four characters, for the sign on a box. */
const shortShare = (share: number): string => {
  const percent = share * 100;
  if (percent >= 9.95) return `${percent.toFixed(0)}%`;
  return percent < 0.095 ? '<.1' : percent.toFixed(1);
};

/**
 * Colours for the layers of an engine by their share of its time, the slowest darkest, in steps of half: what is hot in an
 * engine of twenty layers is a tenth of it, in one of a thousand a hundredth. Null where no layer was timed.
 */
export function timeHeat({ layers }: Pick<EngineAnalysis, 'layers'>): BoxHeat | null {
  const timed = layers.flatMap(({ index, timeUs, timeShare }) =>
    timeUs === null || timeShare === null ? [] : [{ index, timeUs, timeShare }],
  );
  const most = timed.reduce((max, { timeShare }) => Math.max(max, timeShare), 0);
  if (most === 0) return null;
  // From half of the most on a box is as hot as the hottest.
  const least = (level: number): number => (level === 0 ? 0 : most / 2 ** (STEPS - level));
  const levelOf = (share: number): number => {
    let level = STEPS - 1;
    while (level > 0 && share < least(level)) level--;
    return level;
  };
  const marks = new Map<string, HeatMark>();
  for (const { index, timeUs, timeShare } of timed)
    marks.set(String(index), {
      level: levelOf(timeShare),
      sign: shortShare(timeShare),
      words: `${timeText(timeUs)}, ${shareText(timeShare)} of the time`,
    });
  const levels = Array.from({ length: STEPS }, (_none, i) => {
    const level = STEPS - 1 - i;
    const bound = shareText(least(level));
    const below = shareText(least(1));
    return {
      colour: `--heat-${String(level)}`,
      words: level === 0 ? `below ${below} of the time` : `${bound} of the time and more`,
      short: level === 0 ? `<${below.replace(' ', '')}` : `${bound.replace(' ', '')}+`,
    };
  });
  return { marks, levels };
}
