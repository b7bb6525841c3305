/** `npm run owner`: who owns this Vigil, and un-pairing, by whoever has the machine. */
import { createStore } from '../../store/store.ts';
import { TEXT } from '../option-kinds.ts';
import { createCommand } from '../options.ts';
import { withStore, type ConsoleCommand } from './with-store.ts';

const OWNER = createCommand({
  run: 'npm run owner',
  options: {
    action: {
      takes: 'reset',
      meaning: 'un-pairs the owner, who is told; without it the owner is shown',
      kind: TEXT,
      bare: true,
    },
  },
  notes: 'A running Vigil obeys at once and prints a new pairing code on its console.',
});

export async function runOwner(args: readonly string[], about: ConsoleCommand): Promise<void> {
  if (args.includes('--help')) return about.say(OWNER.usage);
  const { action } = OWNER.read(args);
  if (action.length > 1 || (action.length === 1 && action[0] !== 'reset')) {
    throw OWNER.wrong(`"${action.join(' ')}" is nothing that can be done with the owner.`);
  }
  await withStore(about, async (redis, { account }) => {
    const store = createStore(redis, account);
    try {
      const { owners } = store;
      if (action.length === 0) return about.say(shown(await owners.owner()));
      const former = await owners.reset();
      const runs = (await redis.exists(store.keys.lease('bot'))) === 1;
      about.say(
        former === undefined ? 'Nobody was paired.' : `Telegram user ${former} is un-paired.`,
      );
      about.say(
        runs
          ? 'The running Vigil prints a new pairing code on its console.'
          : 'Vigil prints a pairing code when it starts.',
      );
    } finally {
      store.close();
    }
  });
}

const shown = (owner: number | 'reset' | undefined): string =>
  typeof owner === 'number' ? `The owner is Telegram user ${owner}.` : 'Nobody is paired.';
