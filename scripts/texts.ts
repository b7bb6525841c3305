/** `npm run texts`: every text that Vigil says of its own accord, as it stands on the phone. To be read aloud after any change. */
import { createCommand, runCommand } from '../src/process/options.ts';
import { alertParts } from '../src/bot/views/alert.ts';
import { TEXT_LIMIT } from '../src/bot/views/fit.ts';
import { NOW } from '../test/alerts/fixtures.ts';
import { examplesOf } from './texts/examples.ts';
import { USUAL } from './texts/words.ts';

const COMMAND = createCommand({ run: 'npm run texts', options: {} });

process.exitCode = await runCommand(COMMAND, async () => {
  for (const [rule, examples] of Object.entries(examplesOf(USUAL))) {
    console.log(`── ${rule}`);
    for (const each of examples) {
      const alert = {
        key: '',
        kind: 'notice',
        severity: 'info',
        at: NOW,
        number: 128,
        ...each,
      } as const;
      const note = { venue: 'live account', repeat: false };
      const text = alertParts(alert, note, TEXT_LIMIT)
        .map((part) => part.text)
        .join('\n');
      const buttons = (each.buttons ?? []).map((row) =>
        row.map(({ label }) => `[${label}]`).join(' '),
      );
      console.log([...text.split('\n').slice(0, -1), ...buttons, ''].join('\n'));
    }
  }
  return 0;
});
