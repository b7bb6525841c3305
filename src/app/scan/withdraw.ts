import { rules } from '../../alerts/explain/with-basis.ts';
import { liveResults } from '../../backtest/study/evidence.ts';
import { recordOf } from '../../backtest/study/measured.ts';
import { whyWithdrawn } from '../../backtest/study/withdrawal.ts';
import { isPushed } from '../../domain/signal.ts';
import type { Ports } from '../ports/ports.ts';
import { messageOf } from '../reading/reading.ts';
import { placesOf } from './places.ts';

/**
 * Puts every pushed strategy on watch whose live record speaks against it, and tells the owner why. The record counts from when the
 * owner last put it there, so that turning it on again is theirs. Never rejects: it is tried again after the next scan.
 */
export async function withdrawByRecord(
  ports: Pick<Ports, 'places' | 'ledger' | 'outbox' | 'clock' | 'venueMode' | 'log'>,
): Promise<void> {
  const { places, ledger, outbox, clock, venueMode, log } = ports;
  if (ledger === undefined) return;
  try {
    const stored = await places.read();
    const pushed = [...placesOf(stored, venueMode)].filter(([, place]) => isPushed(place));
    if (pushed.length === 0) return;
    const finished = (await ledger.finished()).toSorted(
      (one, other) => one.endedAt - other.endedAt,
    );
    for (const [name, place] of pushed) {
      const since = stored.get(name)?.at ?? 0;
      const own = finished.filter(
        ({ closedAt, clean }) => closedAt >= since && isPushed(place, clean === true),
      );
      const deepest = recordOf(name).measurements.map(({ fallR }) => fallR);
      const recorded = deepest.length === 0 ? undefined : Math.max(...deepest);
      const why = whyWithdrawn(liveResults(own, name), recorded);
      if (why === undefined) continue;
      const at = clock.now();
      await outbox.raise(rules.strategyWithdrawn({ name, why, since }, at));
      await places.save(name, { place: 'watch', by: 'record', at });
    }
  } catch (error) {
    log.warn('the record of the strategies was not judged', { reason: messageOf(error) });
  }
}
