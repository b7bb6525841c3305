import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VenueClock } from './clock.ts';
import { answerControl } from './control-server.ts';
import { fromNumber, readDec, type Dec } from './decimal.ts';
import { newAccount, type Account, type PositionMode } from './engine/account.ts';
import { Engine } from './engine/engine.ts';
import { openByHand, sideFrom } from './engine/open-by-hand.ts';
import { Faults, type FaultSchedule } from './faults.ts';
import { chooseMarket, type MarketChoice } from './market/market-choice.ts';
import { loadVenue, saveVenue, type SavedVenue } from './persistence.ts';
import { LIVE_QUIRKS, type Quirks } from './quirks.ts';
import { PushLoop } from './wire/push-loop.ts';
import { RestServer } from './wire/rest-server.ts';
import { SocketServer } from './wire/socket-server.ts';

const SAVE_EVERY_MS = 1_000;

/** Money as text or number, USDT. */
type Amount = string | number;

export interface VenueAccount {
  readonly apiKey: string;
  readonly secretKey: string;
  readonly balance: Amount;
  readonly positionMode?: PositionMode;
  readonly feeTaker?: Amount;
  readonly feeMaker?: Amount;
}

/** A position that is there when the venue starts, on the first account. */
export interface StandingPosition {
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly notional?: Amount;
  readonly qty?: Amount;
  readonly leverage?: number;
  readonly marginMode?: 'CROSS' | 'ISOLATION';
  readonly stop?: Amount;
  readonly target?: Amount;
}

export interface VenueOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly controlPort?: number;
  readonly host?: string;
  readonly market: MarketChoice;
  /** Venue seconds per real second; 0 stands still and moves by the control API alone. */
  readonly speed?: number;
  readonly accounts: readonly VenueAccount[];
  readonly open?: readonly StandingPosition[];
  /** Where account and clock are kept; an existing file is continued. */
  readonly persistFile?: string;
  /** Venue time at which a generated market falls, Unix ms. */
  readonly crashAt?: number;
  readonly quirks?: Partial<Quirks>;
  readonly faults?: FaultSchedule;
  /** Real milliseconds between pushes of prices and candles. */
  readonly pushMs?: number;
  /** False answers as many requests as come. */
  readonly rateLimits?: boolean;
}

export interface Venue {
  readonly url: string;
  readonly wsPublicUrl: string;
  readonly wsPrivateUrl: string;
  readonly controlUrl: string;
  readonly speed: number;
  now(): number;
  stop(): Promise<void>;
}

/** Starts an exchange that speaks BitUnix's futures API on this machine, with its own clock, market and accounts. */
export async function startVenue(options: VenueOptions): Promise<Venue> {
  const saved = options.persistFile === undefined ? undefined : loadVenue(options.persistFile);
  const { crashAt } = options;
  const { market, start } = chooseMarket(options.market, {
    ...(crashAt === undefined ? {} : { crashAt }),
    ...(saved === undefined ? {} : { began: saved.marketBegan, moves: saved.moves }),
  });
  const clock = new VenueClock(saved?.time ?? start, options.speed ?? 1);
  const faults = new Faults(options.faults);
  const accounts = options.accounts.map((account, at) => accountFrom(account, at, saved));
  const audience: { publish?: SocketServer['publish'] } = {};
  const engine = new Engine({
    market,
    quirks: { ...LIVE_QUIRKS, ...options.quirks },
    faults,
    time: clock.now(),
    accounts,
    ...(saved === undefined ? {} : { ids: { ...saved.ids } }),
    onEvent: (account, event) => audience.publish?.(account, event),
  });
  for (const account of accounts) bindToMarket(account, engine);
  if (saved === undefined) openStanding(engine, options.open ?? []);
  const secrets = new Map(options.accounts.map(({ apiKey, secretKey }) => [apiKey, secretKey]));
  const now = (): number => clock.now();
  const sockets = new SocketServer({ engine, faults, now, secrets });
  audience.publish = (account, event) => sockets.publish(account, event);
  const keeper = new Keeper(options.persistFile, () => ({
    version: 1,
    time: engine.ctx.time,
    speed: clock.speed,
    marketBegan: start,
    ids: engine.ctx.ids,
    moves: market.moves(),
    accounts: engine.accounts,
  }));
  const onWritten = (): void => keeper.save(engine.version);
  const rest = new RestServer({
    engine,
    faults,
    now,
    secrets,
    onWritten,
    rateLimits: options.rateLimits ?? true,
  });
  const api = createServer((request, response) => {
    rest.answer(request, response).catch((error: unknown) => broken(response, error));
  });
  api.keepAliveTimeout = 60_000;
  api.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  const control = { engine, clock, faults, sockets, onWritten, served: () => rest.served };
  const controlServer = createServer((request, response) => {
    answerControl(control, request, response).catch((error: unknown) => broken(response, error));
  });
  const host = options.host ?? '127.0.0.1';
  const apiPort = await listen(api, options.port ?? 0, host);
  const controlPort = await listen(controlServer, options.controlPort ?? 0, '127.0.0.1');
  keeper.save(engine.version);
  const loop = new PushLoop({ engine, clock, sockets, pushMs: options.pushMs ?? 500 });
  const saving = setInterval(() => keeper.save(engine.version), SAVE_EVERY_MS);
  return {
    url: `http://${host}:${apiPort}`,
    wsPublicUrl: `ws://${host}:${apiPort}/public/`,
    wsPrivateUrl: `ws://${host}:${apiPort}/private/`,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    get speed() {
      return clock.speed;
    },
    now,
    stop: async () => {
      clearInterval(saving);
      loop.stop();
      engine.advance(clock.now());
      keeper.save(engine.version, true);
      sockets.close();
      await Promise.all([close(api), close(controlServer)]);
    },
  };
}

