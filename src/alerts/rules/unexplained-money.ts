import type { Finding } from '../../domain/alert.ts';
import { abs, usdText, type Usd } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import { signedUsd } from '../phrase.ts';

/** Key of the message that asks about one change; it is edited when the owner has answered. */
export const walletChangeKey = (id: string): string => `wallet-step:${id}`;

/** Money came, or the exchange's trial funds changed: taken in, and only told. */
export const moneyCame = (
  change: { readonly amount: Usd; readonly bonus: boolean },
  at: Timestamp,
): Finding => ({
  key: walletChangeKey(`${at}`),
  kind: 'notice',
  severity: 'info',
  title: change.bonus
    ? `The exchange's bonus changed by ${signedUsd(change.amount)}`
    : `${usdText(change.amount)} came into your account, and no trade explains it`,
  lines: [
    change.bonus
      ? 'That is neither a gain nor a loss of yours.'
      : 'Vigil counts it as a deposit, not as a gain.',
    "Today's loss and the drawdown keep their percentages.",
  ],
  at,
});

/** Money left without a trade. Only the owner knows whether they took it: two buttons ask. */
export const moneyLeft = (change: {
  readonly id: string;
  readonly amount: Usd;
  readonly at: Timestamp;
}): Finding => ({
  key: walletChangeKey(change.id),
  kind: 'notice',
  severity: 'critical',
  title: `${usdText(abs(change.amount))} left your account, and no trade explains it`,
  lines: [
    'Did you take it out? Until you answer, it counts as a loss of today.',
    'If it was not you, tap Not me: trading is halted at once.',
  ],
  buttons: [
    [
      { label: 'I took it out', action: 'took-it-out', id: change.id },
      { label: 'Not me', action: 'not-me', id: change.id },
    ],
  ],
  at: change.at,
});

/** The owner says that somebody else took money out. */
export const moneyTaken = (
  change: { readonly id: string; readonly amount: Usd },
  at: Timestamp,
): Finding => ({
  key: `money-taken:${change.id}`,
  kind: 'notice',
  severity: 'critical',
  title: `Somebody may have access to your account: ${usdText(abs(change.amount))} is gone`,
  lines: [
    'Trading is halted; positions and their stops stay. /panic closes everything.',
    'Now, at the exchange: change your password, log out all devices, delete every API key, ask support to stop withdrawals.',
    'Then look at the withdrawals there. Here it counts as a loss.',
  ],
  at,
});
