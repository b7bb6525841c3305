/** A refusal that the venue answers with HTTP 200 and this code, as the exchange does. */
export class VenueError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'VenueError';
    this.code = code;
  }
}

const TEXTS: Readonly<Record<number, string>> = {
  1: 'Network Error',
  10001: 'Network Error',
  10002: 'Parameter Error',
  10003: 'api-key in header is empty',
  10004: 'The current ip is not in the apikey ip whitelist',
  10005: 'Too many requests, please try again later',
  10006: 'Request too frequently',
  10007: 'Sign signature error',
  20001: 'Market not exists',
  20002: 'The current positions amount has exceeded the maximum open limit',
  20003: 'Insufficient balance',
  20005: 'Invalid leverage',
  20006: 'You can not change leverage or margin mode as there are open orders',
  20007: 'Order not found, please try it later',
  20008: 'Insufficient amount',
  20009: 'Position exists, so positions mode can not be updated',
  20012: 'Trading is not allowed on this Futures',
  20015: 'this Futures is not allowed to trade.',
  20016: 'Batch order number exceeds the maximum',
  30004: 'The position does not exist',
  30006: 'One of take-profit and stop-loss must be given',
  30011: 'The order is in an abnormal state',
  30013: 'The quantity exceeds the maximum order quantity',
  30014: 'The buy price is higher than the maximum',
  30015: 'The sell price is lower than the minimum',
  30017: 'The quantity is below the minimum',
  30018: 'Reduce-only order failed: no position',
  30019: 'Reduce-only order failed: same direction as the position',
  30038: 'The TP/SL amount exceeds the position size',
  30039: 'The quantity exceeds the maximum',
  30041: 'The trigger price must be greater than 0',
  30042: 'Client ID duplicate',
};

/** The refusal of a code with its own text; some texts end with the value that broke the rule. */
export function refusal(code: number, detail?: string): VenueError {
  const text = TEXTS[code] ?? 'Error';
  return new VenueError(code, detail === undefined ? text : `${text} ${detail}`);
}
