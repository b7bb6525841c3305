/**
 * Stops that follow the price over recorded candles: positions opened by hand at the simulated exchange, one plan each, signed and carried
 * out as live. Looked at by the exchange's own truth after every minute of its candles and after every request that changes something.
 */
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { carryOutChange } from '../../src/app/manage/carry-out-change.ts';
import { followTrails } from '../../src/app/manage/follow-trails.ts';
import { offerChange } from '../../src/app/manage/read-change.ts';
import { changeAsText, manageRequest } from '../../src/app/ports/work.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { Ratio } from '../../src/domain/money/money.ts';
import { formatUtc, MINUTE } from '../../src/domain/time.ts';
import type { MarketChoice } from '../../src/simulator/venue/market/market-choice.ts';
import { openVigil, type Vigil } from '../../test/app/vigil.ts';
import { openRedis } from '../../test/store/real-redis.ts';
import { countText } from '../../src/domain/words/words.ts';

export interface TrailRun {
  readonly market: MarketChoice;
  readonly to: number;
  readonly symbols: readonly string[];
  /** Distance of the stops, as a share of the price. */
  readonly share: Ratio;
  /** Venue milliseconds from one move of the stops that follow to the next. */
  readonly stepMs: number;
  /** Replaces ports, such as one that does wrong on purpose; those that it is given are looked at. */
  readonly over?: (ports: Ports) => Partial<Ports>;
  readonly note?: (line: string) => void;
}

/** A stop that filled: what it said, and what came. */
export interface TrailFill {
  readonly positionId: string;
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly at: number;
  readonly entry: number;
  /** The stop as it rested when it was last seen. */
  readonly planned: number;
  readonly came: number;
  /** How much worse than planned, as a share of the price; below 0: better. */
  readonly slipped: number;
}

export interface TrailReport {
  readonly looks: number;
  readonly steps: number;
  readonly fills: readonly TrailFill[];
  /** What is not as it must be; empty when all is well. */
  readonly broken: readonly string[];
}

/** From one look to the next, also where the stops are moved less often. */
const LOOK_MS = MINUTE;
/** More than one replay tells. */
const ALL = 100_000;
/** Prices are told rounded to so much of them. */
const SHOWN = 1e-4;

interface Watch {
  look: () => Promise<void>;
}

interface Seen {
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly entry: number;
  stop: number;
}

interface Closed {
  readonly positionId: string;
  readonly closePrice: string;
}

export async function runTrails(run: TrailRun): Promise<TrailReport> {
  const redis = await openRedis();
  const watch: Watch = { look: async () => undefined };
  const vigil = await openVigil({
    redis,
    venue: { market: run.market, rateLimits: false, speed: 10 },
    over: (ports) => {
      if (ports.trading === undefined) throw new Error('nothing can trade');
      const trading = lookedAt(ports.trading, watch);
      return { trading, ...run.over?.({ ...ports, trading }) };
    },
  });
  try {
    return await follow(vigil, run, watch);
  } finally {
    await vigil.close();
    await redis.close();
  }
}

/** The same port, with a look after each of its calls. */
const lookedAt = (trading: Trading, watch: Watch): Trading =>
  new Proxy(trading, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      const act = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        const outcome = await act(...args);
        await watch.look();
        return outcome;
      };
    },
  });

async function follow(vigil: Vigil, run: TrailRun, watch: Watch): Promise<TrailReport> {
  const { ports } = vigil;
  const open = new Map<string, Seen>();
  const fills: TrailFill[] = [];
  const broken: string[] = [];
  const counts = { looks: 0, steps: 0 };

  async function look(): Promise<void> {
    counts.looks += 1;
    const { positions, tpsl, closedPositions } = await vigil.truth();
    for (const [id, seen] of open) {
      const at = formatUtc(ports.clock.now());
      if (positions.every((each) => each.positionId !== id)) {
        const closed = (closedPositions as readonly Partial<Closed>[]).find(
          (each) => each.positionId === id,
        );
        open.delete(id);
        if (closed === undefined) broken.push(`${seen.symbol} is gone without a trace at ${at}`);
        else
          fills.push(fillOf(id, seen, { came: Number(closed.closePrice), at: ports.clock.now() }));
        continue;
      }
      const stops = tpsl.flatMap(({ positionId, slPrice }) =>
        positionId === id && slPrice !== null ? [Number(slPrice)] : [],
      );
      const stop = nearest(stops, seen.side);
      if (stop === undefined) broken.push(`${seen.symbol} ${seen.side} has no stop at ${at}`);
      else {
        const looser = seen.side === 'LONG' ? stop < seen.stop : stop > seen.stop;
        if (looser) broken.push(`${seen.symbol}: ${seen.stop} became ${stop} at ${at}`);
        if (stop !== seen.stop) counts.steps += 1;
        seen.stop = stop;
      }
    }
  }

  watch.look = look;
  let noted = 0;
  while (ports.clock.now() < run.to) {
    await openMissing(vigil, run, open);
    for (let left = run.stepMs; left > 0; left -= LOOK_MS) {
      await vigil.leap(Math.min(left, LOOK_MS));
      await look();
    }
    await followTrails(ports);
    await look();
    await refreshAccount(ports);
    if (counts.looks - noted >= 500) {
      noted = counts.looks;
      run.note?.(
        `${formatUtc(ports.clock.now())}  ${countText(counts.steps, 'step')}, ${countText(fills.length, 'fill')}`,
      );
    }
  }
  const told = await vigil.wiring.store.outbox.recent(ALL);
  return { ...counts, fills, broken: [...broken, ...fills.flatMap((each) => untold(each, told))] };
}

