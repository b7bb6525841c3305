import type { AccountData } from '../../../app/ports/account-data.ts';
import type { WriteOutcome } from '../../../domain/order.ts';
import { MARGIN_COIN } from '../read/account-data.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import type { Rest } from '../rest/rest.ts';
import { messageOf, sendWrite } from './write-outcome.ts';

/** Margin mode first, leverage second, and then both are read back: accepted means that the exchange shows them. */
export async function setLeverage(
  { rest, account }: { readonly rest: Rest; readonly account: AccountData },
  symbol: string,
  leverage: number,
): Promise<WriteOutcome> {
  const holds = async (): Promise<{ mode: boolean; leverage: boolean }> => {
    const now = await account.leverage(symbol);
    return { mode: now.marginMode === 'isolated', leverage: now.leverage === leverage };
  };
  try {
    const before = await holds();
    const coin = { symbol, marginCoin: MARGIN_COIN };
    if (!before.mode) {
      const body = { marginMode: 'ISOLATION', ...coin };
      const outcome = await sendWrite(rest, ENDPOINTS.changeMarginMode, body);
      if (outcome.kind === 'rejected') return outcome;
    }
    if (!before.leverage) {
      const body = { leverage, ...coin };
      const outcome = await sendWrite(rest, ENDPOINTS.changeLeverage, body);
      if (outcome.kind === 'rejected') return outcome;
    }
    if (before.mode && before.leverage) return { kind: 'accepted' };
    const after = await holds();
    if (after.mode && after.leverage) return { kind: 'accepted' };
    const missing = after.mode ? `leverage ${leverage}` : 'isolated margin';
    return {
      kind: 'rejected',
      code: '',
      reason: `${symbol}: the exchange does not show ${missing}`,
    };
  } catch (error) {
    return {
      kind: 'unknown',
      reason: `${symbol}: leverage cannot be read back: ${messageOf(error)}`,
    };
  }
}
