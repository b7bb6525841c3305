import { levelOf, lookAtOwn } from '../../alerts/watch/own-alert-watch.ts';
import type { Alert } from '../../domain/alert.ts';
import type { OwnAlert } from '../../alerts/own-alert.ts';
import type { OwnSight } from '../../alerts/rules/own-alert.ts';
import type { Ports } from '../ports/ports.ts';
import type { PriceStream } from '../ports/price-stream.ts';
import { messageOf } from '../reading/reading.ts';

type Doors = Pick<Ports, 'outbox' | 'ownAlerts'>;

/**
 * One look at each; what is reached is raised first and noted afterwards: a crash in between raises the same key again, which is told once.
 * Returns what was raised.
 */
export async function lookAtEach(
  { outbox, ownAlerts }: Doors,
  own: readonly OwnAlert[],
  seenOf: (own: OwnAlert) => OwnSight | undefined,
): Promise<readonly Alert[]> {
  const raised: Alert[] = [];
  for (const each of own) {
    const seen = seenOf(each);
    const step = seen === undefined ? undefined : lookAtOwn(each, seen);
    if (step === undefined) continue;
    if (step.finding !== undefined) {
      const alert = await outbox.raise(step.finding);
      if (alert !== undefined) raised.push(alert);
    }
    await ownAlerts.change((all) => {
      const now = all.find(({ id }) => id === each.id);
      // Another look was faster, or the owner has deleted it.
      if (now?.madeAt !== each.madeAt || now.told !== each.told) return undefined;
      const others = all.filter(({ id }) => id !== each.id);
      return step.after === undefined
        ? others
        : [...others, { ...step.after, id: each.id }].toSorted((a, b) => a.id - b.id);
    });
  }
  return raised;
}

/** The fast path: each pushed price is compared with the levels that the owner has named. The poll stands behind it. */
export function watchOwnPrices(
  ports: Doors & Pick<Ports, 'log' | 'clock'>,
  stream: PriceStream,
  send: (alert: Alert) => void,
): { reload(): Promise<void> } {
  let bySymbol = new Map<string, readonly OwnAlert[]>();
  /** A look that is under way; a level that stays reached is looked at once. */
  const under = new Set<string>();

  async function reload(): Promise<void> {
    const own = (await ports.ownAlerts.list()).filter(
      ({ condition }) => levelOf(condition) !== undefined,
    );
    const symbols = new Set(own.map(({ symbol }) => symbol));
    bySymbol = new Map(
      [...symbols].map((symbol) => [symbol, own.filter((each) => each.symbol === symbol)]),
    );
    stream.follow([...bySymbol.keys()]);
  }

  stream.onTick(({ symbol, mark }) => {
    const own = bySymbol.get(symbol);
    if (own === undefined || under.has(symbol)) return;
    const seen = { mark, at: ports.clock.now() };
    if (own.every((each) => lookAtOwn(each, seen) === undefined)) return;
    under.add(symbol);
    lookAtEach(ports, own, () => seen)
      .then((raised) => {
        for (const each of raised) send(each);
        return reload();
      })
      .catch((error: unknown) =>
        ports.log.warn('an own alert could not be told yet', { reason: messageOf(error) }),
      )
      .finally(() => under.delete(symbol));
  });
  return { reload };
}
