import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { scan } from '../../src/signals/scan.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import type { Figure } from './figure.ts';
import { closeToCard } from '../../test/app/close-run.ts';
import { candlesOf, instrumentOf } from './scan-data.ts';
import { milliseconds, quantile } from './quantile.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

const SYMBOLS = 600;
const HISTORY = 200;
const ROUNDS = 30;
const LISTED = 300;
const CLOSES = 5;

/** Closes of several markets in which a fifth as many come near and do not cross, as at the recorded closes of many. */
async function closes(breaks: number) {
  const runs = [];
  for (let seed = 1; seed <= CLOSES; seed += 1) {
    runs.push(await closeToCard(LISTED, { breaks, nears: Math.round(breaks / 5), seed }));
  }
  return runs;
}

const cardsP95 = (runs: readonly Awaited<ReturnType<typeof closeToCard>>[]): string =>
  quantile(
    runs.flatMap(({ cards }) => cards.map(({ seconds }) => seconds)),
    0.95,
  ).toFixed(1);

/** CPU time of one scan when every symbol has one new closed candle. */
export async function scanBench(): Promise<readonly Figure[]> {
  const series = Array.from({ length: SYMBOLS }, (_, seed) => candlesOf(seed, HISTORY + ROUNDS));
  const trackers = series.map((_, seed) => createTracker(instrumentOf(seed).symbol, agreement));
  const instruments = new Map(
    series.map((_, seed) => [instrumentOf(seed).symbol, instrumentOf(seed)]),
  );
  for (const [seed, candles] of series.entries()) {
    for (const candle of candles.slice(0, HISTORY)) trackers[seed]?.feed(candle);
  }
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    let newest = 0;
    for (const [seed, candles] of series.entries()) {
      const candle = candles[HISTORY + round];
      if (candle === undefined) continue;
      trackers[seed]?.feed(candle);
      newest = candle.openTime;
    }
    scan({
      trackers,
      instruments,
      closedAt: newest + 3_600_000,
      limits: DEFAULT_LIMITS,
    });
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1_000);
  }
  const few = await closes(6);
  const many = await closes(LISTED / 6);
  return [
    {
      what: `4 h close to the cards, ${LISTED} contracts, 8 requests/s, 6 cross, p95`,
      value: `${cardsP95(few)} s of the exchange's pacing`,
      aim: 'under 5 s',
    },
    {
      what: 'the same where a sixth of them crosses at once',
      value: `${cardsP95(many)} s`,
      aim: 'under 5 s',
    },
    {
      what: `scan of ${SYMBOLS} symbols on a new candle, CPU, median`,
      value: milliseconds(quantile(costs, 0.5)),
      aim: 'under 50 ms',
    },
  ];
}
