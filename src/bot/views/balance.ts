import { usdText } from '../../domain/money/money.ts';
import type { FormattedString } from '@grammyjs/parse-mode';
import type { AccountSnapshot } from '../../app/ports/account-store.ts';
import type { Reading } from '../../app/reading/reading.ts';
import { equityOf, walletOf } from '../../domain/account.ts';
import type { ModeState } from '../../domain/trading-mode.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { modeLines } from './mode.ts';
import { signedUsd } from './money.ts';

/** /balance: what the account holds, or that it is unavailable. */
export function balanceView(
  reading: Reading<AccountSnapshot>,
  mode: ModeState | string,
  scene: Scene,
): FormattedString {
  const figures =
    reading.kind === 'unavailable'
      ? ['Your balance is unavailable right now; no figure is shown rather than a wrong one.']
      : accountLines(reading.value);
  return linesOf([bold('Balance'), ...figures, ...modeLines(mode), footer(scene, reading)]);
}

/** Seen where several coins serve as margin: the account's figures in USDT then do not hold all that backs it. */
const NEGATIVE_FREE =
  '⚠️ Free is below zero: another coin may stand behind this account, which Vigil does not see. Equity may be higher than shown.';

function accountLines({ account }: AccountSnapshot): readonly string[] {
  return [
    `Equity: ${usdText(equityOf(account))}`,
    `Wallet: ${usdText(walletOf(account))} (without open profit and loss)`,
    `Free: ${usdText(account.available)}`,
    ...(account.available < 0n ? [NEGATIVE_FREE] : []),
    `In positions: ${usdText(account.margin)}`,
    ...(account.frozen === 0n ? [] : [`In open orders: ${usdText(account.frozen)}`]),
    `Open P&L: ${signedUsd(account.unrealisedPnl)}`,
    ...(account.bonus === 0n ? [] : [`Bonus (already inside Free): ${usdText(account.bonus)}`]),
  ];
}
