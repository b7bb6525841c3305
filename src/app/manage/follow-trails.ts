import {
  trailKey,
  trailMoved,
  trailRests,
  trailStuck,
} from '../../alerts/rules/position-managed.ts';
import { numberText } from '../../alerts/phrase.ts';
import type { Interval } from '../../domain/candle.ts';
import { percentText } from '../../domain/words/words.ts';
import { stopsOf } from '../../domain/position.ts';
import type { Price } from '../../domain/money/money.ts';
import { trailStep, type TrailSight } from '../../risk/gate/trail.ts';
import { hasClosed } from '../account/suggest-stop.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { Trading } from '../ports/trading.ts';
import type { TrailPlan } from '../ports/trail-store.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { messageOf, reasonOf } from '../reading/reading.ts';
import { waitFor } from '../reading/wait-for.ts';

/** Closed candles that a step follows: the first of these that the exchange has. */
const FOLLOWED = ['15m', '1h'] as const satisfies readonly Interval[];
const READ_BACK_MS = 10_000;

/**
 * Moves each stop that follows the price by one step, if there is one: only ever nearer, read back, told in one silent message a plan.
 * The stop rests at the exchange all the time, and what fails leaves it where it is. A plan ends with its position.
 */
export async function followTrails(ports: Ports): Promise<void> {
  const { trading } = ports;
  const plans = await ports.trails.all();
  if (plans.length === 0) return;
  if (trading === undefined) {
    for (const plan of plans) await ports.outbox.raise(trailRests(plan, ports.clock.now()));
    return;
  }
  const snapshot = await fetchSnapshot(ports);
  for (const plan of plans) {
    await follow(ports, trading, { plan, snapshot }).catch(async (error: unknown) => {
      ports.log.warn('a stop could not follow the price', { reason: messageOf(error) });
      await ports.outbox.raise(trailStuck(plan, reasonOf(error), ports.clock.now()));
    });
  }
}

async function follow(
  ports: Ports,
  trading: Trading,
  { plan, snapshot }: { readonly plan: TrailPlan; readonly snapshot: AccountSnapshot },
): Promise<void> {
  const position = snapshot.positions.find((each) => each.id === plan.positionId);
  if (position === undefined) {
    // That it is not listed says nothing; its close in the history does.
    if (await hasClosed(ports, plan.positionId)) await ports.trails.drop(plan.positionId);
    return;
  }
  const sight = await sightOf(ports, plan, { position, protections: snapshot.protections });
  const stop = trailStep(sight);
  if (stop === undefined) return;
  const { symbol, positionId } = plan;
  // Its owner may have ended it since the look began.
  if (!(await ports.trails.all()).some((each) => each.signedAt === plan.signedAt)) return;
  const outcome = await trading.placeProtection({ symbol, positionId, stop });
  if (outcome.kind === 'rejected') throw new Error(outcome.reason);
  const rests = await waitFor(ports, () => restsNow(ports, plan, stop), {
    deadlineMs: READ_BACK_MS,
    until: (seen) => seen,
  });
  if (rests) return tellMoved(ports, plan, { ...sight, stop });
  const isOpen = (await ports.account.positions()).some(({ id }) => id === positionId);
  if (isOpen) throw new Error('the exchange has taken a nearer stop and does not show it');
}

async function sightOf(
  { market }: Pick<Ports, 'market'>,
  { symbol, share }: TrailPlan,
  of: Pick<TrailSight, 'position' | 'protections'>,
): Promise<TrailSight> {
  const [close, tickers, instruments] = await Promise.all([
    lastClose(market, symbol),
    market.tickers(),
    market.instruments(),
  ]);
  const mark = tickers.find((each) => each.symbol === symbol)?.mark;
  const tick = instruments.find((each) => each.symbol === symbol)?.tick;
  if (close === undefined) throw new Error('the exchange has no closed candle of it');
  if (mark === undefined) throw new Error('the exchange has no price of it');
  if (tick === undefined)
    throw new Error('the exchange does not say in which steps its price moves');
  return { ...of, close, mark, tick, share };
}

async function lastClose(market: Ports['market'], symbol: string): Promise<number | undefined> {
  for (const interval of FOLLOWED) {
    const candle = (await market.candles({ symbol, interval, limit: 1 })).at(-1);
    if (candle !== undefined) return candle.close;
  }
  return undefined;
}

async function restsNow(
  ports: Pick<Ports, 'account'>,
  { positionId }: TrailPlan,
  stop: Price,
): Promise<boolean> {
  const protections = await ports.account.protections().catch(() => []);
  return protections.some((each) => each.positionId === positionId && each.stopPrice === stop);
}

async function tellMoved(
  ports: Pick<Ports, 'outbox' | 'clock'>,
  plan: TrailPlan,
  { position, protections, mark, stop }: TrailSight & { readonly stop: Price },
): Promise<void> {
  const was = stopsOf(position, protections).largest?.price;
  const text = {
    title: `${plan.symbol} ${position.side}: its stop follows, now at ${numberText(stop)}`,
    lines: [
      `${was === undefined ? 'There was none' : `It was at ${numberText(was)}`}; the price is ${numberText(mark)}. It follows ${percentText(plan.share)} away and never goes back.`,
    ],
  };
  const first = await ports.outbox.raise(trailMoved(plan, text, ports.clock.now()));
  if (first === undefined) await ports.outbox.revise(trailKey(plan), { ...text, good: true });
}

/** Ends the plan of a position, also one that waits for its turn to begin; its stop stays where it is. Says what is so now. */
export async function endTrail(
  { trails, actions, clock }: Pick<Ports, 'trails' | 'actions' | 'clock'>,
  positionId: string,
): Promise<string> {
  await actions.note({ kind: 'revoke', positionId, what: 'trail', at: clock.now() });
  const known = (await trails.all()).some((each) => each.positionId === positionId);
  if (!known) return 'Its stop does not follow the price.';
  await trails.drop(positionId);
  return 'Its stop no longer follows the price. It stays where it rests now.';
}