/** Writes the venue's state when it has changed since the last time, and its clock at least at every stop. */
class Keeper {
  readonly #file: string | undefined;
  readonly #state: () => SavedVenue;
  #savedVersion = -1;

  constructor(file: string | undefined, state: () => SavedVenue) {
    this.#file = file;
    this.#state = state;
  }

  save(version: number, always = false): void {
    if (this.#file === undefined || (!always && version === this.#savedVersion)) return;
    saveVenue(this.#file, this.#state());
    this.#savedVersion = version;
  }
}

function amountOf(value: Amount, name: string): Dec {
  const found = typeof value === 'number' ? fromNumber(value) : readDec(value);
  if (found === undefined) throw new Error(`${name} must be a decimal, not "${value}"`);
  return found;
}

function accountFrom(account: VenueAccount, at: number, saved: SavedVenue | undefined): Account {
  const known = saved?.accounts.find((one) => one.apiKey === account.apiKey);
  if (known !== undefined) return known;
  return newAccount({
    uid: String(10_000_001 + at),
    apiKey: account.apiKey,
    balance: amountOf(account.balance, 'balance'),
    positionMode: account.positionMode ?? 'HEDGE',
    feeTaker: amountOf(account.feeTaker ?? '0.0006', 'feeTaker'),
    feeMaker: amountOf(account.feeMaker ?? '0.0002', 'feeMaker'),
  });
}

/** A saved account names contracts by symbol; their places in this market may differ. */
function bindToMarket(account: Account, engine: Engine): void {
  const { market } = engine.ctx;
  const records = [account.positions, account.orders, account.tpsl].flatMap((map) => [
    ...map.values(),
  ]);
  const past = [...account.orderHistory, ...account.positionHistory, ...account.tpslHistory];
  for (const record of [...records, ...past]) {
    const index = market.indexOf(record.symbol);
    if (index === undefined)
      throw new Error(`The saved account uses ${record.symbol}, which this market does not list`);
    Object.assign(record, { index });
  }
}

function openStanding(engine: Engine, wishes: readonly StandingPosition[]): void {
  const [account] = engine.accounts;
  if (account === undefined) return;
  for (const wish of wishes) {
    openByHand(
      { ctx: engine.ctx, account },
      {
        symbol: wish.symbol,
        side: sideFrom(wish.side),
        ...(wish.qty === undefined ? {} : { qty: amountOf(wish.qty, 'qty') }),
        ...(wish.notional === undefined ? {} : { notional: amountOf(wish.notional, 'notional') }),
        ...(wish.leverage === undefined ? {} : { leverage: wish.leverage }),
        ...(wish.marginMode === undefined ? {} : { marginMode: wish.marginMode }),
        ...(wish.stop === undefined ? {} : { stop: amountOf(wish.stop, 'stop') }),
        ...(wish.target === undefined ? {} : { target: amountOf(wish.target, 'target') }),
      },
    );
  }
}

/** A fault of the venue's own: told as such, never as an answer of the exchange. */
function broken(response: ServerResponse, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(500, { 'Content-Type': 'text/plain' })
      .end(`The simulated venue failed: ${reason}`);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
