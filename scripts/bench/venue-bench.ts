import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import type { LoadOptions, LoadReport } from './venue-load.ts';
import { milliseconds } from './quantile.ts';

const KEY = { apiKey: 'benchKey', secretKey: 'benchSecret' };
/** One of them is not open to the API. */
const SYMBOLS = 601;
const SWEPT = 200;
const PER_SECOND = 1_000;
const FOR_MS = 5_000;

/** The share of one core that the venue takes under full load, and the sweep of 200 symbols through the limits. */
export async function venueBench(): Promise<readonly Figure[]> {
  const venue = await startVenue({
    market: { kind: 'generated', seed: 7, symbols: SYMBOLS },
    accounts: [{ ...KEY, balance: '10000' }],
    speed: 1,
    rateLimits: false,
  });
  const figures = await loads(venue);
  await venue.stop();
  return [...figures, await sweep()];
}

async function loads(venue: Venue): Promise<Figure[]> {
  const symbols = await symbolsOf(venue);
  const idle = await shareWhile(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
  const prices = await under(venue, { kind: 'prices', symbols });
  const asked = await under(venue, { kind: 'requests', symbols: [] });
  const perSecond = (report: LoadReport): string => ((report.count / report.ms) * 1_000).toFixed(0);
  const { p50, p99, failures } = asked.report;
  return [
    { what: `${symbols.length} symbols, nobody listens: share of one core`, value: percent(idle) },
    {
      what: `${prices.report.symbols} symbols to one client: prices a second`,
      value: perSecond(prices.report),
      aim: `${symbols.length * 2}`,
    },
    { what: '  share of one core', value: percent(prices.share), aim: 'under 70 %' },
    {
      what: 'signed requests a second',
      value: `${perSecond(asked.report)}, ${failures} failed`,
      aim: `${PER_SECOND}`,
    },
    { what: '  share of one core', value: percent(asked.share), aim: 'under 70 %' },
    {
      what: '  time of an answer, p50 and p99',
      value: `${milliseconds(p50)}, ${milliseconds(p99)}`,
    },
  ];
}

async function sweep(): Promise<Figure> {
  const venue = await startVenue({
    market: { kind: 'generated', seed: 7, symbols: SWEPT },
    accounts: [],
    speed: 1,
  });
  const symbols = (await symbolsOf(venue)).slice(0, SWEPT);
  const { report } = await under(venue, { kind: 'sweep', symbols });
  await venue.stop();
  const ratio = report.ms / (symbols.length * 100);
  return {
    what: `histories of ${symbols.length} symbols, against 10 a second`,
    value: `${(report.ms / 1_000).toFixed(1)} s, ${ratio.toFixed(3)}x, ${report.failures} refused`,
    aim: 'under 1.03x, 0 refused',
  };
}

async function symbolsOf({ url }: Venue): Promise<string[]> {
  const answer = await fetch(`${url}/api/v1/futures/market/trading_pairs`);
  const { data } = (await answer.json()) as { data: { symbol: string; isApiSupported: boolean }[] };
  return data.filter((each) => each.isApiSupported).map((each) => each.symbol);
}

/** Runs a load in a process of its own, so that this one's processor time is the venue's alone. */
async function under(
  { url }: Venue,
  load: Pick<LoadOptions, 'kind' | 'symbols'>,
): Promise<{ report: LoadReport; share: number }> {
  const child = fork(fileURLToPath(new URL('./venue-load.ts', import.meta.url)));
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error('the load ended early')));
    });
  const options = { ...load, url, ...KEY, perSecond: PER_SECOND, forMs: FOR_MS };
  child.send(options satisfies LoadOptions);
  await next();
  let report: LoadReport | undefined;
  const share = await shareWhile(async () => {
    report = (await next()) as LoadReport;
  });
  if (report === undefined) throw new Error('the load did not report');
  return { report, share };
}

/** Processor time of this process as a share of the time that passed. */
async function shareWhile(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / (performance.now() - began);
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
