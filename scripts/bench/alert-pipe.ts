/** Child of the alert measurement: from a price frame on a socket to the HTTP request of sendMessage, bare or through Vigil. */
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { createVigilBot } from '../../src/bot/bot.ts';
import { watchPrices } from '../../src/app/feeds/watch-prices.ts';
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import { price, qty, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { Position, ProtectiveOrder } from '../../src/domain/position.ts';
import { createPriceStream } from '../../src/exchange/bitunix/streams/price-stream.ts';
import { updateRiskState } from '../../src/risk/state/risk-state.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { wire } from '../../src/process/wiring.ts';

export interface PipeOptions {
  readonly kind: 'bare' | 'vigil';
  readonly feedUrl: string;
  readonly sinkUrl: string;
  readonly redisUrl: string;
  readonly symbols: readonly string[];
  readonly round: number;
}

export const TOKEN = '7000000001:bench-bench-bench-bench-bench';
const OWNER = 1001;
const STOP = 100;
const BUDGET_SPEED = 1_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Socket, JSON.parse, compare, POST: nothing that could be left out. */
async function bare({ feedUrl, sinkUrl, symbols }: PipeOptions): Promise<void> {
  const pool = new Pool(sinkUrl, { connections: 4 });
  const waiting = new Set(symbols);
  const socket = new WebSocket(feedUrl);
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { symbol?: string; data?: { mp?: string } };
    const { symbol } = frame;
    if (symbol === undefined || Number.parseFloat(frame.data?.mp ?? '') > STOP) return;
    if (!waiting.delete(symbol)) return;
    void post(pool, symbol);
  });
  await new Promise((resolve) => socket.once('open', resolve));
}

async function post(pool: Pool, symbol: string): Promise<void> {
  const { body } = await pool.request({
    path: `/bot${TOKEN}/sendMessage`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: OWNER, text: `${symbol} long: stop at ${STOP} reached` }),
  });
  await body.dump();
}

/** The product's own way: stream, watch, outbox in Redis, sender. */
async function vigil(options: PipeOptions): Promise<void> {
  const { feedUrl, sinkUrl, redisUrl, symbols, round } = options;
  const wiring = await wire(
    {
      mode: 'demo',
      exchangeUrl: sinkUrl,
      redisUrl,
      roles: ['stream'],
      account: `bench-${round}`,
      dataDir: '.data',
      logLevel: 'silent',
    },
    silent,
  );
  const { store, ports } = wiring;
  await store.owners.pair(OWNER, await store.owners.newCode());
  await store.accounts.commit(commitOf(symbols, ports.clock.now()));
  const bot = createVigilBot({
    token: TOKEN,
    apiRoot: sinkUrl,
    ports,
    owners: store.owners,
    showCode: () => undefined,
    outbox: store.outbox,
    charts: { render: noPicture },
    redis: wiring.redis,
    log: silent,
    // An alert every few milliseconds: what a chat takes is no part of what is measured.
    steadyNow: () => performance.now() * BUDGET_SPEED,
  });
  await bot.start();
  const stream = createPriceStream({ url: feedUrl, log: silent });
  const ahead = store.outboxAhead({ role: 'stream', number: () => undefined });
  const watch = watchPrices(ports, stream, {
    send: (alert) => void bot.sender.sendNow(alert),
    ahead: { look: ahead.look, tell: (finding) => bot.sender.tellAhead(finding, ahead) },
  });
  await watch.reload();
  await new Promise<void>((resolve) => {
    stream.onState((state) => {
      if (state === 'live') resolve();
    });
  });
}

const noPicture = (): Promise<never> => Promise.reject(new Error('no picture here'));

function commitOf(symbols: readonly string[], at: number) {
  const account = {
    marginCoin: 'USDT',
    available: usd('100000'),
    frozen: ZERO_USD,
    margin: ZERO_USD,
    unrealisedPnl: ZERO_USD,
    bonus: ZERO_USD,
    positionMode: 'hedge',
    at,
  } as const;
  const snapshot: AccountSnapshot = {
    account,
    positions: symbols.map((symbol) => positionOf(symbol, at)),
    protections: symbols.map((symbol): ProtectiveOrder => ({
      id: `t${symbol}`,
      positionId: symbol,
      symbol,
      stopPrice: price(String(STOP)),
    })),
    openOrders: [],
    at,
  };
  const { state } = updateRiskState(
    undefined,
    { account, positions: [], closed: [], now: at },
    DEFAULT_LIMITS,
  );
  return { snapshot, riskState: state, equity: { at, equity: 100_000 }, findings: [] };
}

const positionOf = (symbol: string, at: number): Position => ({
  id: symbol,
  symbol,
  side: 'long',
  qty: qty('1'),
  entryPrice: price('105'),
  leverage: 3,
  marginMode: 'isolated',
  margin: usd('35'),
  unrealisedPnl: ZERO_USD,
  realisedGross: ZERO_USD,
  fees: ZERO_USD,
  funding: ZERO_USD,
  openedAt: at,
  updatedAt: at,
});

async function begin(options: PipeOptions): Promise<void> {
  await (options.kind === 'bare' ? bare(options) : vigil(options));
  process.send?.('ready');
}

process.once('message', (options: PipeOptions) => void begin(options));
process.on('disconnect', () => process.exit(0));
