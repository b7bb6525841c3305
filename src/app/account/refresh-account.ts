import { rules } from '../../alerts/explain/with-basis.ts';
import { equityOf } from '../../domain/account.ts';
import { ExchangeFailure } from '../../domain/failure.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { Ports } from '../ports/ports.ts';
import { tighten } from '../halt/tighten.ts';
import { messageOf, reasonOf } from '../reading/reading.ts';
import { watchHealth } from './watch-health.ts';
import {
  readMemory,
  unlessUnreadable,
  whatIsLost,
  bootedWithout,
  riskStateLost,
} from './cycle/memory.ts';
import { repairEntryMemory } from './cycle/repair-memory.ts';
import { readCycle } from './cycle/read-cycle.ts';
import { type CycleDecision, decideCycle } from './cycle/decide-cycle.ts';

/**
 * One account cycle: read, decide (what changed, what it means for the limits, whether to tighten), store all of it together
 * with its alerts. A read that fails is counted and told; it never becomes a number.
 */
export async function refreshAccount(ports: Ports): Promise<void> {
  await repairEntryMemory(ports);
  // Before the memory: what a resume forgives while the account is read is then no news, and does not halt again.
  const mode = await ports.mode.read().catch(unlessUnreadable);
  const memory = await readMemory(ports);
  const reading = await readCycle(ports, memory).catch((error: unknown) => ({ error }));
  if ('error' in reading) return readFailed(ports, reading.error);
  const lost = whatIsLost(memory, mode);
  if (lost !== undefined) await tighten(ports, riskStateLost(lost, reading.snapshot.at));
  const decision = decideCycle({
    limits: ports.limits(),
    clock: { speed: ports.clock.speed, offsetMs: ports.clock.offsetMs?.() ?? 0 },
    memory,
    mode,
    reading,
    lost: lost ?? bootedWithout(memory, mode),
  });
  for (const event of decision.tightenings) await tighten(ports, event);
  await ports.accounts.commit({
    ...(memory.state === undefined ? {} : { basedOn: memory.state }),
    snapshot: decision.snapshot,
    riskState: decision.state,
    ...equityPointOf(decision),
    findings: decision.findings,
  });
}

const equityPointOf = ({ snapshot, state }: CycleDecision) =>
  snapshot.ledger?.doubted === undefined
    ? {
        equity: {
          at: snapshot.at,
          equity: toNumber(equityOf(snapshot.account)),
          peak: toNumber(state.peakEquity),
        },
      }
    : {};

const isRefusal = (error: unknown): boolean =>
  error instanceof ExchangeFailure && (error.kind === 'auth' || error.kind === 'account');

const isUnusable = (error: unknown): boolean =>
  error instanceof ExchangeFailure && error.kind === 'shape';

/** A failed read: counted, and from the limit on told and followed by holding entries. */
async function readFailed(ports: Ports, error: unknown): Promise<void> {
  const failed = await ports.accounts.recordFailedRead();
  const reason = reasonOf(error);
  const refused = isRefusal(error);
  ports.log.warn('the account could not be read', { failed, reason: messageOf(error) });
  if (failed < ports.limits().maxFailedReads) return;
  const snapshot = await ports.accounts.snapshot().catch(unlessUnreadable);
  const now = ports.clock.now();
  const known =
    snapshot === undefined
      ? { startedAt: ports.startedAt }
      : { lastAt: snapshot.at, openPositions: snapshot.positions.length };
  const lost = { feed: 'account', reason, refused, unusable: isUnusable(error), ...known };
  await ports.outbox.raise(rules.connectionLost(lost, now));
  await watchHealth(ports);
}
