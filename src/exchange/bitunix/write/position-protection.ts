import type { AccountData } from '../../../app/ports/account-data.ts';
import { toText, type Price } from '../../../domain/money/money.ts';
import type { WriteOutcome } from '../../../domain/order.ts';
import type { ProtectiveOrder } from '../../../domain/position.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import type { Rest } from '../rest/rest.ts';
import { messageOf, notSent, sendWrite } from './write-outcome.ts';

export interface ProtectionRequest {
  readonly symbol: string;
  readonly positionId: string;
  readonly stop?: Price;
  readonly target?: Price;
}

/**
 * The position's own TP/SL: changed when it is there, placed when not. A leg that is not given keeps the level it has, because the
 * documentation does not say whether leaving it out would remove it.
 */
export async function placePositionProtection(
  rest: Rest,
  account: AccountData,
  request: ProtectionRequest,
): Promise<WriteOutcome> {
  const { symbol, positionId } = request;
  const own = await ownProtection(account, positionId);
  if ('problem' in own && request.stop === undefined) return notSent(own.problem);
  const stop = request.stop ?? own.stopPrice;
  const target = request.target ?? own.targetPrice;
  if (stop === undefined && target === undefined)
    return notSent('neither stop nor target was given');
  const body = {
    symbol,
    positionId,
    ...(target === undefined ? {} : { tpPrice: toText(target), tpStopType: 'MARK_PRICE' }),
    ...(stop === undefined ? {} : { slPrice: toText(stop), slStopType: 'MARK_PRICE' }),
  };
  const [first, second] = 'id' in own ? MODIFY_FIRST : PLACE_FIRST;
  const outcome = await sendWrite(rest, first, body);
  // The list lags behind: when the other way round is right, the exchange refuses this one and says so.
  return outcome.kind === 'rejected' && mayBeOtherWay(outcome.code)
    ? sendWrite(rest, second, body)
    : outcome;
}

type OwnProtection =
  | Partial<ProtectiveOrder>
  | { problem: string; stopPrice?: never; targetPrice?: never };

/** The TP/SL that covers the whole position, {} when there is none. A stop is placed even when this cannot be read. */
async function ownProtection(account: AccountData, positionId: string): Promise<OwnProtection> {
  try {
    const all = await account.protections();
    const own = all.find(
      (each) =>
        each.positionId === positionId &&
        each.stopQty === undefined &&
        each.targetQty === undefined,
    );
    return own ?? {};
  } catch (error) {
    return { problem: `the present stop cannot be read: ${messageOf(error)}` };
  }
}

const PLACE_FIRST = [
  ENDPOINTS.placePositionProtection,
  ENDPOINTS.modifyPositionProtection,
] as const;
const MODIFY_FIRST = [
  ENDPOINTS.modifyPositionProtection,
  ENDPOINTS.placePositionProtection,
] as const;

/** Refusals that say "there is one already" or "there is none"; which code is used is not documented. */
const OTHER_WAY_CODES = new Set(['10002', '10008', '10013', '20007', '30011', '30038', '30042']);
const mayBeOtherWay = (code: string): boolean => OTHER_WAY_CODES.has(code);
