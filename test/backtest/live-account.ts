import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Queue } from 'bullmq';
import { approve, offerApproval, reject } from '../../src/app/approval/decide-proposal.ts';
import { judgeProposal } from '../../src/app/approval/judge-proposal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { previewResume, resume } from '../../src/app/halt/resume.ts';
import { createScanner } from '../../src/app/scan/scan-market.ts';
import { candleAt, columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import type { PortfolioMarket } from '../../src/backtest/candles/market.ts';
import { fundingHistoryOf } from '../../src/backtest/trade/settlement.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import type { Candle } from '../../src/domain/candle.ts';
import type { ClosedPosition } from '../../src/domain/position.ts';
import { HOUR, type Timestamp } from '../../src/domain/time.ts';
import { createBitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { startWorkers, type Workers } from '../../src/jobs/queues/workers.ts';
import { type RiskLimits } from '../../src/risk/terms/limits.ts';
import { riskDayStart } from '../../src/risk/state/risk-state.ts';
import { categoryOf } from '../../src/signals/categories.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { KEY, openVigil } from '../app/vigil.ts';
import { seededRandom, walk } from '../indicators/market.ts';
import { eventually, openRedis } from '../store/real-redis.ts';
import { recorded, recordedFolder } from './recorded-data.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

/** Less than one page of history before the first scan, so that both sides warm up on the very same candles. */
const BEFORE = 190;
const START = Date.UTC(2025, 9, 6, 12);

export interface Case {
  readonly seed: number;
  /** Recorded candles from here on, instead of random walks. */
  readonly recordedFrom?: Timestamp;
  readonly hours: number;
  readonly limits: RiskLimits;
  /** True: the contracts of the walks but Bitcoin have no candle in the hours in which their signals would be entered. */
  readonly holes?: boolean;
}

/** Prices of very different sizes, so that ticks and quantity steps differ. */
const SIZES = {
  BTCUSDT: [600, 1],
  ETHUSDT: [30, 2],
  SOLUSDT: [1, 3],
  AVAXUSDT: [0.3, 4],
  NEARUSDT: [0.02, 5],
  UNIUSDT: [0.08, 4],
  DOGEUSDT: [0.002, 6],
  XRPUSDT: [0.02, 4],
  ADAUSDT: [0.006, 5],
  LINKUSDT: [0.2, 3],
  LTCUSDT: [0.9, 2],
  DOTUSDT: [0.04, 4],
  APTUSDT: [0.05, 4],
  ARBUSDT: [0.005, 5],
} as const;

/** Random walks with a gap of some percent now and then, often through every stop. */
function marketsOf({ seed, hours, holes = false }: Case): ReadonlyMap<string, readonly Candle[]> {
  const random = seededRandom(seed * 7 + 3);
  return new Map(
    Object.entries(SIZES).map(([symbol, [size, decimals]], index) => {
      const drift = (random() - 0.5) * 0.002;
      const start = START - BEFORE * HOUR;
      const shape = {
        seed: seed * 100 + index,
        count: BEFORE + hours + 2,
        drift,
        noise: 0.012,
        start,
      };
      let level = size;
      const candles = walk(shape).map((each) => {
        const live = each.openTime >= START;
        if (live && random() < 0.05) level *= 1 + (random() - 0.5) * 0.2;
        // Now and then a candle that reaches any stop and any target.
        const wild = live && random() < 0.04 ? 0.25 : 0;
        const price = (value: number): number => Number((value * level).toFixed(decimals));
        const { openTime, open, close, volume } = each;
        const high = each.high * (1 + wild);
        const low = each.low * (1 - wild);
        return {
          openTime,
          open: price(open),
          high: price(high),
          low: price(low),
          close: price(close),
          volume: Math.round((volume * 10_000) / level),
        };
      });
      return [symbol, holes && symbol !== 'BTCUSDT' ? withHoles(candles) : candles];
    }),
  );
}

/** Without the candle right after each signal, where no funding can be settled: nobody knows that then. */
function withHoles(candles: readonly Candle[]): readonly Candle[] {
  const tracker = createTracker('any', agreement);
  let hole: Timestamp | undefined;
  return candles.filter((candle) => {
    if (candle.openTime === hole) return false;
    tracker.feed(candle);
    const next = candle.openTime + HOUR;
    const asks = tracker.request(agreement.parameters) !== undefined;
    hole = asks && (next / HOUR) % 4 > 0 ? next : undefined;
    return true;
  });
}

export const startOf = ({ recordedFrom = START }: Case): Timestamp => recordedFrom;

/** Twelve much traded contracts of the recorded October, another twelve for each seed; those with a hole are left out. */
function recordedMarkets(test: Case): ReadonlyMap<string, readonly Candle[]> {
  const folder = recordedFolder('perps-1h-2025-10');
  if (folder === undefined) throw new Error('no recorded candles on this machine');
  const from = startOf(test) - BEFORE * HOUR;
  const to = startOf(test) + (test.hours + 2) * HOUR;
  const complete = RECORDED.flatMap((symbol): (readonly [string, readonly Candle[]])[] => {
    const { columns } = recorded(folder, symbol);
    const rows = Array.from({ length: columns.length }, (_, row) => candleAt(columns, row));
    const within = rows.filter(({ openTime }) => openTime >= from && openTime < to);
    return within.length === BEFORE + test.hours + 2 ? [[symbol, within]] : [];
  });
  const shift = (test.seed * 5) % complete.length;
  return new Map([...complete.slice(shift), ...complete.slice(0, shift)].slice(0, 12));
}

const RECORDED =
  'BTCUSDT ETHUSDT SOLUSDT XRPUSDT DOGEUSDT ADAUSDT AVAXUSDT LINKUSDT SUIUSDT ENAUSDT UNIUSDT AAVEUSDT NEARUSDT LTCUSDT DOTUSDT WIFUSDT TAOUSDT ARBUSDT OPUSDT APTUSDT'.split(
    ' ',
  );

function record(dir: string, markets: ReadonlyMap<string, readonly Candle[]>): void {
  for (const [symbol, candles] of markets) {
    // The last row of a recording is left out, because it may have been forming.
    const rows = [
      ...candles,
      { ...candles.at(-1), openTime: (candles.at(-1)?.openTime ?? 0) + HOUR },
    ];
    const lines = rows.map(({ openTime, open, high, low, close, volume }) =>
      [openTime, open, high, low, close, volume].join(','),
    );
    const text = `time,open,high,low,close,volume\n${lines.join('\n')}\n`;
    writeFileSync(join(dir, `${symbol}.csv.gz`), gzipSync(text));
  }
}

export interface Lived {
  readonly closed: readonly ClosedPosition[];
  readonly open: readonly string[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly halts: readonly string[];
  readonly markets: readonly PortfolioMarket[];
}

/** Runs the live pipeline hour by hour: scan through the queues, every card approved at once, a restart in the middle. */
export async function live(test: Case): Promise<Lived> {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-account-'));
  const start = startOf(test);
  const candles = test.recordedFrom === undefined ? marketsOf(test) : recordedMarkets(test);
  record(dir, candles);
  const redis = await openRedis();
  const market = { kind: 'replay', dir, from: start, asBacktest: true } as const;
  const quirks = { receiveWindowMs: 600_000 };
  // The hours come by leaps. Between them the venue's time hardly moves, so that no reading is old on a machine that is busy.
  const venue = { market, speed: 0.1, quirks } as const;
  const vigil = await openVigil({ redis, venue });
  const now = (): number => vigil.venue.now();
  const client = createBitunix({
    url: vigil.venue.url,
    ...KEY,
    clock: { now, speed: 1_000 },
    log: vigil.ports.log,
    trading: true,
  });
  const { account, urgentAccount, trading } = client;
  if (account === undefined || urgentAccount === undefined || trading === undefined)
    throw new Error('no keys');
  const clock = { now, speed: 1 };
  const limits = () => test.limits;
  const { market: prices } = client;
  const exchange = { market: prices, account, urgentAccount, trading };
  const ports: Ports = { ...vigil.ports, ...exchange, clock, limits };
  const queueOf = (name: string): Queue =>
    new Queue(name, {
      connection: vigil.wiring.connect(),
      prefix: vigil.wiring.store.keys.queues,
    });
  const queues = { scan: queueOf('scan'), account: queueOf('account') };
  const idle = (queue: Queue): Promise<true> =>
    eventually(`${queue.name} is idle`, async () => {
      const counts = await queue.getJobCounts('active', 'waiting', 'waiting-children', 'delayed');
      return Object.values(counts).every((count) => count === 0) ? true : undefined;
    });
  const refusals: Record<string, number> = {};
  const count = (codes: readonly string[]): void => {
    for (const code of codes) refusals[code] = (refusals[code] ?? 0) + 1;
  };
  const halts: string[] = [];
  /** Triggers that hold entries; one that is given again, with one more loss, is no other halt. */
  let holding: readonly string[] = [];

  async function read(hour: Timestamp): Promise<void> {
    await idle(queues.account);
    await refreshAccount(ports);
    const mode = await ports.mode.read();
    const triggers = (mode?.reasons ?? []).map(({ trigger }) => trigger);
    for (const trigger of triggers)
      if (!holding.includes(trigger)) halts.push(`${trigger} ${hour}`);
    holding = triggers;
  }

  /** Every morning the owner resumes if that is possible, a drawdown included. */
  async function owner(): Promise<void> {
    if ((await ports.mode.read())?.mode === 'normal') return;
    const { mode, standing, needsRebase } = await previewResume(ports);
    if (standing.length > 0 && !needsRebase) return;
    await resume(ports, { by: 1, rebase: needsRebase, seen: mode?.reasons ?? [] });
    holding = [];
  }

  async function decide(id: string, hour: Timestamp): Promise<void> {
    const proposal = await ports.proposals.byId(id);
    if (proposal === undefined) throw new Error(`${id} is not stored`);
    const offer = await offerApproval(ports, proposal.nonce);
    if (offer.kind !== 'ready') {
      const verdict = await judgeProposal(ports, proposal);
      if (verdict.kind !== 'refused') throw new Error(`${id} was ${offer.kind}`);
      count(verdict.refusals.map(({ code }) => code));
      await reject(ports, { nonce: proposal.nonce, by: 1 });
      return;
    }
    await approve(ports, { nonce: proposal.nonce, card: offer.card, by: 1 });
    const status = await eventually(`${id} is carried out`, async () => {
      const found = (await ports.proposals.byId(id))?.status;
      return found === 'done' || found === 'refused' ? found : undefined;
    });
    if (status !== 'done') throw new Error((await ports.proposals.byId(id))?.outcome);
    await read(hour);
  }

  async function liveHour(hour: Timestamp): Promise<void> {
    await read(hour);
    await read(hour);
    if (riskDayStart(hour, limits()) === hour) await owner();
    await vigil.wiring.queues.startScan();
    await idle(queues.scan);
    const report = await ports.scans.latest();
    if (report?.candleClosedAt !== hour) throw new Error(`no report of ${hour}`);
    for (const { fate, refusals: found } of report.found) {
      if (fate === 'refused') count(found.map(({ code }) => code));
      if (fate === 'not best') count(['not-best']);
    }
    for (const { signal, fate } of report.found)
      if (fate === 'proposed') await decide(signal.id, hour);
  }

  const workersOf = (): Workers =>
    startWorkers({
      connection: vigil.wiring.connect(),
      prefix: vigil.wiring.store.keys.queues,
      context: {
        ports,
        scanner: createScanner(ports),
        startScan: vigil.wiring.queues.startScan,
      } as Parameters<typeof startWorkers>[0]['context'],
      log: ports.log,
    });

  let workers = workersOf();
  try {
    for (let n = 0; n <= test.hours; n += 1) {
      if (n === Math.floor(test.hours / 2)) {
        // A restart: trackers and everything else in memory are gone.
        await workers.close();
        workers = workersOf();
      }
      if (n > 0) await vigil.control('clock', { now: start + n * HOUR });
      await liveHour(start + n * HOUR);
    }
    await vigil.control('clock', { now: start + (test.hours + 1) * HOUR - 1 });
    await idle(queues.account);
    const closed = await account.closedPositions(start);
    const open = (await account.positions()).map(({ symbol, side }) => `${symbol} ${side}`);
    const listed = await client.market.instruments();
    const markets = await Promise.all(
      [...candles].map(async ([symbol, rows]) => {
        const instrument = listed.find((each) => each.symbol === symbol);
        if (instrument === undefined) throw new Error(`${symbol} is not listed`);
        const [tiers, settled] = await Promise.all([
          client.market.riskTiers(symbol),
          client.market.fundingHistory(symbol, start),
        ]);
        const funding = fundingHistoryOf(settled, start);
        const category = categoryOf(instrument.base);
        const columns = snapshotColumns(columnsOf(rows), agreement);
        return {
          instrument,
          category,
          tiers,
          columns,
          ...(funding === undefined ? {} : { funding }),
        };
      }),
    );
    return { closed, open, refusals, halts, markets };
  } finally {
    await workers.close();
    await queues.scan.close();
    await queues.account.close();
    await client.close();
    await vigil.close();
    await redis.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
