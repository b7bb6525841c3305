import { createServer } from 'node:http';
import { VenueClock } from './clock.ts';
import { BACKTEST_FILLS } from './backtest-fills.ts';
import { answerControl } from './control/control-server.ts';
import { Engine } from './engine/engine.ts';
import { Faults } from './faults.ts';
import { broken, close, listen } from './listening.ts';
import { chooseMarket, type ChosenMarket } from './market/market-choice.ts';
import { Keeper, loadVenue, type SavedVenue } from './persistence.ts';
import { LIVE_QUIRKS, type Quirks } from './quirks.ts';
import { accountFrom, bindToMarket, keysOf, openStanding } from './venue-accounts.ts';
import type { VenueOptions } from './venue-options.ts';
import { PushLoop } from './wire/socket/push-loop.ts';
import { RestServer } from './wire/rest-server.ts';
import { SocketServer } from './wire/socket/socket-server.ts';

export type { VenueOptions } from './venue-options.ts';

const SAVE_EVERY_MS = 1_000;
const KEEP_ALIVE_MS = 60_000;

export interface Venue {
  readonly url: string;
  readonly wsPublicUrl: string;
  readonly wsPrivateUrl: string;
  readonly controlUrl: string;
  readonly speed: number;
  now(): number;
  stop(): Promise<void>;
}

interface World extends ChosenMarket {
  readonly engine: Engine;
  readonly clock: VenueClock;
  readonly faults: Faults;
  /** Who hears account events; nobody until the streams are up. */
  readonly audience: { publish?: SocketServer['publish'] };
}

const fillsOf = (choice: VenueOptions['market']): Partial<Quirks> =>
  choice.kind === 'replay' && choice.asBacktest === true ? BACKTEST_FILLS : {};

/** Everything but the wire: market, clock, accounts and engine, fresh or as they were saved. */
function buildWorld(options: VenueOptions, saved: SavedVenue | undefined): World {
  const time = { now: () => Date.now() };
  const { crashAt } = options;
  const { market, start } = chooseMarket(options.market, {
    ...(crashAt === undefined ? {} : { crashAt }),
    ...(saved === undefined ? {} : { began: saved.marketBegan, moves: saved.moves }),
    now: () => time.now(),
  });
  const live = options.market.kind === 'feed';
  const clock = new VenueClock(
    live ? start : (saved?.time ?? start),
    live ? 1 : (options.speed ?? 1),
  );
  time.now = () => clock.now();
  const faults = new Faults(options.faults);
  const audience: World['audience'] = {};
  const engine = new Engine({
    market,
    quirks: { ...LIVE_QUIRKS, ...fillsOf(options.market), ...options.quirks },
    faults,
    time: clock.now(),
    accounts: options.accounts.map((account, at) => accountFrom(account, at, saved)),
    ...(saved === undefined ? {} : { ids: { ...saved.ids } }),
    onEvent: (account, event) => audience.publish?.(account, event),
  });
  for (const account of engine.accounts) bindToMarket(account, engine);
  if (saved === undefined) openStanding(engine, options.open ?? []);
  return { market, start, engine, clock, faults, audience };
}

function keeperOf(file: string | undefined, world: World): Keeper {
  const { engine, clock, start, market } = world;
  return new Keeper(file, () => ({
    version: 1,
    time: engine.ctx.time,
    speed: clock.speed,
    marketBegan: start,
    ids: engine.ctx.ids,
    moves: market.moves(),
    accounts: engine.accounts,
  }));
}

/** Starts an exchange that speaks BitUnix's futures API on this machine, with its own clock, market and accounts. */
export async function startVenue(options: VenueOptions): Promise<Venue> {
  const saved = options.persistFile === undefined ? undefined : loadVenue(options.persistFile);
  const world = buildWorld(options, saved);
  const { engine, clock, faults, market } = world;
  const keys = keysOf(options.accounts);
  const now = (): number => clock.now();
  const patience = options.socketPatience;
  const wire = { engine, faults, now, keys };
  const sockets = new SocketServer(patience === undefined ? wire : { ...wire, patience });
  for (const account of engine.accounts) faults.noteChange(account, 0);
  world.audience.publish = (account, event) => {
    faults.noteChange(account, engine.ctx.time);
    sockets.publish(account, event);
  };
  const keeper = keeperOf(options.persistFile, world);
  const onWritten = (): void => keeper.save();
  const rateLimits = options.rateLimits ?? true;
  const leap = (ms: number): void => clock.jumpTo(clock.now() + ms);
  const counted = (): number => clock.counted();
  const rest = new RestServer({ ...wire, counted, leap, onWritten, rateLimits });
  const api = createServer((request, response) => {
    rest.answer(request, response).catch((error: unknown) => broken(response, error));
  });
  api.keepAliveTimeout = KEEP_ALIVE_MS;
  api.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  const control = { engine, clock, faults, sockets, onWritten, served: () => rest.served };
  const controlServer = createServer((request, response) => {
    answerControl(control, request, response).catch((error: unknown) => broken(response, error));
  });
  const host = options.host ?? '127.0.0.1';
  const port = await listen(api, options.port ?? 0, host);
  const controlPort = await listen(controlServer, options.controlPort ?? 0, '127.0.0.1');
  keeper.save();
  const loop = new PushLoop({ engine, clock, faults, sockets, pushMs: options.pushMs ?? 500 });
  const saving = setInterval(
    () => keeper.saveIfChanged(engine.version + engine.ctx.time),
    SAVE_EVERY_MS,
  );
  const stop = async (): Promise<void> => {
    clearInterval(saving);
    loop.stop();
    market.stop?.();
    engine.advance(clock.now());
    keeper.save();
    sockets.close();
    await Promise.all([close(api), close(controlServer)]);
  };
  return {
    url: `http://${host}:${port}`,
    wsPublicUrl: `ws://${host}:${port}/public/`,
    wsPrivateUrl: `ws://${host}:${port}/private/`,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    get speed() {
      return clock.speed;
    },
    now,
    stop,
  };
}
