/** Takes the pulses of everything that must run, by a steady clock, without needing any of it. */
import { again } from './again.ts';
import type { VigilBot } from '../../bot/bot.ts';
import type { PulseName } from '../../domain/alert.ts';
import type { Wiring } from '../wiring.ts';

/** When each part last gave a pulse, on the steady clock of `performance.now`. */
export interface Pulses {
  seen(): ReadonlyMap<PulseName, number>;
  /** For what this process sees by itself. */
  beat(name: PulseName): void;
  stop(): void;
}

/** Between two notes that somebody keeps watch. */
const WATCH_MS = 2_000;
const LOOK_MS = 5_000;

export function takePulses(wiring: Wiring, bot: Pick<VigilBot, 'heardAt'> | undefined): Pulses {
  const { store, queues, bitunix, watch } = wiring;
  const seen = new Map<PulseName, number>();
  const beat = (name: PulseName): void => void seen.set(name, performance.now());

  const heard = (['worker', 'risk', 'scan', 'prices', 'schedules', 'reports'] as const).map(
    (name) => store.pulses.on(name, () => beat(name)),
  );

  const stops = [
    ...heard,
    store.accounts.onCommit(() => beat('account')),
    watch.onWritten(() => beat('redis')),
    again(WATCH_MS, () => store.pulses.noteWatch({ at: Date.now(), planned: false })),
    again(LOOK_MS, () => bitunix.market.tickers().then(() => beat('exchange'))),
    again(
      LOOK_MS,
      whenMoved(
        () => queues.firstWaiting('orders'),
        () => beat('orders'),
      ),
    ),
    again(
      LOOK_MS,
      whenMoved(
        async () => (await store.outbox.pending(1))[0]?.number,
        () => beat('outbox'),
      ),
    ),
  ];
  return {
    beat,
    seen: () => {
      const heardAt = bot?.heardAt();
      if (heardAt !== undefined) seen.set('commands', heardAt);
      return seen;
    },
    stop: () => stops.forEach((each) => each()),
  };
}

/** Beats unless the same one is first in the line as at the look before. */
function whenMoved<T>(first: () => Promise<T | undefined>, beat: () => void): () => Promise<void> {
  let before: T | undefined;
  return async () => {
    const now = await first();
    if (now === undefined || now !== before) beat();
    before = now;
  };
}
