import { rules } from '../../alerts/explain/with-basis.ts';
import { markOf } from '../../domain/position.ts';
import type { Ports } from '../ports/ports.ts';

/** Tells of funding that costs much of a position's risk, before it is paid. */
export async function watchFunding({
  accounts,
  market,
  outbox,
  clock,
}: Pick<Ports, 'accounts' | 'market' | 'outbox' | 'clock'>): Promise<void> {
  const snapshot = await accounts.snapshot();
  if (snapshot === undefined || snapshot.positions.length === 0) return;
  const rates = new Map((await market.fundingRates()).map((each) => [each.symbol, each]));
  const now = clock.now();
  for (const position of snapshot.positions) {
    const [funding, mark] = [rates.get(position.symbol), markOf(position)];
    if (funding === undefined || mark === undefined) continue;
    const found = rules.fundingAhead(position, snapshot.protections, { funding, mark, now });
    if (found !== undefined) await outbox.raise(found);
  }
}
