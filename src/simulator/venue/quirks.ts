/**
 * The points on which the exchange's documentation, its live answers and its users disagree. The defaults are the live
 * readings; each can be turned to the other one.
 */
export interface Quirks {
  /** `/account` answers with an object (live) or a list of one (documentation). */
  readonly accountShape: 'object' | 'array';
  /** Side of REST position rows: BUY/SELL (live) or LONG/SHORT (documentation). */
  readonly positionSide: 'BUY_SELL' | 'LONG_SHORT';
  /** Closing in hedge mode: `side` names the position's direction (documented), the opposite, or either. */
  readonly hedgeClose: 'position' | 'opposite' | 'either';
  /** Position `realizedPNL`: net of fee and funding (live) or price profit alone (documentation). */
  readonly realizedPnl: 'net' | 'gross';
  /** Sign of a position's `fee`: positive (newer captures) or negative. */
  readonly feeSign: 'positive' | 'negative';
  /** Times and totals as strings (live) or numbers (documentation). */
  readonly numbers: 'strings' | 'numbers';
  /** Answer of tpsl/place_order: a list of one (live) or an object (documentation). */
  readonly tpslReply: 'list' | 'object';
  /** Whether kline lists the candle that is still forming (live: never). */
  readonly formingCandle: boolean;
  /** Whether quoteVol and baseVol of a kline change places. */
  readonly swappedVolumes: boolean;
  /** Answer of the single funding_rate call. */
  readonly fundingShape: 'object' | 'array';
  /** An underscore behind the status of pending orders, seen live now and then. */
  readonly statusUnderscore: boolean;
  /** Whether a nonce may be used twice. */
  readonly nonceReuse: boolean;
  /** Farthest a request's timestamp may be from venue time, ms. */
  readonly receiveWindowMs: number;
  /** Whether cancel_all_orders takes TP/SL with it. */
  readonly cancelAllTakesTpsl: boolean;
  /** Changing one leg of a position TP/SL keeps the leg that was not sent, or clears it. */
  readonly omittedLeg: 'keep' | 'clear';
  /** TP/SL of a position that is gone: cancelled by the system at once, or left standing. */
  readonly tpslOnClose: 'cancel' | 'linger';
  /** A POST_ONLY order that would cross: accepted and then cancelled, or refused. */
  readonly postOnlyCross: 'cancel' | 'refuse';
  /** Legs attached to an order become a TP/SL order of its size, or the position's TP/SL. */
  readonly attachedTpsl: 'order' | 'position';
  /** Code for an order on a contract that is not open to the API. */
  readonly closedSymbolCode: 20012 | 20015;
  /** Position rows round `margin` to the price's decimals. */
  readonly roundedMargin: boolean;
  /** What a market order pays beyond the last price, as a fraction of it. */
  readonly slippage: number;
  /** A market order above this notional (USDT) fills in two halves, one loop turn apart; 0 never. */
  readonly partialFillAbove: number;
  /** Count requests per endpoint (documented), or together. */
  readonly rateScope: 'endpoint' | 'shared';
  /** Answer 10005 or 10006 when a limit is passed. */
  readonly rateCode: 10005 | 10006;
  /** Largest batch: 5 now, 20 in old documents. */
  readonly batchMax: number;
}

export const LIVE_QUIRKS: Quirks = {
  accountShape: 'object',
  positionSide: 'BUY_SELL',
  hedgeClose: 'position',
  realizedPnl: 'net',
  feeSign: 'positive',
  numbers: 'strings',
  tpslReply: 'list',
  formingCandle: false,
  swappedVolumes: false,
  fundingShape: 'object',
  statusUnderscore: false,
  nonceReuse: true,
  receiveWindowMs: 60_000,
  cancelAllTakesTpsl: false,
  omittedLeg: 'clear',
  tpslOnClose: 'cancel',
  postOnlyCross: 'cancel',
  attachedTpsl: 'order',
  closedSymbolCode: 20012,
  roundedMargin: false,
  slippage: 0,
  partialFillAbove: 0,
  rateScope: 'endpoint',
  rateCode: 10006,
  batchMax: 5,
};
