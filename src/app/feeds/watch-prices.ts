import {
  endedParts,
  prepareLevels,
  touchedKeys,
  touchedLevels,
  type LevelIndex,
} from '../../alerts/watch/touched-levels.ts';
import type { Alert, Finding, Revision } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import { compareFeeds, type Differences } from './compare-feeds.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { PriceStream, PriceTick } from '../ports/price-stream.ts';
import { messageOf } from '../reading/reading.ts';

/** Up to this speed of the venue's clock, stream and poll are compared. */
const FASTEST_COMPARED = 60;

export interface PriceWatch {
  /** Reads positions and stops again and stores when prices were seen; called at start and after each account read. */
  reload(): Promise<void>;
}

/** How what a price touches goes to the phone. */
export interface PriceTelling {
  /** What is stored goes out. */
  send(alert: Alert): void;
  /** The shorter way, for a process that tells by itself. */
  readonly ahead?: {
    /** The keys that only this process raises, as they stand now. */
    look(keys: readonly string[]): Promise<void>;
    /** Told and stored at the same time: resolves when it is stored, and rejects when it was not. Undefined: not possible now. */
    tell(finding: Finding): Promise<void> | undefined;
  };
}

/**
 * The fast path: each pushed price is compared with the resting stops and targets of open positions, and what it touches is
 * numbered, stored and told at once, without a queue in between. The account read is the backstop.
 */
export function watchPrices(
  ports: Pick<Ports, 'accounts' | 'outbox' | 'log' | 'clock'>,
  stream: PriceStream,
  { send, ahead }: PriceTelling,
): PriceWatch {
  let index: LevelIndex = new Map();
  const times = new Map<string, Timestamp>();
  /** Newest pushed price of each symbol since the last look. */
  const streamed = new Map<string, Price>();
  let differences: Differences = new Map();
  /** Keys under way or told, so that a price that stays beyond a stop costs nothing more. */
  const notified = new Map<string, Promise<void>>();

  stream.onTick((tick: PriceTick) => {
    // Age is measured on our own clock: the exchange's may be ahead of it.
    times.set(tick.symbol, ports.clock.now());
    streamed.set(tick.symbol, tick.mark);
    for (const finding of touchedLevels(index, tick)) tell(finding);
  });

  function tell(finding: Finding): void {
    if (notified.has(finding.key)) return;
    const stored = (ahead?.tell(finding) ?? store(finding)).catch((error: unknown) => {
      // Not stored: the next tick tries again, and what was told already is not told anew.
      notified.delete(finding.key);
      ports.log.error('a touched stop could not be stored', {
        key: finding.key,
        reason: messageOf(error),
      });
    });
    notified.set(finding.key, stored);
  }

  async function store(finding: Finding): Promise<void> {
    const alert = await ports.outbox.raise(finding);
    if (alert !== undefined) send(alert);
  }

  function compare({ positions }: AccountSnapshot): void {
    // In a demo that runs much faster than the wall, a second between two looks is a long way for a price.
    if (ports.clock.speed > FASTEST_COMPARED) return;
    const result = compareFeeds(differences, { positions, streamed, now: ports.clock.now() });
    ({ differences } = result);
    streamed.clear();
    for (const finding of result.findings) tell(finding);
  }

  async function saveTimes(): Promise<void> {
    const seen = new Map(times);
    times.clear();
    await ports.accounts.savePriceTimes(seen);
  }

  async function reload(): Promise<void> {
    await saveTimes();
    const snapshot = await ports.accounts.snapshot();
    if (snapshot === undefined) return;
    await endParts(ports, notified, endedParts(index, snapshot));
    index = prepareLevels(snapshot.positions, snapshot.protections, snapshot.liquidation);
    stream.follow([...new Set(snapshot.positions.map((each) => each.symbol))]);
    if (snapshot.positions.length === 0) notified.clear();
    compare(snapshot);
    await ahead?.look(touchedKeys(index));
  }

  return { reload };
}

/** What was told of a target for a part is brought to its end: the position stays, so no close does. */
async function endParts(
  { outbox }: Pick<Ports, 'outbox'>,
  told: ReadonlyMap<string, Promise<void>>,
  ended: readonly Revision[],
): Promise<void> {
  for (const { key, ...text } of ended) {
    const stored = told.get(key);
    if (stored === undefined) continue;
    await stored;
    await outbox.revise(key, text);
  }
}
