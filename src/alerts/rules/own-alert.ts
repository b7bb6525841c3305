import type { Finding } from '../../domain/alert.ts';
import type { Price, Ratio } from '../../domain/money/money.ts';
import type { OwnAlert, OwnCondition } from '../own-alert.ts';
import { formatDuration, formatUtc, type Timestamp } from '../../domain/time.ts';
import { numberText, percentText } from '../phrase.ts';

const signed = (share: Ratio): string => `${share > 0n ? '+' : ''}${percentText(share)}`;

/** "at 60,000", "-5 % within 1 h", "funding at 0.1 %". */
export function ownConditionText(condition: OwnCondition): string {
  if (condition.kind === 'price') return `at ${numberText(condition.price)}`;
  if (condition.kind === 'move')
    return `${signed(condition.share)} within ${formatDuration(condition.windowMs)}`;
  return `funding at ${condition.signed ? signed(condition.share) : percentText(condition.share)}`;
}

/** What was seen when it was reached. */
export interface OwnSight {
  readonly mark?: Price;
  readonly funding?: Ratio;
  readonly at: Timestamp;
}

/** Something that the owner has asked to be told of has come. */
export function ownAlertReached(own: OwnAlert, { mark, funding, at }: OwnSight): Finding {
  const { id, symbol, condition, repeat, madeAt, told } = own;
  const paid = condition.kind === 'funding' ? funding : undefined;
  const now = [
    ...(paid === undefined ? [] : [`Funding rate ${percentText(paid, 4)} a payment.`]),
    ...(mark === undefined ? [] : [`Mark price ${numberText(mark)}.`]),
  ];
  return {
    key: `own-alert:${id}:${madeAt}:${told}`,
    kind: 'own-alert',
    severity: 'warning',
    stakes: 'asked',
    title: `${symbol} ${ownConditionText(condition)}: you asked to be told`,
    lines: [
      ...now,
      `Set ${formatUtc(madeAt)}. ${repeat ? `It stays; /alert delete ${id} ends it.` : 'It is done with and gone.'}`,
    ],
    at,
  };
}
