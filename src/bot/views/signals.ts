import type { FormattedString } from '@grammyjs/parse-mode';
import type { ScanEntry, ScanReport, Unscored, UnscoredCause } from '../../domain/scan-report.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { strategyText } from '../../domain/signal.ts';
import { formatDuration, formatUtc, HOUR, MINUTE } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { countOf, pageOf } from '../../domain/words/pages.ts';
import { EXPECT_ALONE } from '../../app/scan/read-strategies.ts';
import { countText } from '../../domain/words/words.ts';

/** What /signals knows; a text stands for a part that could not be read. */
export interface SignalsInput {
  readonly scan: ScanReport | undefined | string;
  readonly pending: readonly Proposal[] | string;
}

/** /signals: what the last scan found, what waits, and why the rest was refused. */
export function signalsView(
  input: SignalsInput,
  page: number | undefined,
  scene: Scene,
): FormattedString {
  const at = pageOf(rowsOf(input), page);
  const shown = {
    pending: at.shown.flatMap((each) => (each.kind === 'pending' ? [each.row] : [])),
    found: at.shown.flatMap((each) => (each.kind === 'found' ? [each.row] : [])),
  };
  return linesOf([
    bold('Signals'),
    ...pendingLines(input.pending, shown.pending, scene),
    ...scanLines(input.scan, shown.found, scene),
    ...countOf(at),
    `${EXPECT_ALONE} /strategies says what each is worth.`,
    footer(scene),
  ]);
}

type Row =
  | { readonly kind: 'pending'; readonly row: Proposal }
  | { readonly kind: 'found'; readonly row: ScanEntry };

/** All that is listed: what waits for an answer, then what the scan found, then what earlier ones found and still counts. */
function rowsOf({ pending, scan }: SignalsInput): readonly Row[] {
  const waiting = typeof pending === 'string' ? [] : pending;
  const { found, earlier = [] } =
    scan === undefined || typeof scan === 'string' ? { found: [] } : scan;
  return [
    ...waiting.map((row) => ({ kind: 'pending', row }) as const),
    ...[...found, ...earlier].map((row) => ({ kind: 'found', row }) as const),
  ];
}

/** What waits for an answer on that page of /signals, and the pages that there are. */
export function pendingOnPage(input: SignalsInput, page: number | undefined) {
  const { shown, ...at } = pageOf(rowsOf(input), page);
  return { ...at, shown: shown.flatMap((each) => (each.kind === 'pending' ? [each.row] : [])) };
}

function pendingLines(
  pending: SignalsInput['pending'],
  shown: readonly Proposal[],
  scene: Scene,
): readonly string[] {
  if (typeof pending === 'string') return [`Waiting for your approval: unavailable (${pending})`];
  if (pending.length === 0) return ['Waiting for your approval: none'];
  if (shown.length === 0) return [`Waiting for your approval: ${pending.length}`];
  return [
    'Waiting for your approval (buttons are under the signal above):',
    ...shown.map(
      ({ signal, deadline }) =>
        `• ${signal.symbol} ${signal.side}, ${strategyText(signal)}, ${formatDuration(deadline - scene.now)} left`,
    ),
  ];
}

function scanLines(
  scan: SignalsInput['scan'],
  shown: readonly ScanEntry[],
  scene: Scene,
): readonly (string | FormattedString)[] {
  if (typeof scan === 'string') return [`Last scan: unavailable (${scan})`];
  if (scan === undefined)
    return ['Last scan: none yet; the first one comes with the next closed candle.'];
  const head = [
    `Last scan: ${formatDuration(scene.now - scan.at)} ago, on the candle that closed ${formatUtc(scan.candleClosedAt)}`,
    ...missedLines(scan, scene),
    `Checked ${scan.scored.length} of ${countText(scan.universe, 'symbol')}`,
    ...scan.unscored.map(unscoredLine),
    ...silentLines(scan),
  ];
  const lost = scan.signals - scan.found.length;
  const earlier = new Set(scan.earlier);
  return [
    ...head,
    ...(scan.found.length === 0
      ? ['Nothing passed. That is a good answer: no trade is better than a weak one.']
      : []),
    ...shown.map((each) => entryLine(each, earlier.has(each))),
    ...(lost > 0 ? [`${lost} more were found and not kept.`] : []),
  ];
}

/** Time that a scan may take after its candle has closed. */
const GRACE_MS = 5 * MINUTE;

/** Says that newer candles were not scanned: what follows is about an older market. */
function missedLines({ candleClosedAt }: ScanReport, { now, speed }: Scene): readonly string[] {
  const age = now - candleClosedAt;
  if (age < HOUR + GRACE_MS * Math.max(1, speed)) return [];
  const missed = Math.floor(age / HOUR);
  const candles = countText(missed, 'newer candle has', 'newer candles have');
  return [`⚠️ ${candles} closed since then and could not be scanned; it is retried every minute.`];
}

const NAMED = 8;

/** Why symbols were not checked on the candle. */
export const UNSCORED_WORDS: Record<UnscoredCause, string> = {
  'not-asked': 'Read next, the most traded first',
  'not-read': 'Could not be read, retried every minute',
  'no-candle': 'The exchange has no newest candle yet, retried every minute',
  unusable: 'Newest candle cannot be used',
  history: 'Too little history yet',
  gap: 'Too few candles yet since a gap',
};

/** "▫️ Not enough candles in a row to judge: breakdown, breakout for 12 of 285 symbols, until about 2026-01-23 16:00 UTC". */
function silentLines({ silent = [], universe }: ScanReport): readonly string[] {
  const alike = new Map<string, string>();
  for (const { strategy, symbols, afterGap, until } of silent) {
    const gap = afterGap === 0 ? '' : ` (${afterGap} after a gap)`;
    const what = `${symbols} of ${countText(universe, 'symbol')}${gap}, until about ${formatUtc(until)}`;
    const others = alike.get(what);
    alike.set(what, others === undefined ? strategy : `${others}, ${strategy}`);
  }
  const each = [...alike].map(([what, strategies]) => `${strategies} for ${what}`);
  return each.length === 0 ? [] : [`▫️ Not enough candles in a row to judge: ${each.join('; ')}`];
}

/** "▫️ Could not be read, retried every minute: 2 (AUSDT, BUSDT): the exchange did not answer within 10 s". */
function unscoredLine({ cause, symbols, reason }: Unscored): string {
  const named = symbols.slice(0, NAMED).join(', ');
  const more = symbols.length > NAMED ? ', …' : '';
  const why = reason === undefined ? '' : `: ${reason}`;
  return `▫️ ${UNSCORED_WORDS[cause]}: ${symbols.length} (${named}${more})${why}`;
}

function entryLine({ signal, fate, refusals }: ScanEntry, isEarlier: boolean): string {
  const reasons = refusals.map(({ sentence }) => sentence);
  const why = reasons.length === 0 ? '' : `: ${reasons.join(' ')}`;
  const from = isEarlier ? ` from the close at ${formatUtc(signal.candleClosedAt)}` : '';
  return `• ${signal.symbol} ${signal.side}, ${strategyText(signal)}${from}, ${fate}${why}`;
}
