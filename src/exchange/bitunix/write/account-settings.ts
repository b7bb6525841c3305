import type { PositionMode } from '../../../domain/account.ts';
import { toText, type Usd } from '../../../domain/money/money.ts';
import type { WriteOutcome } from '../../../domain/order.ts';
import { MARGIN_COIN } from '../read/account-data.ts';
import { ENDPOINTS } from '../endpoints.ts';
import type { Rest } from '../../http/rest.ts';
import { sendWrite } from './write-outcome.ts';

/** Settings of the account and the margin behind a position. */
export interface AccountSettings {
  /** For all symbols; refused while any position or order is open. */
  setPositionMode(mode: PositionMode): Promise<WriteOutcome>;
  /** Adds margin to an isolated position, or takes some out when negative. */
  adjustMargin(
    position: { readonly symbol: string; readonly id: string },
    amount: Usd,
  ): Promise<WriteOutcome>;
}

export function createAccountSettings(rest: Rest): AccountSettings {
  return {
    setPositionMode: (mode) =>
      sendWrite(rest, ENDPOINTS.changePositionMode, {
        positionMode: mode === 'hedge' ? 'HEDGE' : 'ONE_WAY',
      }),
    adjustMargin: ({ symbol, id }, amount) =>
      sendWrite(rest, ENDPOINTS.adjustMargin, {
        symbol,
        marginCoin: MARGIN_COIN,
        amount: toText(amount),
        positionId: id,
      }),
  };
}
