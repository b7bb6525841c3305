/**
 * Goes on without the store: reads the account from the exchange and tells what changed, closes what the owner confirmed, and writes
 * down afterwards what was told and decided meanwhile.
 */
import { flatten } from '../../app/halt/flatten.ts';
import { telling } from '../../app/halt/tighten.ts';
import type { Log } from '../../app/ports/log.ts';
import type { Ports } from '../../app/ports/ports.ts';
import type { FlattenRequest } from '../../app/ports/work.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { countText } from '../../domain/words/words.ts';
import type { Wiring } from '../wiring.ts';
import type { ClosingShelf } from './closing-shelf.ts';
import { createDirectOutbox, type DirectSender } from './direct-outbox.ts';
import { readMeanwhile } from './read-meanwhile.ts';
import { rememberStore } from './remembered.ts';
import { createStandIn } from './stand-in.ts';
import { withStandIn } from './with-stand-in.ts';

export interface Brakes {
  /** The ports of this process: the store's, and while that is away the exchange's and memory's. */
  readonly ports: Ports;
  /** The same over ports of which some differ. */
  over(ports: Ports): Ports;
  /** From now on alerts can go out past the store. */
  speakWith(sender: DirectSender): void;
  /** What was written down when the store came back, in a sentence; '' where there was nothing. */
  merged(): string;
  /** Whether this process reads the account because the worker is silent. */
  standsIn(): boolean;
  stop(): void;
}

/** Between two runs of a closing that is not done. */
const AGAIN_MS = 2_000;

type Given = Pick<Wiring, 'ports' | 'store' | 'watch' | 'guard' | 'bitunix'>;

/** For the process that hears the owner and leads. `shelf`: for closings that are under way. */
export function keepBrakes(
  wiring: Given,
  { shelf, log }: { readonly shelf: ClosingShelf; readonly log: Log },
): Brakes {
  const { store, watch, bitunix, ports } = wiring;
  const remembered = rememberStore(store, ports.clock.now);
  let sender: DirectSender | undefined;
  let stopped = false;
  const direct = createDirectOutbox(() => sender, { log, pause: ports.pause });
  const closing = closeInLine(() => ({ ...standIn.ports, ...ownersWord() }), {
    shelf,
    log,
    stopped: () => stopped,
  });
  const standIn = createStandIn({
    ports,
    remembered,
    outbox: direct,
    trading: bitunix.trading,
    flatten: async (request) => {
      // What the emergency stop asks for it asks for again by itself.
      const kept = typeof request.by === 'number' ? shelf.put(request) : undefined;
      void closing(request).then(merge);
      await kept;
    },
  });
  let told = 0;
  let tightened = 0;

  /** What was closed ends after the store is back, or before; written down is both. */
  async function merge(): Promise<void> {
    if (watch.away() !== undefined) return;
    try {
      for (const event of standIn.takeTightenings()) {
        await store.mode.apply(event, { tell: telling });
        tightened += 1;
      }
      told += await direct.mergeInto(store.outbox);
      await wiring.ports.work.refreshAccount();
    } catch (error) {
      log.warn('what was done without the store is not written down yet', {
        reason: messageOf(error),
      });
    }
  }

  const over = (doors: Ports): Ports =>
    withStandIn(doors, standIn.ports, () => watch.away() !== undefined);
  /** Once the store is back its word counts: a /resume ends a closing that has gone on until then. */
  const ownersWord = (): Pick<Ports, 'mode' | 'policies'> => {
    const { mode, policies } = over(ports);
    return { mode: { ...standIn.ports.mode, read: mode.read }, policies };
  };
  watch.onAway(() => void ([told, tightened] = [0, 0]));
  watch.onBack(merge);
  const reader = readMeanwhile(wiring, { store: over(ports), standIn: standIn.ports }, { log });
  return {
    ports: over(ports),
    over,
    speakWith: (way) => (sender = way),
    merged: () => mergedText(told, tightened),
    standsIn: reader.standsIn,
    stop: () => {
      stopped = true;
      reader.stop();
    },
  };
}

function mergedText(told: number, tightened: number): string {
  const parts = [
    ...(told === 0 ? [] : [countText(told, 'message')]),
    ...(tightened === 0
      ? []
      : [countText(tightened, 'reason to pause trading', 'reasons to pause trading')]),
  ];
  return parts.length === 0 ? '' : `Written down now: ${parts.join(' and ')} from meanwhile.`;
}

/** One closing after the other, each again until the exchange says that nothing is left. */
function closeInLine(
  ports: () => Ports,
  about: { readonly shelf: ClosingShelf; readonly log: Log; readonly stopped: () => boolean },
): (request: FlattenRequest) => Promise<void> {
  let line = Promise.resolve();
  const close = async (request: FlattenRequest): Promise<void> => {
    const doors = ports();
    const account = doors.urgentAccount ?? doors.account;
    while (!about.stopped()) {
      const end = await flatten({ ...doors, account }, request).catch((error: unknown) => {
        about.log.error('closing without the store failed', { reason: messageOf(error) });
        return 'left' as const;
      });
      if (end === 'done') return about.shelf.clear(request);
      await doors.pause(AGAIN_MS);
    }
  };
  return (request) => (line = line.then(() => close(request)));
}
