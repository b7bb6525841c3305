import type { FormattedString } from '@grammyjs/parse-mode';
import type { SymbolScan, UniverseCheck, UniverseReading } from '../../app/views/read-universe.ts';
import { formatUtc } from '../../domain/time.ts';
import { pageOf } from '../../domain/words/pages.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { UNSCORED_WORDS } from './signals.ts';

/** /universe: which contracts are scanned and why the others are not; or the same for one of them. */
export function universeView(
  reading: UniverseReading,
  page: number | undefined,
  scene: Scene,
): FormattedString {
  const lines =
    reading.kind === 'all' && page !== undefined && page > 0
      ? listed(reading, page)
      : body(reading);
  return linesOf([...lines, footer(scene)]);
}

type Whole = Extract<UniverseReading, { kind: 'all' }>;

/** Names on one page. */
const NAMES = 60;

const SOME = 4;

/** The names, scanned ones first, on the pages after the first. */
const namesOn = ({ inside, outside }: Whole, page: number) =>
  pageOf([...inside, ...outside.flatMap(({ symbols }) => symbols)], page - 1, NAMES);

/** The first page, and as many as the names take; 1 where there is nothing to turn. */
export const universePages = (reading: UniverseReading, asked = 0) => {
  const pages = reading.kind === 'all' ? 1 + namesOn(reading, 1).pages : 1;
  return { page: Math.min(asked, pages - 1), pages };
};

function listed(reading: Whole, asked: number): readonly (string | FormattedString)[] {
  const { shown, count } = namesOn(reading, asked);
  const on = new Set(shown);
  const groups = [
    { title: 'Scanned, most traded first', symbols: reading.inside },
    ...reading.outside.map(({ reason, symbols }) => ({ title: `Not scanned: ${reason}`, symbols })),
  ];
  return [
    bold('Universe'),
    ...groups.flatMap(({ title, symbols }) => {
      const here = symbols.filter((each) => on.has(each));
      return here.length === 0 ? [] : [bold(title), here.join(', ')];
    }),
    `Contracts ${count}`,
  ];
}

function body(reading: UniverseReading): readonly (string | FormattedString)[] {
  switch (reading.kind) {
    case 'unavailable':
      return [bold('Universe: unavailable'), `It could not be read: ${reading.reason}`];
    case 'not-listed':
      return [
        bold(`${reading.asked}: not listed`),
        'The exchange has no such contract. Use its name there, such as BTC, ETH or 1000PEPE.',
      ];
    case 'inside':
      return [
        bold(`${reading.symbol}: scanned`),
        `Category: ${reading.category}`,
        `Number ${reading.rank} of ${reading.of} by 24 h volume`,
        ...checkLines(reading.checks),
        ...scanLines(reading.scan),
      ];
    case 'outside':
      return [
        bold(`${reading.symbol}: not scanned`),
        `Reason: ${reading.reason}.`,
        ...checkLines(reading.checks),
      ];
    case 'all':
      return [
        bold(`Universe: ${reading.included} of ${reading.listed} contracts are scanned`),
        reading.categories.map(({ name, count }) => `${name} ${count}`).join(', '),
        ...(reading.outside.length === 0 ? [] : [bold('Not scanned')]),
        ...reading.outside.map(
          ({ reason, symbols }) =>
            `• ${reason}: ${symbols.length} (${symbols.slice(0, SOME).join(', ')}${symbols.length > SOME ? ', …' : ''})`,
        ),
        reading.rules,
        'Next lists them all; for one of them: /universe SOL',
      ];
  }
}

function scanLines(scan: SymbolScan | undefined): readonly string[] {
  if (scan === undefined) return [];
  const candle = `the candle that closed ${formatUtc(scan.candleClosedAt)}`;
  const silent = scan.silent.map(
    ({ strategy, until }) =>
      `▫️ Not enough candles in a row to judge it: ${strategy}, until about ${formatUtc(until)} at the latest`,
  );
  if (scan.unscored === undefined) return [`Last scan: checked on ${candle}`, ...silent];
  const { cause, reason } = scan.unscored;
  const words = cause === 'new' ? 'Not in the universe then' : UNSCORED_WORDS[cause];
  return [
    `Last scan: not checked on ${candle}. ${words}${reason === undefined ? '' : `: ${reason}`}`,
    ...silent,
  ];
}

/** Every filter with what was seen and what is asked for. */
const checkLines = (checks: readonly UniverseCheck[]): readonly string[] =>
  checks.map(
    ({ name, seen, needed, met }) => `${met ? '✅' : '▫️'} ${name}: ${seen} (needed: ${needed})`,
  );
