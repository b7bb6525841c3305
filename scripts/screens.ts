/**
 * `npm run screens [-- --to DIR]`: every view and picture of Vigil on a phone of 390 x 844, light and dark, as PNG files, and the height
 * of each beside the most that it may be. To be looked at after any change.
 */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { oneOf, TEXT } from '../src/process/option-kinds.ts';
import { createCommand, runCommand } from '../src/process/options.ts';
import { walkDemo } from './screens/demo.ts';
import { takeAlerts } from './screens/gallery.ts';
import { launchBrowser, type Seen } from './screens/screen.ts';
import { countText } from '../src/domain/words/words.ts';

const PARTS = { demo: walkDemo, alerts: takeAlerts } as const;
const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];

const COMMAND = createCommand({
  run: 'npm run screens',
  options: {
    to: { takes: 'DIR', meaning: 'folder for the pictures', kind: TEXT, otherwise: 'a new one' },
    parts: { takes: 'PART', meaning: 'these alone', kind: oneOf(NAMES), bare: true },
  },
});

const isOver = ({ height, budget = Infinity }: Seen): boolean => height > budget;

function lineOf(seen: Seen): string {
  const { name, height, budget } = seen;
  const most = budget === undefined ? '' : `of ${budget}${isOver(seen) ? '  TOO HIGH' : ''}`;
  return `${name.padEnd(36)} ${String(height).padStart(5)} px ${most}`.trimEnd();
}

process.exitCode = await runCommand(COMMAND, async ({ to, parts }) => {
  const folder = to === undefined ? await mkdtemp(join(tmpdir(), 'vigil-screens-')) : resolve(to);
  await mkdir(folder, { recursive: true });
  const browser = await launchBrowser();
  try {
    const seen: Seen[] = [];
    for (const part of parts.length === 0 ? NAMES : parts) {
      const taken = await PARTS[part](browser, folder);
      console.log(taken.map(lineOf).join('\n'));
      seen.push(...taken);
    }
    const over = seen.filter(isOver);
    console.log(
      `${countText(seen.length, 'view')} in ${folder}; ${over.length} higher than they may be.`,
    );
    return over.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
});
