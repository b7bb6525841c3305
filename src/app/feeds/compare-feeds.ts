import { rules } from '../../alerts/explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import { abs, mulDiv, sub, type Price } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { markOf } from '../../domain/position.ts';
import { numberText } from '../../domain/words/words.ts';

/** Prices that differ by more than this part of the price are not explained by a second between them: 1 %. */
const PARTS = 100n;
/** Comparisons in a row that must differ: a fast market may pass between two looks once. */
const LOOKS = 3;

/** How often in a row stream and poll have differed, by symbol, and since when. */
export type Differences = ReadonlyMap<
  string,
  { readonly looks: number; readonly since: Timestamp }
>;

/**
 * Compares the mark prices of the stream with those that the account read used for the open P&L. Both watch the same market, so
 * a lasting difference means that one of them is wrong. Symbols that the stream has not priced since the last look are left out.
 */
export function compareFeeds(
  before: Differences,
  seen: {
    readonly positions: readonly Position[];
    readonly streamed: ReadonlyMap<string, Price>;
    readonly now: Timestamp;
  },
): { readonly differences: Differences; readonly findings: readonly Finding[] } {
  const differences = new Map<string, { looks: number; since: Timestamp }>();
  const findings: Finding[] = [];
  for (const position of seen.positions) {
    const { symbol } = position;
    const [stream, poll] = [seen.streamed.get(symbol), markOf(position)];
    if (stream === undefined || poll === undefined || !differ(stream, poll)) continue;
    const known = before.get(symbol);
    const next = { looks: (known?.looks ?? 0) + 1, since: known?.since ?? seen.now };
    differences.set(symbol, next);
    if (next.looks < LOOKS) continue;
    const about = `${symbol} mark price`;
    findings.push(
      rules.feedsDisagree(
        { about, stream: numberText(stream), poll: numberText(poll), since: next.since },
        seen.now,
      ),
    );
  }
  return { differences, findings };
}

const differ = (a: Price, b: Price): boolean =>
  abs(sub(a, b)) > mulDiv(a, 1n, { c: PARTS, rounding: 'up' });
