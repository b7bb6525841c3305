/**
 * Base of a ratio, and no part of Vigil: the rule `breakdown` as somebody would write it for one afternoon, typed arrays and loops, from the
 * same files to the same events followed on their own and the same trades of an account, with every row worked out again from what lay
 * before it. It knows no other writing of a file than that of the set, no figures, and no slip of a recorder.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tradesOf } from './plain-account.ts';
import { CANDLE, CHANNEL, differences, known, read, type Columns } from './plain-market.ts';
import { down, scaleOf, up } from './plain-prices.ts';
import type { Market } from './plain-wishes.ts';

const LEAST_TURNOVER = 5_000_000;
const HELD = 84;
const FEE = 0.0006;
const SLIPPAGE = 0.0005;
const MOST_STOP = 0.05;

interface Event {
  readonly symbol: string;
  readonly entryTime: number;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
  readonly exitTime: number;
  readonly exit: number;
  readonly reason: string;
  readonly r: number;
}

/** Rows that close below the channel and did not one before, where enough is traded. */
function eventRows({ candles, edge, turnover, before }: Market): number[] {
  const { length, close } = candles;
  const rows: number[] = [];
  for (let row = CHANNEL + 1; row < length; row += 1) {
    if (!((close[row] ?? NaN) < (edge[row] ?? NaN))) continue;
    const last = before[row] ?? -1;
    if (!((close[last] ?? NaN) >= (edge[last] ?? NaN))) continue;
    if ((turnover[row] ?? NaN) >= LEAST_TURNOVER) rows.push(row);
  }
  return rows;
}

/** Stop and target in ticks, from the close of a row. */
function levelsAt({ candles, atr }: Market, row: number) {
  const price = candles.close[row] ?? NaN;
  const usual = (2 * (atr[row] ?? NaN)) / price;
  const distance = Math.min(Math.max(usual, 0.005), MOST_STOP);
  const isCapped = distance === MOST_STOP;
  const { decimals } = candles;
  return {
    isClean: usual <= MOST_STOP,
    stop: (isCapped ? down : up)(price * (1 + distance), decimals),
    target: down(price * (1 - (2 * (distance + 0.0022) + 0.0022)), decimals),
  };
}

function eventsOf(market: Market): Event[] {
  const { symbol, candles } = market;
  const { length, time, open } = candles;
  const scale = scaleOf(candles.decimals);
  const events: Event[] = [];
  let free = 0;
  for (const { row, ...ticks } of market.asks) {
    if (row < free || time[row + 1] !== (time[row] ?? NaN) + CANDLE || row + 1 >= length) continue;
    const stop = ticks.stop / scale;
    const target = ticks.target / scale;
    const entry = open[row + 1] ?? NaN;
    if (entry >= stop || entry <= target) continue;
    const end = exitOf(candles, row + 1, { stop, target });
    if (end === undefined) break;
    const { exit, reason, gap } = end;
    const entered = entry * (1 - SLIPPAGE);
    const left = exit * (1 + (gap ? 2 : 1) * SLIPPAGE);
    const stopped = stop * (1 + SLIPPAGE);
    const risk = stopped - entered + FEE * (stopped + entered);
    const r = (entered - left - FEE * (entered + left)) / risk;
    const entryTime = time[row + 1] ?? NaN;
    const exitTime = time[end.row] ?? NaN;
    events.push({ symbol, entryTime, entry, stop, target, exitTime, exit, reason, r });
    free = end.row;
  }
  return events;
}

interface Exit {
  readonly row: number;
  readonly exit: number;
  readonly reason: string;
  readonly gap: boolean;
}

function exitOf(
  { length, open, high, low, close }: Columns,
  entered: number,
  { stop, target }: { readonly stop: number; readonly target: number },
): Exit | undefined {
  for (let row = entered; row < length; row += 1) {
    const first = open[row] ?? NaN;
    if (first >= stop) return { row, exit: first, reason: 'stop', gap: true };
    if (first <= target) return { row, exit: first, reason: 'target', gap: true };
    if ((high[row] ?? NaN) >= stop) return { row, exit: stop, reason: 'stop', gap: false };
    if ((low[row] ?? NaN) <= target) return { row, exit: target, reason: 'target', gap: false };
    if (row === entered + HELD - 1) {
      return { row, exit: close[row] ?? NaN, reason: 'time', gap: false };
    }
  }
  return undefined;
}

const [folder = '', out = ''] = process.argv.slice(2);
const markets: Market[] = [];
const signals: Event[] = [];
let different = 0;
for (const name of readdirSync(folder).toSorted()) {
  const candles = read(join(folder, name));
  const columns = known(candles);
  different += differences(candles, columns);
  const symbol = name.replace(/\..*$/, '');
  const market = { symbol, candles, ...columns, asks: [] };
  const asks = eventRows(market).map((row) => ({ row, ...levelsAt(market, row) }));
  markets.push({ ...market, asks });
}
for (const market of markets) signals.push(...eventsOf(market));
writeFileSync(out, JSON.stringify({ signals, trades: tradesOf(markets), different }));
