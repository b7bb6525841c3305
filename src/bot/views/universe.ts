import type { FormattedString } from '@grammyjs/parse-mode';
import type { SymbolScan, UniverseCheck, UniverseReading } from '../../app/views/read-universe.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { UNSCORED_WORDS } from './signals.ts';

/** /universe: which contracts are scanned and why the others are not; or the same for one of them. */
export function universeView(reading: UniverseReading, scene: Scene): FormattedString {
  return linesOf([...body(reading), footer(scene)]);
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
          ({ reason, count, some }) =>
            `• ${reason}: ${count} (${some.join(', ')}${count > some.length ? ', …' : ''})`,
        ),
        reading.rules,
        'For one of them: /universe SOL',
      ];
  }
}

function scanLines(scan: SymbolScan | undefined): readonly string[] {
  if (scan === undefined) return [];
  const candle = `the candle that closed ${formatUtc(scan.candleClosedAt)}`;
  if (scan.unscored === undefined) return [`Last scan: checked on ${candle}`];
  const { cause, reason } = scan.unscored;
  const words = cause === 'new' ? 'Not in the universe then' : UNSCORED_WORDS[cause];
  return [
    `Last scan: not checked on ${candle}. ${words}${reason === undefined ? '' : `: ${reason}`}`,
  ];
}

/** Every filter with what was seen and what is asked for. */
const checkLines = (checks: readonly UniverseCheck[]): readonly string[] =>
  checks.map(
    ({ name, seen, needed, met }) => `${met ? '✅' : '▫️'} ${name}: ${seen} (needed: ${needed})`,
  );
