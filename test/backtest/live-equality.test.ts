import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import { approve } from '../../src/app/approval/decide-proposal.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { createScanner } from '../../src/app/scan/scan-market.ts';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import type { FinishedSignal } from '../../src/backtest/trade/ledger.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { trackSignals, strategyChooser } from '../../src/backtest/study/study.ts';
import { byEntry, tradesText, type Trade } from '../../src/backtest/trade/trade.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { createBitunix, type Bitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { startWorkers, type Workers } from '../../src/jobs/queues/workers.ts';
import { shown } from '../app/signals.ts';
import { KEY, openVigil, type Vigil } from '../app/vigil.ts';
import { walk } from '../indicators/market.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

/** Less than one page of history before the first scan, so that both sides warm up on the very same candles. */
const BEFORE = 190;
const HOURS = 120;
const START = Date.UTC(2025, 9, 6, 12);
/** Trends that are weak enough to begin anew now and then: an event needs a day without one before it. */
const DRIFT = Object.fromEntries(
  'ABCDEFGHIJKL'
    .split('')
    .map((letter, index) => [`${letter}${letter}${letter}USDT`, 0.0005 * ((index % 5) - 2)]),
);

const round = (value: number): number => Number(value.toFixed(4));

/** Candles as the files have them: the numbers are what their text says. */
const MARKETS: ReadonlyMap<string, readonly Candle[]> = new Map(
  Object.entries(DRIFT).map(([symbol, drift], index) => [
    symbol,
    walk({
      seed: 31 + index,
      count: BEFORE + HOURS,
      drift,
      noise: 0.012,
      start: START - BEFORE * HOUR,
    }).map(({ openTime, open, high, low, close, volume }) => ({
      openTime,
      open: round(open),
      high: round(high),
      low: round(low),
      close: round(close),
      volume: Math.round(volume * 10_000),
    })),
  ]),
);

let dir: string;
let redis: RealRedis;
let vigil: Vigil;
let client: Bitunix;
let ports: Ports;
let scans: Queue;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-equal-'));
  for (const [symbol, candles] of MARKETS) {
    // The last row of a recording is left out, because it may have been forming.
    const rows = [...candles, { ...candles.at(-1), openTime: START + HOURS * HOUR }].map(
      ({ openTime, open, high, low, close, volume }) =>
        [openTime, open, high, low, close, volume].join(','),
    );
    const text = `time,open,high,low,close,volume\n${rows.join('\n')}\n`;
    writeFileSync(join(dir, `${symbol}.csv.gz`), gzipSync(text));
  }
  redis = await openRedis();
  const market = { kind: 'replay', dir, from: START + 30_000 } as const;
  // The hours come by leaps. Between them the venue's time hardly moves, so that no reading is old on a machine that is busy.
  vigil = await openVigil({ redis, venue: { market, speed: 0.1 } });
  const now = (): number => vigil.venue.now();
  // Paced as if time ran faster: the hours come by leaps, and nobody needs to wait for requests.
  client = createBitunix({
    url: vigil.venue.url,
    ...KEY,
    clock: { now, speed: 1_000 },
    log: vigil.ports.log,
    trading: true,
  });
  const { market: prices, account, urgentAccount, trading } = client;
  if (account === undefined || urgentAccount === undefined || trading === undefined)
    throw new Error('no keys');
  const read = { market: prices, account, urgentAccount, trading };
  ports = { ...vigil.ports, ...read, clock: { now, speed: 1 } };
  scans = new Queue('scan', {
    connection: vigil.wiring.connect(),
    prefix: vigil.wiring.store.keys.queues,
  });
});

afterAll(async () => {
  await scans.close();
  await client.close();
  await vigil.close();
  await redis.close();
  rmSync(dir, { recursive: true, force: true });
});

function startRound(): Workers {
  const { wiring } = vigil;
  const { queues, store } = wiring;
  return startWorkers({
    connection: wiring.connect(),
    prefix: store.keys.queues,
    context: { ports, scanner: createScanner(ports), startScan: queues.startScan },
    log: ports.log,
  });
}

/** One hour of the live pipeline: account, scan through the queues, every card approved at once. */
async function liveHour(): Promise<void> {
  const { wiring } = vigil;
  // A job may be reading the account too; then that read counts.
  await refreshAccount(ports).catch(() => undefined);
  await wiring.queues.startScan();
  await eventually('the scan is done', async () => {
    const counts = await scans.getJobCounts('active', 'waiting', 'waiting-children', 'delayed');
    return Object.values(counts).every((count) => count === 0) ? true : undefined;
  });
  for (const proposal of await ports.proposals.withStatus('pending')) {
    const { id } = proposal;
    await approve(ports, { ...(await shown(ports, proposal)), by: 1 });
    await eventually(`${id} is carried out`, async () =>
      ['done', 'refused'].includes((await ports.proposals.byId(id))?.status ?? '')
        ? true
        : undefined,
    );
  }
}

/** What the backtest makes of the same candles, from the first scanned one on. */
async function backtested(): Promise<Trade[]> {
  const instruments = await ports.market.instruments();
  const trades = [...MARKETS].flatMap(([symbol, candles]) => {
    const instrument = instruments.find((each) => each.symbol === symbol);
    if (instrument === undefined) throw new Error(`${symbol} is not listed`);
    const columns = snapshotColumns(columnsOf(candles), agreement);
    const { parameters } = agreement;
    const market = { symbol, category: '', instrument, columns };
    return trackSignals(market, strategyChooser(parameters), {
      parameters,
      from: BEFORE - 1,
    });
  });
  return trades.sort(byEntry);
}

const tradeOf = ({ symbol, result }: FinishedSignal): Trade[] =>
  result === undefined ? [] : [{ symbol, category: '', ...result }];

it('the live pipeline follows the same trades as the backtest, to the last digit, over a restart', async () => {
  let workers = startRound();
  for (let hour = 0; hour <= HOURS; hour += 1) {
    if (hour === HOURS / 2) {
      // A restart: trackers and everything else in memory are gone.
      await workers.close();
      workers = startRound();
    }
    await liveHour();
    if (hour < HOURS) await vigil.control('clock', { advanceMs: HOUR });
  }
  await workers.close();
  const expected = await backtested();
  const closed = expected.filter(({ reason }) => reason !== 'end');
  const { ledger, proposals } = ports;
  const finished = (await ledger?.finished()) ?? [];
  const tracked = finished.filter(({ counted }) => counted).flatMap(tradeOf);
  expect(closed.length).toBeGreaterThan(5);
  expect(new Set(closed.map(({ side }) => side)).size).toBe(2);
  expect(tradesText(tracked.sort(byEntry))).toBe(tradesText(closed));
  const open = ((await ledger?.open()) ?? []).filter(({ counted, held }) => counted && held);
  expect(open.map(({ symbol }) => symbol).toSorted()).toEqual(
    expected
      .filter(({ reason }) => reason === 'end')
      .map(({ symbol }) => symbol)
      .toSorted(),
  );
  // Cards were approved and carried out by the simulated exchange on the way.
  const taken = (await proposals.recent(100)).filter(({ status }) => status === 'done');
  expect(taken.length).toBeGreaterThan(0);
});