/** The owner is told that it was the stop, and where it filled. */
function untold(fill: TrailFill, told: readonly Alert[]): readonly string[] {
  const { positionId, symbol, side, came } = fill;
  const end = told.find(({ key }) => key === `position-closed:${positionId}`);
  const out = Number(/, out at ([\d.,]*\d),/.exec(end?.lines[0] ?? '')?.[1]?.replaceAll(',', ''));
  const isTold = end?.title.includes('stop filled') === true;
  return isTold && Math.abs(out / came - 1) < SHOWN
    ? []
    : [
        `${symbol} ${side}: filled at ${came}, told as ${end?.title ?? 'nothing'} ${end?.lines[0] ?? ''}`,
      ];
}

/** The one that fills first: a stop that gives way rests beside the new one for a while. */
const nearest = (stops: readonly number[], side: Seen['side']): number | undefined =>
  stops.length === 0 ? undefined : side === 'LONG' ? Math.max(...stops) : Math.min(...stops);

const fillOf = (
  positionId: string,
  seen: Seen,
  { came, at }: Pick<TrailFill, 'came' | 'at'>,
): TrailFill => ({
  positionId,
  symbol: seen.symbol,
  side: seen.side,
  entry: seen.entry,
  at,
  planned: seen.stop,
  came,
  slipped: (seen.side === 'LONG' ? seen.stop - came : came - seen.stop) / seen.stop,
});

/** Opens a long and a short where there is none, and signs a plan for each. */
async function openMissing(vigil: Vigil, run: TrailRun, open: Map<string, Seen>): Promise<void> {
  const { ports } = vigil;
  const held = new Set([...open.values()].map(({ symbol, side }) => symbol + side));
  const wanted = run.symbols.flatMap((symbol) =>
    (['LONG', 'SHORT'] as const)
      .filter((side) => !held.has(symbol + side))
      .map((side) => ({ symbol, side })),
  );
  if (wanted.length === 0) return;
  for (const each of wanted) {
    await vigil
      .control('position', { ...each, notional: '300', leverage: 3 })
      .catch(() => undefined);
  }
  await refreshAccount(ports);
  const { positions } = await vigil.truth();
  for (const { positionId, symbol, direction } of positions) {
    if (open.has(positionId)) continue;
    await sign(ports, { positionId, symbol, share: run.share });
    const { tpsl } = await vigil.truth();
    const stop = tpsl.find((each) => each.positionId === positionId)?.slPrice ?? null;
    const side = direction === 'LONG' ? 'LONG' : 'SHORT';
    const entry = Number(
      (positions as readonly { positionId: string; avgOpenPrice?: string }[]).find(
        (each) => each.positionId === positionId,
      )?.avgOpenPrice,
    );
    // A gap that closed it at once is no plan that failed.
    if (stop !== null) open.set(positionId, { symbol, side, entry, stop: Number(stop) });
  }
}

let signed = 0;

async function sign(
  ports: Ports,
  { positionId, symbol, share }: { positionId: string; symbol: string; share: Ratio },
): Promise<void> {
  const request = { kind: 'trail', distance: { away: share } } as const;
  const offer = await offerChange(ports, positionId, request);
  if (offer.kind === 'refused') return;
  signed += 1;
  const change = changeAsText(offer.change);
  const asked = { id: `trail-${signed}`, positionId, symbol, change, by: 1, at: ports.clock.now() };
  await carryOutChange(ports, manageRequest.parse(asked));
}
