/** `npm run backup` and `npm run restore`. */
import { withStore, type ConsoleCommand } from '../console/with-store.ts';
import { TEXT } from '../option-kinds.ts';
import { createCommand } from '../options.ts';
import { backUp, restore } from './backup.ts';

const BACKUP = createCommand({
  run: 'npm run backup',
  options: {
    to: {
      takes: 'FILE',
      meaning: 'where it goes',
      kind: TEXT,
      otherwise: 'the folder "backups" in VIGIL_DATA_DIR',
    },
  },
  notes:
    "It holds what the account's figures, halts, limits and alerts are made of, and no key of the exchange. Vigil may run.",
});
const RESTORE = createCommand({
  run: 'npm run restore',
  options: {
    from: { takes: 'FILE', meaning: 'the backup', kind: TEXT, needed: true },
  },
  notes:
    'Stop Vigil first. What is stored now is saved beside the other backups. Vigil then starts halted and compares everything with the exchange.',
});

export async function runBackup(args: readonly string[], about: ConsoleCommand): Promise<void> {
  if (args.includes('--help')) return about.say(BACKUP.usage);
  const { to } = BACKUP.read(args);
  await withStore(about, async (redis, place) => {
    const name = to === undefined ? {} : { file: to };
    about.say(`Saved to ${await backUp(redis, place, { why: 'by-hand', ...name })}`);
  });
}

export async function runRestore(args: readonly string[], about: ConsoleCommand): Promise<void> {
  if (args.includes('--help')) return about.say(RESTORE.usage);
  const { from } = RESTORE.read(args);
  await withStore(about, async (redis, place) => {
    const copy = await restore(redis, place, from);
    about.say(`Restored. What was there before is in ${copy}`);
    about.say(
      'Vigil starts halted and compares everything with the exchange: start it with npm start.',
    );
  });
}
