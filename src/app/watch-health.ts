import { evaluateStop } from '../risk/emergency-stop.ts';
import type { Ports } from './ports.ts';
import { tighten } from './tighten.ts';

/** Holds entries when the account or the prices of open positions are too old, also when a read hangs instead of failing. */
export async function watchHealth(ports: Ports): Promise<void> {
  const mode = await ports.mode.read();
  if (mode === undefined) return;
  const [snapshot, failedReads, priceAt] = await Promise.all([
    ports.accounts.snapshot(),
    ports.accounts.failedReads(),
    ports.accounts.priceTimes(),
  ]);
  const now = ports.clock.now();
  const { tightenings } = evaluateStop({
    // Without state and account only the health of the data is judged; losses are judged where the account is read.
    state: undefined,
    account: undefined,
    positions: snapshot?.positions,
    health: { accountReadAt: snapshot?.at, failedReads, priceAt },
    limits: ports.limits,
    mode,
    now,
  });
  for (const event of tightenings) await tighten(ports, event);
}
