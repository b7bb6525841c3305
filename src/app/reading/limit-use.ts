import { limitUse, type LimitUse } from '../../risk/portfolio/portfolio.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { readMarketRisk } from './read-market-risk.ts';

/** What these need of the world. */
type Doors = Pick<Ports, 'clock' | 'limits' | 'market' | 'accounts'>;

/** Use of each limit by the last stored account read; empty when something it needs is unknown. */
export async function readLimitUse(ports: Doors): Promise<readonly LimitUse[]> {
  const snapshot = await ports.accounts.snapshot().catch(() => undefined);
  return snapshot === undefined ? [] : limitUseOf(ports, snapshot);
}

/** The same by this read. */
export async function limitUseOf(
  ports: Doors,
  snapshot: AccountSnapshot,
): Promise<readonly LimitUse[]> {
  const state = await ports.accounts.riskState().catch(() => undefined);
  if (state === undefined) return [];
  const market = await readMarketRisk(ports, snapshot);
  return limitUse({ ...snapshot, state, market, limits: ports.limits() });
}
