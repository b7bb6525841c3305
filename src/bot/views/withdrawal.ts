import type { FormattedString } from '@grammyjs/parse-mode';
import type { WithdrawalPreview } from '../../app/account/answer-withdrawal.ts';
import { abs, usdText } from '../../domain/money/money.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { percentText } from './money.ts';

/** Exactly what "I took it out" would change. */
export function withdrawalCardView(
  { withdrawal, asLoss, asWithdrawal }: WithdrawalPreview,
  scene: Scene,
): FormattedString {
  return linesOf([
    bold(`Did you take out ${usdText(abs(withdrawal.amount))}?`),
    `Noticed ${formatUtc(withdrawal.at)}; until you answer it counts as a loss.`,
    `Loss of today: now ${percentText(asLoss.day)}, then ${percentText(asWithdrawal.day)}`,
    `Under the highest equity: now ${percentText(asLoss.drawdown)}, then ${percentText(asWithdrawal.drawdown)}`,
    'Confirm only if it was you. This can be answered once.',
    footer(scene),
  ]);
}

/** One line for /status while a question is open. */
export const openWithdrawalLine = (withdrawal: WithdrawalPreview['withdrawal']): string =>
  `❓ ${usdText(abs(withdrawal.amount))} left your account (${formatUtc(withdrawal.at)}) and no trade explains it: was it you?`;
