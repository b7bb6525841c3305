import { formatDuration } from '../../domain/time.ts';
import { AWAY } from '../ports/permission.ts';
import type { Ports } from '../ports/ports.ts';

/** Wall time within which the account must have been read and its limits judged, before anything is loosened. */
const CYCLE_MS = 15_000;

/**
 * Why nothing may be loosened now, as a plain sentence: the limits are only guarded while the account is read again and again, and a
 * halt that is not stored yet must not be lifted by what the store says.
 */
export async function whyNotLoosen(
  ports: Pick<Ports, 'accounts' | 'clock' | 'halts' | 'storeAway'>,
): Promise<string | undefined> {
  if (ports.storeAway?.() !== undefined) return `${AWAY} I tell you when it is back.`;
  if ((ports.halts?.unstored() ?? []).length > 0) return UNSTORED;
  const snapshot = await ports.accounts.snapshot().catch(() => undefined);
  if (snapshot === undefined) return `The account has not been read yet. ${WAIT}`;
  // A reading that seems to come from the future tells as little as an old one; a clock that is halted by a test still leaps.
  const age = Math.abs(ports.clock.now() - snapshot.at) / Math.max(1, ports.clock.speed);
  if (age <= CYCLE_MS) return undefined;
  return `The account was last read ${formatDuration(age)} ago, so nobody guards your limits now. ${WAIT}`;
}

const WAIT =
  'It must have been read within the last 15 s. Try again in a few seconds; if that does not help, /status shows what is wrong.';
const UNSTORED =
  "Your halt is not stored yet. I'll keep trying and tell you when it is; until then nothing is loosened.";
