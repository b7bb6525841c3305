import { evaluateStop } from '../../risk/stop/emergency-stop.ts';
import type { Ports } from '../ports/ports.ts';
import { tighten } from '../halt/tighten.ts';

/** Holds entries when the account or the prices of open positions are too old, also when a read hangs instead of failing. */
export async function watchHealth(
  ports: Pick<Ports, 'clock' | 'startedAt' | 'limits' | 'mode' | 'accounts' | 'work'>,
): Promise<void> {
  const mode = await ports.mode.read();
  if (mode === undefined) return;
  const [snapshot, failedReads, priceAt] = await Promise.all([
    ports.accounts.snapshot(),
    ports.accounts.failedReads(),
    ports.accounts.priceTimes(),
  ]);
  const now = ports.clock.now();
  const sinceStart = new Map(
    (snapshot?.positions ?? []).map(({ symbol }) => [
      symbol,
      Math.min(now, Math.max(priceAt.get(symbol) ?? 0, ports.startedAt)),
    ]),
  );
  const { tightenings } = evaluateStop({
    // Without state and account only the health of the data is judged; losses are judged where the account is read.
    state: undefined,
    account: undefined,
    positions: snapshot?.positions,
    // What was read before this process started is old for a good reason: the first 60 s after a start are for reading it anew.
    health: {
      accountReadAt: Math.min(now, Math.max(snapshot?.at ?? 0, ports.startedAt)),
      failedReads,
      priceAt: sinceStart,
    },
    limits: ports.limits(),
    mode,
    now,
  });
  for (const event of tightenings) await tighten(ports, event);
}
