import { BollingerBands, EMA, MACD, RSI, SMA, WSMA } from 'trading-signals';
import { quantile } from './quantile.ts';

const ROUNDS = 5;
const WARM_UP = 2;

/** Milliseconds that a piece of work takes. */
export function timed(work: () => unknown): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

/** Less CPU than this is too little to be told from chance: short work is repeated. */
const LEAST_MS = 50;

/** Milliseconds of CPU of all threads. */
function cpuMs(work: () => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Median ratio of the CPU of two pieces of work that take turns, the first two rounds left out. */
export function ratioText(work: () => unknown, base: () => unknown): string {
  const ratios: number[] = [];
  let times = 1;
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const own = cpuMs(work, times);
    const bare = cpuMs(base, times);
    if (round >= WARM_UP) ratios.push(own / bare);
    else times = Math.max(times, Math.ceil((LEAST_MS * times) / Math.max(1, bare)));
  }
  return `${quantile(ratios, 0.5).toFixed(2)}x`;
}

/** What the strategy's indicators are fed with. */
interface Fed {
  readonly close: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
}

/** The library's objects behind the strategy's indicators, fed and read; arithmetic of Vigil's own is left out. */
export function feedStrategy(candles: readonly Fed[]): void {
  const means = [new SMA(50)];
  const closes = [new BollingerBands(20, 2), new RSI(14), ...means];
  const macd = new MACD(new EMA(12), new EMA(26), new EMA(9));
  const ranges = [new WSMA(14), new WSMA(14), new WSMA(14), new WSMA(14), new WSMA(14)];
  const volumes = [new SMA(20), new SMA(20)];
  const all = [...closes, macd, ...ranges, ...volumes];
  for (const { close, high, low, volume } of candles) {
    for (const each of closes) each.update(close, false);
    macd.update(close, false);
    for (const each of ranges) each.update(high - low, false);
    for (const each of volumes) each.update(volume, false);
    for (const each of all) each.getResult();
  }
}
