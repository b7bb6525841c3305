/** Reads the account in the process that leads while nobody else does: the store is away, or the worker that does it is silent. */
import { refreshAccount } from '../../app/account/refresh-account.ts';
import type { Log } from '../../app/ports/log.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { messageOf } from '../../app/reading/reading.ts';
import type { Wiring } from '../wiring.ts';

export interface ReadMeanwhile {
  /** Whether this process reads in place of a worker that is silent. */
  standsIn(): boolean;
  stop(): void;
}

/** Real milliseconds between two reads of the account, as on schedule. */
const READ_MS = 5_000;
const LOOK_MS = 1_000;
/** A worker that is well stores a read every few seconds; what one that was killed left locked is taken up within this time. */
const SILENT_MS = 15_000;

/** Last line of what is told meanwhile. */
export const READ_DIRECTLY =
  'Read directly from the exchange: the part of me that reads the account is silent.';

type Given = Pick<Wiring, 'watch' | 'guard'>;

/**
 * `store`: with what is stored, by the same rules and keys, so that nothing is told twice once the worker is back. `standIn`: while there
 * is no store.
 */
export function readMeanwhile(
  { watch, guard }: Given,
  doors: { readonly store: Ports; readonly standIn: Ports },
  { log, silentMs = SILENT_MS }: { readonly log: Log; readonly silentMs?: number },
): ReadMeanwhile {
  const { clock, pause } = doors.store;
  const excused = (): boolean => watch.unsettled() || !guard.leads();
  const silence = silenceOfOthers(doors.store, { excused, silentMs });
  let standsIn = false;
  let stopped = false;

  async function read(ports: Ports): Promise<void> {
    await refreshAccount(ports).catch((error: unknown) =>
      log.warn('the account could not be read here', { reason: messageOf(error) }),
    );
  }

  async function once(): Promise<void> {
    if (!guard.leads()) {
      standsIn = false;
      return;
    }
    if (watch.away() !== undefined) return read(doors.standIn);
    if (!silence.lasts()) {
      standsIn = false;
      return;
    }
    await silence.own((ports) => read(ports));
    const took = silence.lasts();
    if (took && !standsIn) log.warn('the worker is silent; the account is read here', {});
    standsIn = took;
  }

  async function go(): Promise<void> {
    while (!stopped) {
      await once();
      const busy = standsIn || watch.away() !== undefined;
      await pause(busy ? Math.max(500, READ_MS / clock.speed) : LOOK_MS);
    }
  }

  void go();
  return {
    standsIn: () => standsIn,
    stop: () => {
      stopped = true;
      silence.stop();
    },
  };
}

/** How long no other process has stored a read. Time in which this one did not run, or `excused`, is none. */
function silenceOfOthers(
  ports: Ports,
  { excused, silentMs }: { readonly excused: () => boolean; readonly silentMs: number },
) {
  let ms = 0;
  let own = 0;
  let lookedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    ms = excused() ? 0 : ms + Math.min(now - lookedAt, 2 * LOOK_MS);
    lookedAt = now;
  }, LOOK_MS);
  const end = ports.accounts.onCommit(() => {
    if (own > 0) own -= 1;
    else ms = 0;
  });
  return {
    lasts: () => ms > silentMs,
    /** Reads here. What is stored so is nobody else's; where nothing could be stored the others have their whole time again. */
    own: async (read: (ports: Ports) => Promise<void>): Promise<void> => {
      let stored = false;
      own = 0;
      const commit: Ports['accounts']['commit'] = async (change) => {
        own += 1;
        const findings = change.findings.map((each) => ({
          ...each,
          lines: [...each.lines, READ_DIRECTLY],
        }));
        try {
          await ports.accounts.commit({ ...change, findings });
          stored = true;
        } catch (error) {
          own -= 1;
          throw error;
        }
      };
      await read({ ...ports, accounts: { ...ports.accounts, commit } });
      if (!stored) ms = 0;
    },
    stop: () => {
      clearInterval(timer);
      end();
    },
  };
}
