import type { FailureKind } from '../../../domain/failure.ts';

/**
 * May the same request be sent again? `yes`: a little later, since it was not carried out. `once`: once, signed anew. `read`: the state
 * has to be looked at first, because it may have changed or the request may have been carried out. `no`: it will be refused again.
 */
export type Repeat = 'yes' | 'once' | 'read' | 'no';

export interface ErrorCode {
  readonly kind: FailureKind;
  readonly repeat: Repeat;
  /** Plain words for the owner. */
  readonly meaning: string;
  /** Whether a write with this answer may nevertheless have been carried out. */
  readonly maybeDone?: true;
}

const entry = (kind: FailureKind, meaning: string, repeat: Repeat = 'no'): ErrorCode => ({
  kind,
  repeat,
  meaning,
});

/** The exchange's error table. All of them arrive with HTTP 200. */
export const ERROR_CODES: Readonly<Record<string, ErrorCode>> = {
  1: { ...entry('network', 'the exchange reports a network error', 'read'), maybeDone: true },
  403: entry('auth', 'the API key lacks this right'),
  404: entry('parameter', 'the exchange knows no such address'),
  // Never seen; 403 and 404 come in this form.
  429: entry('rate', 'too many requests', 'yes'),
  10001: {
    ...entry('network', 'the exchange reports an internal network error', 'read'),
    maybeDone: true,
  },
  10002: entry('parameter', 'a parameter was refused'),
  10003: entry('auth', 'the API key is missing'),
  10004: entry('auth', "this machine's IP address is not on the API key's whitelist"),
  10005: entry('rate', 'too many requests', 'yes'),
  10006: entry('rate', 'requests too frequent', 'yes'),
  10007: entry('auth', 'the signature was refused: wrong secret key, or the clock is off', 'once'),
  10008: entry('parameter', 'a value breaks a rule'),
  10012: entry('margin', 'insufficient balance'),
  10013: entry('state', 'the order is not in a state that allows this'),
  20001: entry('symbol', 'the market does not exist'),
  20002: entry('limit', 'the position would exceed the limit of its risk tier'),
  20003: entry('margin', 'insufficient balance'),
  20004: entry('account', 'the exchange refuses this trader'),
  20005: entry('parameter', 'this leverage is not allowed'),
  20006: entry('state', 'leverage and margin mode are fixed while orders or a position are open'),
  20007: entry('not-found', 'order not found', 'yes'),
  20008: entry('margin', 'insufficient amount'),
  20009: entry('state', 'the position mode is fixed while positions or orders are open'),
  200014: entry('state', 'the position mode is fixed while positions or orders are open'),
  20010: entry('account', 'the conditions of a coupon are not met'),
  20011: entry('account', 'the account may not trade'),
  20012: entry('symbol', 'this contract may not be traded'),
  20013: entry('account', 'the account is being deleted'),
  20014: entry('account', 'the account is deleted'),
  20015: entry('symbol', 'this contract is unknown or not allowed to trade'),
  20016: entry('parameter', 'too many orders in one request'),
  30001: entry('margin', 'the fill would be liquidated at once'),
  30002: entry('trigger', 'the price is below the liquidation price'),
  30003: entry('trigger', 'the price is above the liquidation price'),
  30004: entry('not-found', 'the position does not exist', 'read'),
  30005: entry('trigger', 'the trigger is too close to the current price'),
  30006: entry('parameter', 'neither stop loss nor take profit was given'),
  30007: entry('trigger', 'the take profit is on the wrong side of the entry price'),
  30008: entry('trigger', 'the take profit is on the wrong side of the entry price'),
  30009: entry('trigger', 'the stop loss is on the wrong side of the entry price'),
  30010: entry('trigger', 'the stop loss is on the wrong side of the entry price'),
  30011: entry('state', 'the order is in an abnormal state', 'read'),
  30012: entry('state', 'it is a favourite already'),
  30013: entry('limit', 'above the maximum order quantity'),
  30014: entry('limit', 'the buy price is above the maximum'),
  30015: entry('limit', 'the sell price is below the minimum'),
  30016: entry('parameter', 'the quantity is too small'),
  30017: entry('parameter', 'the quantity is below the minimum'),
  30018: entry('reduce-only', 'there is no position to reduce', 'read'),
  30019: entry(
    'reduce-only',
    'the order has the direction of the position and would not reduce it',
  ),
  30020: entry('trigger', 'the take profit must be above the mark price'),
  30021: entry('trigger', 'the take profit must be below the mark price'),
  30022: entry('trigger', 'the stop loss must be above the mark price'),
  30023: entry('trigger', 'the stop loss must be below the mark price'),
  30024: entry('trigger', 'the stop loss must be below the liquidation price'),
  30025: entry('trigger', 'the stop loss must be above the liquidation price'),
  30026: entry('trigger', 'the take profit must be above the last price'),
  30027: entry('trigger', 'the take profit must be above the mark price'),
  30028: entry('trigger', 'the stop loss must be below the last price'),
  30029: entry('trigger', 'the stop loss must be below the mark price'),
  30030: entry('trigger', 'the stop loss must be above the last price'),
  30031: entry('trigger', 'the stop loss must be above the mark price'),
  30032: entry('trigger', 'the take profit must be below the last price'),
  30033: entry('trigger', 'the take profit must be below the mark price'),
  30034: entry('trigger', 'the take profit must be below the mark price'),
  30035: entry('trigger', 'the stop loss does not fit the trigger price'),
  30036: entry('trigger', 'the take profit does not fit the trigger price'),
  30037: entry('trigger', 'the take profit does not fit the trigger price'),
  30038: entry('limit', 'stop loss or take profit is larger than the position'),
  30039: entry('limit', 'above the maximum quantity'),
  30040: entry('account', 'futures trading is prohibited for the account'),
  30041: entry('parameter', 'a trigger price must be positive'),
  30042: entry('duplicate', 'this client id was used before', 'read'),
  40001: entry('copy', 'open orders stand in the way (copy trading)'),
  40002: entry('copy', 'a limit of copy trading was reached'),
  40003: entry('copy', 'a limit of copy trading was reached'),
  40004: entry('copy', 'the operation was repeated (copy trading)'),
  40005: entry('copy', 'the wrong kind of user (copy trading)'),
  40006: entry('copy', 'the limit of sub-accounts was reached (copy trading)'),
  40007: entry('copy', 'a settlement is running', 'yes'),
  40008: entry('copy', 'the balance after the transfer would be too small (copy trading)'),
};

/** A code that nobody documented: a read may be tried again, a write may have been carried out. */
export const UNKNOWN_CODE: ErrorCode = {
  kind: 'network',
  repeat: 'read',
  meaning: 'an error that is not in the documentation',
  maybeDone: true,
};

export const errorCode = (code: string): ErrorCode =>
  Object.hasOwn(ERROR_CODES, code) ? (ERROR_CODES[code] ?? UNKNOWN_CODE) : UNKNOWN_CODE;
