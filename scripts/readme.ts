/** Writes the generated parts of README.md and all of .env.example from the lists in the code; `--check` only compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../src/bot/commands/list.ts';
import { SETTINGS } from '../src/config.ts';
import { JOBS } from '../src/jobs/list.ts';
import { DEFAULT_LIMITS, describeLimits } from '../src/risk/limits.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

interface Row {
  readonly name: string;
  readonly meaning: string;
  readonly fallback?: string;
}

const settings: readonly Row[] = SETTINGS;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const PARTS: Readonly<Record<string, () => string>> = {
  commands: () =>
    table(
      ['command', 'what it does'],
      COMMANDS.map((each) => [`/${each.name}`, each.description]),
    ),
  settings: () =>
    table(
      ['variable', 'meaning', 'default'],
      settings.map((each) => [
        `\`${each.name}\``,
        each.meaning,
        each.fallback === undefined ? '' : `\`${each.fallback}\``,
      ]),
    ),
  limits: () =>
    table(
      ['limit', 'default', 'meaning'],
      describeLimits(DEFAULT_LIMITS).map((each) => [each.label, each.value, each.meaning]),
    ),
  jobs: () =>
    table(
      ['job', 'queue', 'what it does'],
      JOBS.map((each) => [each.name, each.queue, each.meaning]),
    ),
};

/** README.md with every generated part made anew. Throws an Error when a part's markers are missing. */
export function renderReadme(text: string): string {
  let next = text;
  for (const [name, make] of Object.entries(PARTS)) {
    const begin = `<!-- generated: ${name} -->`;
    const end = `<!-- end: ${name} -->`;
    const from = next.indexOf(begin);
    const to = next.indexOf(end);
    if (from < 0 || to < from) throw new Error(`README.md lacks "${begin}" or "${end}"`);
    next = `${next.slice(0, from + begin.length)}\n\n${make()}\n\n${next.slice(to)}`;
  }
  return next;
}

/** All of .env.example. */
export const renderEnvExample = (): string =>
  `# Copy to .env and fill in what you need. Everything is optional in the demo.\n\n${settings
    .map(
      (each) =>
        `# ${each.meaning}\n${each.fallback === undefined ? '# ' : ''}${each.name}=${each.fallback ?? ''}`,
    )
    .join('\n\n')}\n`;

async function main(): Promise<number> {
  const check = process.argv.includes('--check');
  const files = [
    { name: 'README.md', make: renderReadme },
    { name: '.env.example', make: renderEnvExample },
  ];
  let stale = 0;
  for (const { name, make } of files) {
    const before = await readFile(fileOf(name), 'utf8').catch(() => '');
    const after = make(before);
    if (before === after) continue;
    stale += 1;
    if (check) console.log(`${name} is out of date: run \`npm run readme\`.`);
    else await writeFile(fileOf(name), after);
  }
  return check ? stale : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
