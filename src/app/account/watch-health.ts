import { evaluateStop } from '../../risk/stop/emergency-stop.ts';
import type { Ports } from '../ports/ports.ts';
import { tighten } from '../halt/tighten.ts';

/** Holds entries when the account or the prices of open positions are too old, also when a read hangs instead of failing. */
export async function watchHealth(
  ports: Pick<Ports, 'clock' | 'readingsSince' | 'limits' | 'mode' | 'accounts' | 'work'>,
): Promise<void> {
  const mode = await ports.mode.read();
  if (mode === undefined) return;
  const [snapshot, failedReads, priceAt] = await Promise.all([
    ports.accounts.snapshot(),
    ports.accounts.failedReads(),
    ports.accounts.priceTimes(),
  ]);
  const now = ports.clock.now();
  const since = ports.readingsSince();
  const priced = new Map(
    (snapshot?.positions ?? []).map(({ symbol }) => [
      symbol,
      Math.min(now, Math.max(priceAt.get(symbol) ?? 0, since)),
    ]),
  );
  const { tightenings } = evaluateStop({
    // Without state and account only the health of the data is judged; losses are judged where the account is read.
    state: undefined,
    account: undefined,
    positions: snapshot?.positions,
    // What was kept before this process started, or before the store was back, is old for that reason: it has its usual time to be read anew.
    health: {
      accountReadAt: Math.min(now, Math.max(snapshot?.at ?? 0, since)),
      failedReads,
      priceAt: priced,
    },
    limits: ports.limits(),
    mode,
    now,
  });
  for (const event of tightenings) await tighten(ports, event);
}
