/** Writes the generated parts of the READMEs and all of .env.example from the lists in the code; `--check` only compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { RECORDS } from '../src/backtest/study/measured.ts';
import type { Measurement, StrategyRecord } from '../src/backtest/study/measurement.ts';
import { breakEvenOf } from '../src/backtest/study/evidence.ts';
import { sideText } from '../src/backtest/study/side-record.ts';
import { COMMANDS } from '../src/bot/commands/list.ts';
import { SETTINGS } from '../src/config.ts';
import { JOBS } from '../src/jobs/list.ts';
import { createCommand, runCommand, type ValuesOf } from '../src/process/options.ts';
import { strategyNamed } from '../src/signals/strategies/list.ts';
import { DEFAULT_LIMITS, describeLimits } from '../src/risk/terms/limits.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

interface Row {
  readonly name: string;
  readonly meaning: string;
  readonly fallback?: string;
}

const settings: readonly Row[] = SETTINGS;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const inR = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(3)} R`;
const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
const count = (n: number): string => n.toLocaleString('en-US');

/** One row a figure, one column a set of candles. */
const measuredOf = ({ strategy, measurements }: StrategyRecord): string => {
  const row = (name: string, text: (each: Measurement) => string): readonly string[] => [
    name,
    ...measurements.map(text),
  ];
  const sides = [
    ...new Set(
      measurements.flatMap((each) => each.sides.map(({ side, clean }) => keyOf(side, clean))),
    ),
  ];
  return table(
    [
      `${strategy}, candles of ${(strategyNamed(strategy)?.interval ?? '1h').replace(/(\d+)/, '$1 ')}`,
      ...measurements.map(({ data }) => data),
    ],
    [
      row(
        'symbols, days, signals',
        ({ symbols, from, to, n }) => `${symbols}, ${from} to ${to}, ${count(n)}`,
      ),
      ...sides.map((key) =>
        row(key, (each) => {
          const found = each.sides.find(({ side, clean }) => keyOf(side, clean) === key);
          return found === undefined ? '' : sideText(found, breakEvenOf(strategy));
        }),
      ),
      row('by year', ({ years }) =>
        years.map(({ year, n, meanR }) => `${year}: ${inR(meanR)}, n ${count(n)}`).join('; '),
      ),
      row('random entries, same exits', ({ randomR }) => inR(randomR)),
      ...(measurements.some(({ accounts }) => accounts.length > 0)
        ? [row('account of 10,000 USDT, until the drawdown limit ends it', accountText)]
        : []),
    ],
  );
};

const accountText = ({ accounts }: Measurement): string =>
  accounts
    .map(
      ({ trades, totalReturn, drawdown }) =>
        `${count(trades)} trades, ${share(totalReturn)}, drawdown ${share(drawdown)}`,
    )
    .join('; ');

const keyOf = (side: string, clean: boolean): string => (clean ? `${side}, clean` : side);

const measured = (): string => RECORDS.map(measuredOf).join('\n\n');

type Parts = Readonly<Record<string, () => string>>;

/** What is generated, by the file it stands in. */
export const README_PARTS: Readonly<Record<string, Parts>> = {
  'README.md': {
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
  },
  'src/backtest/study/README.md': { measured },
  'src/jobs/README.md': {
    jobs: () =>
      table(
        ['job', 'queue', 'when', 'what it does'],
        JOBS.map(({ name, queue, everyMs, meaning }) => [
          `\`${name}\``,
          queue,
          everyMs === undefined ? 'when asked for' : `every ${everyMs(1) / 1000} s`,
          meaning,
        ]),
      ),
  },
};

/** A README with every generated part made anew. Throws an Error when a part's markers are missing. */
export function renderReadme(file: string, text: string): string {
  let next = text;
  for (const [name, make] of Object.entries(README_PARTS[file] ?? {})) {
    const begin = `<!-- generated: ${name} -->`;
    const end = `<!-- end: ${name} -->`;
    const from = next.indexOf(begin);
    const to = next.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${file} lacks "${begin}" or "${end}"`);
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

const COMMAND = createCommand({
  run: 'npm run readme',
  options: { check: { meaning: 'only says what is out of date, and writes nothing' } },
});

async function main({ check }: ValuesOf<typeof COMMAND>): Promise<number> {
  const files = [
    ...Object.keys(README_PARTS).map((name) => ({
      name,
      make: (text: string) => renderReadme(name, text),
    })),
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

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await runCommand(COMMAND, main);
