import type { Finding } from '../../domain/alert.ts';
import { formatUtc, type Timestamp } from '../../domain/time.ts';
import { usdText, type Usd } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { countText } from '../../domain/words/words.ts';
import { nameOf, signedUsd } from '../phrase.ts';

/** What was worked out again, and from what. */
export interface RebuiltRiskState {
  /** Whether Vigil had run before: else it is a first look at an account that has a past. */
  readonly lost: boolean;
  /** What is open now. */
  readonly open: readonly Pick<Position, 'symbol' | 'side' | 'openedAt'>[];
  readonly dayResult: Usd;
  readonly dayStartEquity: Usd;
  readonly tradesToday: number;
  readonly lossStreak: number;
  readonly coolOffUntil: Timestamp | undefined;
  readonly pausedSymbols: readonly string[];
  readonly peakEquity: Usd;
  /** How far back closed trades were looked at, and how many there were. */
  readonly since: Timestamp;
  readonly closed: number;
  readonly fills: number;
  readonly held: readonly string[];
  /** Symbols whose fills do not add up to their positions. */
  readonly unproven: readonly string[];
  /** Symbols whose funding of today is not known apart from that of before. */
  readonly unsplit: readonly string[];
  readonly unpriced: readonly string[];
}

/** What is known again after the risk state was lost, from what, and what cannot be known. Undefined for a first start without closed trades. */
export function riskStateRebuilt(rebuilt: RebuiltRiskState, at: Timestamp): Finding | undefined {
  if (!rebuilt.lost && rebuilt.closed === 0 && rebuilt.unproven.length === 0) return undefined;
  return {
    key: `memory-rebuilt:${at}`,
    kind: 'notice',
    severity: rebuilt.lost ? 'critical' : 'info',
    title: rebuilt.lost
      ? 'What I remembered was lost; the day is worked out again from the exchange'
      : 'This account has a past; the day is worked out from the exchange',
    lines: [
      ...(rebuilt.lost ? [openLine(rebuilt)] : []),
      ...knownLines(rebuilt),
      ...unknownLines(rebuilt),
    ],
    at,
  };
}

/** Vigil cannot tell what is new: a position that was opened since its last look is known from here alone. */
function openLine({ open }: RebuiltRiskState): string {
  if (open.length === 0) return 'No position is open.';
  const each = open.map((one) => `${nameOf(one)} opened ${formatUtc(one.openedAt)}`);
  return `Open now: ${each.join(', ')}. Look whether you know ${open.length === 1 ? 'it' : 'them'}.`;
}

function knownLines(rebuilt: RebuiltRiskState): readonly string[] {
  const pause =
    rebuilt.coolOffUntil === undefined ? '' : `; pause until ${formatUtc(rebuilt.coolOffUntil)}`;
  return [
    `From ${countText(rebuilt.closed, 'closed trade')} since ${formatUtc(rebuilt.since)}${rebuilt.fills === 0 ? '' : `, ${countText(rebuilt.fills, 'fill')}`} and what is open:`,
    `Today ${signedUsd(rebuilt.dayResult)}, from ${usdText(rebuilt.dayStartEquity)} at the day's start`,
    `Entries today: ${rebuilt.tradesToday}; losses in a row: ${rebuilt.lossStreak}${pause}`,
    ...(rebuilt.pausedSymbols.length === 0
      ? []
      : [`Paused after a loss: ${rebuilt.pausedSymbols.join(', ')}`]),
    `Highest equity: at least ${usdText(rebuilt.peakEquity)}, going by closed trades`,
  ];
}

function unknownLines(rebuilt: RebuiltRiskState): readonly string[] {
  return [
    'Not to be known from there: deposits and withdrawals (they count as if they had always been there) and open profit between trades.',
    ...(rebuilt.held.length === 0
      ? []
      : [`Held over the day's start: ${rebuilt.held.join(', ')}.`]),
    ...(rebuilt.unsplit.length === 0
      ? []
      : [`All funding ever paid for ${rebuilt.unsplit.join(', ')} counts as paid today.`]),
    ...(rebuilt.unproven.length === 0
      ? []
      : [
          `The fills of ${rebuilt.unproven.join(', ')} do not add up to what is open, or the exchange does not say all of their costs: today's result there is not known. All that was lost on it counts as lost today, no gain counts, and new trades are paused.`,
        ]),
    ...(rebuilt.unpriced.length === 0
      ? []
      : [
          `No price at the day's start for ${rebuilt.unpriced.join(', ')}: the worst of the known prices was taken.`,
        ]),
    ...(rebuilt.lost
      ? [
          'Limits that you had changed, and a signed policy, are gone too: look at /limits and /policy before you /resume.',
        ]
      : []),
  ];
}
