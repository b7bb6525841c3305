import type { Finding } from '../../domain/alert.ts';
import { formatUtc, type Timestamp } from '../../domain/time.ts';
import { usdText, type Usd } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
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
      ? 'My memory was lost; the day is worked out again from the exchange'
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
  const { dayResult, dayStartEquity, coolOffUntil } = rebuilt;
  const pause = coolOffUntil === undefined ? '' : `; pause until ${formatUtc(coolOffUntil)}`;
  return [`Today ${signedUsd(dayResult)}, from ${usdText(dayStartEquity)}${pause}.`];
}

function unknownLines({ unproven, lost }: RebuiltRiskState): readonly string[] {
  return [
    ...(unproven.length === 0
      ? []
      : [`New trades are paused: fills of ${unproven.join(', ')} do not add up.`]),
    ...(lost
      ? ['Changed limits and a signed policy are gone: see /limits and /policy, then /resume.']
      : []),
    'Not known: deposits and withdrawals.',
  ];
}
