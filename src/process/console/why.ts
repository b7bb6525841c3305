/** `npm run why -- 128`: why an alert was told, and whether the same rule decides the same again from the figures that it keeps. */
import { whyAlert } from '../../app/telling/why-alert.ts';
import { createStore } from '../../store/store.ts';
import { TEXT } from '../option-kinds.ts';
import { createCommand } from '../options.ts';
import { withStore, type ConsoleCommand } from './with-store.ts';

const WHY = createCommand({
  run: 'npm run why',
  options: {
    numbers: { takes: 'NUMBER', meaning: 'the alerts, by their numbers', kind: TEXT, bare: true },
  },
  notes: 'Ends with 1 where deciding again gives something else.',
});

/** Returns the exit code. */
export async function runWhy(args: readonly string[], about: ConsoleCommand): Promise<number> {
  if (args.includes('--help')) {
    about.say(WHY.usage);
    return 0;
  }
  const numbers = WHY.read(args).numbers.map((each) => Number(each.replace(/^#/, '')));
  if (numbers.length === 0 || !numbers.every((each) => Number.isSafeInteger(each) && each > 0)) {
    throw WHY.wrong('Name an alert by its number, as in `npm run why -- 128`.');
  }
  let differs = 0;
  await withStore(about, async (redis, { account }) => {
    const store = createStore(redis, account);
    try {
      for (const number of numbers) {
        const alert = await store.telling.find(number);
        if (alert === undefined) {
          about.say(`#${number}: there is no such alert.`);
          differs += 1;
          continue;
        }
        const { lines, verdict } = whyAlert(alert);
        if (verdict === 'differs') differs += 1;
        about.say([`#${number} ${alert.title}`, ...lines].join('\n'));
      }
    } finally {
      store.close();
    }
  });
  return differs === 0 ? 0 : 1;
}
