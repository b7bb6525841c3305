import { unseenFrozen, unseenMargin } from '../../domain/money/locked-money.ts';
import type { ModeReason } from '../../domain/trading-mode.ts';
import type { Held } from '../ports/permission.ts';
import type { Ports } from '../ports/ports.ts';
import type { FlattenRequest } from '../ports/work.ts';

/**
 * The owner's /halt: no new entries from this moment on. Always possible, never asks first, and holds whatever the store does. How
 * far to go beyond that (orders, positions) is asked afterwards and done by `flatten`.
 */
export async function halt(
  ports: Pick<Ports, 'clock' | 'mode' | 'halts'>,
  by: number,
  because: Omit<ModeReason, 'at'> = { trigger: 'owner', evidence: `Halted by you (user ${by}).` },
): Promise<Held> {
  const reason = { ...because, at: ports.clock.now() };
  if (ports.halts !== undefined) return ports.halts.hold(reason);
  const { state } = await ports.mode.apply({ kind: 'tighten', to: 'halted', reason });
  return { kind: 'stored', state };
}

/** What flattening would touch, read now, to be shown before it is confirmed. Rejects with ExchangeFailure. */
export async function previewFlatten(ports: Pick<Ports, 'account'>): Promise<{
  readonly entryOrders: number;
  readonly positions: readonly string[];
  /** Nothing is listed, and no money is locked that something unlisted could lock. */
  readonly nothing: boolean;
}> {
  const [orders, positions, account] = await Promise.all([
    ports.account.openOrders(),
    ports.account.positions(),
    ports.account.account().catch(() => undefined),
  ]);
  const entryOrders = orders.filter((order) => !order.reduceOnly).length;
  return {
    entryOrders,
    positions: positions.map((each) => `${each.symbol} ${each.side}`),
    nothing:
      entryOrders + positions.length === 0 &&
      account !== undefined &&
      unseenMargin(account, positions) + unseenFrozen(account, orders) === 0n,
  };
}

/** Asks for the flattening that the owner confirmed. It runs as a job and reports by alert, with evidence. */
export async function requestFlatten(
  ports: Pick<Ports, 'clock' | 'mode' | 'halts' | 'work'>,
  request: Pick<FlattenRequest, 'closePositions' | 'id' | 'only'> & { readonly by: number },
): Promise<void> {
  const job: FlattenRequest = { ...request, at: ports.clock.now() };
  // First, because the job halts too: what is confirmed is not lost by a crash between the two.
  const asked = ports.work.flatten(job);
  // Side by side: nothing new is opened while everything is closed, even if no worker is there yet and the store hangs.
  const held = request.closePositions ? halt(ports, request.by) : undefined;
  await Promise.allSettled([asked, held]);
  await asked;
  await held;
}
