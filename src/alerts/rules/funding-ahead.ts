import type { FundingRate } from '../../domain/instrument.ts';
import type { Finding } from '../../domain/alert.ts';
import {
  abs,
  notionalOf,
  percent,
  ratioOf,
  scaleBy,
  sumUsd,
  usdText,
  type Price,
  type Usd,
} from '../../domain/money/money.ts';
import { distance, stopsOf, type Position, type ProtectiveOrder } from '../../domain/position.ts';
import { HOUR, formatDuration, type Timestamp } from '../../domain/time.ts';
import { nameOf, percentText } from '../phrase.ts';

/** A payment is told so long before it is due. */
const AHEAD_MS = HOUR;
/** A payment is told from this share of what the position risks. */
const SHARE = percent('10');

/** What is lost at its stops, or the whole margin where a part has none. */
function riskOf(position: Position, protections: readonly ProtectiveOrder[]): Usd {
  const { parts, uncovered } = stopsOf(position, protections);
  if (parts.length === 0 || uncovered > 0n) return position.margin;
  return sumUsd(
    parts.map(({ price, covers }) =>
      notionalOf(distance(position.entryPrice, price), covers, 'down'),
    ),
  );
}

/** Funding that will be paid within an hour and is a tenth of the position's risk or more. Undefined where it is less, or is received. */
export function fundingAhead(
  position: Position,
  protections: readonly ProtectiveOrder[],
  due: { readonly funding: FundingRate; readonly mark: Price; readonly now: Timestamp },
): Finding | undefined {
  const { funding, mark, now } = due;
  const left = funding.nextAt - now;
  const pays = funding.rate > 0n === (position.side === 'long') && funding.rate !== 0n;
  if (!pays || left <= 0 || left > AHEAD_MS) return undefined;
  const payment = scaleBy(notionalOf(mark, position.qty, 'up'), abs(funding.rate), 'up');
  const risk = riskOf(position, protections);
  if (risk <= 0n) return undefined;
  const share = ratioOf(payment, risk, 'down');
  if (share < SHARE) return undefined;
  return {
    key: `funding-ahead:${position.id}:${funding.nextAt}`,
    kind: 'notice',
    severity: 'warning',
    // After the quiet hours it would be paid.
    stakes: 'cost',
    title: `${nameOf(position)}: about ${usdText(payment)} of funding is due in ${formatDuration(left)}`,
    lines: [
      `Rate ${percentText(abs(funding.rate), 4)}. That is ${percentText(share)} of what the position risks (${usdText(risk)}).`,
      'It is paid only while the position is open at that moment.',
    ],
    at: now,
  };
}
