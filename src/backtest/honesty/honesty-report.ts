import { formatUtc } from '../../domain/time.ts';
import type { Discrimination } from '../study/discrimination.ts';
import type { Honesty } from './honesty.ts';
import type { LookAheadReport } from './look-ahead.ts';
import { MIN_TRADES } from '../figures/metrics.ts';
import { figure, percent, resultText, table } from '../figures/report.ts';
import type { MeanInterval } from '../figures/statistics.ts';
import type { WalkForward } from './walk-forward.ts';
import { countText } from '../../domain/words/words.ts';

/** What the score chosen on the past did afterwards, fold by fold and all together. */
export function walkForwardLines(result: WalkForward | undefined): string[] {
  if (result === undefined) return ['walk-forward: it takes 6 days or more'];
  const { folds, chosenR, firstR } = result;
  const rows = folds.map(({ from, split, to, chosen, inSampleR, outOfSampleR }) => [
    `${day(from)} to ${day(split)}`,
    chosen,
    resultText(inSampleR),
    day(to),
    resultText(outOfSampleR),
  ]);
  return [
    ...table([
      ['walk-forward', 'best there', 'what it did there', 'until', 'and after it'],
      ...rows,
    ]),
    `all after it: ${resultText(chosenR)}; without choosing: ${resultText(firstR)}`,
  ];
}

const day = (at: number): string => formatUtc(at).slice(0, 10);

/** What the look-ahead check found. */
export function lookAheadText({
  rows,
  signals,
  cuts,
  different,
  differences,
}: LookAheadReport): string {
  const checked = `${countText(rows, 'candle')} and the signals of ${countText(signals, 'trade')} seen candle by candle${
    cuts === 0 ? '' : `, ${countText(cuts, 'recording')} cut`
  }`;
  if (different === 0) return `${checked}: identical`;
  const [first] = differences;
  const where = `${first?.symbol} row ${first?.row} ${first?.field}: ${first?.full}, without what came later ${first?.truncated}`;
  return `${checked}: ${different} DIFFERENCES, so the results above are worthless; first ${where}`;
}

export function honestyLines({ lookAhead, warmUp }: Honesty): string[] {
  const rows = warmUp.map(({ history, checked, different, greatest }) => [
    String(history),
    `${different} of ${checked}`,
    checked === 0 ? 'not checked: too few candles' : `${(greatest * 100).toPrecision(2)} %`,
  ]);
  return [
    `look-ahead check: ${lookAheadText(lookAhead)}`,
    '',
    ...table([
      ['warm-up check: candles known', 'decisions that differ', 'values differ by'],
      ...rows,
    ]),
  ];
}

/** How often there is a signal, and whether a criterion separates good from bad. */
export function discriminationLines({ ready, signalShare, criteria }: Discrimination): string[] {
  const rows = criteria.map(({ label, metShare, met, notMet }) => [
    label,
    percent(metShare, 1),
    `${meanText(met)}`,
    `${meanText(notMet)}`,
  ]);
  return [
    `There was a signal on ${percent(signalShare, 1)} of ${countText(ready, 'candle')}.`,
    ...table([
      ['criterion', 'met on', 'signals with it, mean R', 'signals without it, mean R'],
      ...rows,
    ]),
  ];
}

const meanText = ({ n, mean, low, high }: MeanInterval): string =>
  n < MIN_TRADES
    ? `too few (${n})`
    : `${figure(mean, 3)} (${figure(low, 3)} to ${figure(high, 3)}), n = ${n}`;
