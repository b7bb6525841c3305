/**
 * The points on which the exchange's documentation, its live answers and its users disagree. The first reading of each is the
 * one in force unless told: the live one where somebody saw it, else the documented or the likelier one.
 */
export const READINGS = {
  /** `/account` answers with an object (live) or a list of one (documentation). */
  accountShape: ['object', 'array'],
  /** Side of REST position rows: BUY/SELL (live) or LONG/SHORT (documentation). */
  positionSide: ['BUY_SELL', 'LONG_SHORT'],
  /** Closing in hedge mode: `side` names the position's direction (documented), the opposite, or either. */
  hedgeClose: ['position', 'opposite', 'either'],
  /**
   * Side of orders and fills that close in hedge mode: the trade itself, so that closing a long reads SELL (documented, and seen by
   * two live clients), or the side that was sent.
   */
  closingSide: ['action', 'requested'],
  /** Position `realizedPNL`: net of fee and funding (live) or price profit alone (documentation). */
  realizedPnl: ['net', 'gross'],
  /** Sign of a position's `fee`: positive (newer captures) or negative. */
  feeSign: ['positive', 'negative'],
  /** Sign of a position's `funding`: negative when paid (live), or positive. */
  fundingSign: ['negative-paid', 'positive-paid'],
  /** `liqQty` of a closed position: the quantity (documented), or the loss of the liquidation in USDT, as seen once. */
  liqQty: ['quantity', 'loss'],
  /** `marginRate`: maintenance over margin balance (small is safe), or margin balance over notional (large is safe). */
  marginRate: ['maintenance', 'cover'],
  /** Times and totals as strings (live) or numbers (documentation). */
  numbers: ['strings', 'numbers'],
  /** `leverage` of closed positions: a string (as two clients of typed languages read it live) or a number (documentation). */
  closedLeverage: ['string', 'number'],
  /** Answer of tpsl/place_order: a list of one (live) or an object (documentation). */
  tpslReply: ['list', 'object'],
  /** Answers of the setters of leverage and margin mode: a list of one, or an object. */
  leverageReply: ['list', 'object'],
  marginModeReply: ['object', 'list'],
  /** `clientId` in the reply about an order that has none: an empty text (documented as a text, and a typed client reads nothing else) or null. */
  noClientId: ['empty', 'null'],
  /** Key of an order's id in the successes of a batch, and the kind of the codes of its failures. */
  batchIdKey: ['id', 'orderId'],
  batchCodes: ['numbers', 'strings'],
  /** Rows of orders as seen live, or as in the documentation's samples (`type` for `orderType`, with a `source`). */
  orderRow: ['live', 'sample'],
  /** Whether orders of an auto-deleveraging name it as their `source`: a guess, nobody has published one. */
  adlSource: [true, false],
  /** Whether rows of orders carry `avgPrice` (live: no). */
  avgPrice: [false, true],
  /** Levels of the REST depth as texts (live) or numbers (samples). */
  depthNumbers: ['strings', 'numbers'],
  /** Quantity in the row of a position's own TP/SL: none, or the whole position's. */
  positionTpslQty: ['none', 'whole'],
  /** Whether kline lists the candle that is still forming (live: never). */
  formingCandle: [false, true],
  /** Whether quoteVol and baseVol of a kline change places. */
  swappedVolumes: [false, true],
  /** Answer of the single funding_rate call. */
  fundingShape: ['object', 'array'],
  /** An underscore behind the status of pending orders, seen live now and then. */
  statusUnderscore: [false, true],
  /** What the signature covers of a query: plain values, the percent signs that were sent, or either. */
  signedQuery: ['decoded', 'encoded', 'either'],
  /** Whether a header `time` does for `timestamp`, as in old samples. */
  timeHeader: [false, true],
  /** Unit of the time in a stream login. */
  loginTime: ['either', 'seconds', 'milliseconds'],
  /** A refused login is answered before the socket ends, or it just ends. */
  loginRefusal: ['reply', 'close'],
  /** `data` of private frames: an object (live) or a list of one. */
  privateData: ['object', 'list'],
  /** `type` of a tpsl frame: its kind (live) or its order type (documented); `side`: of the closing order, or of the position. */
  tpslFrameType: ['kind', 'order-type'],
  tpslFrameSide: ['closing', 'position'],
  /** Whether order frames carry the stop loss (live: never), and LONG or SHORT where the effect should be (seen live). */
  orderFrameStops: [false, true],
  orderFrameEffect: ['effect', 'direction'],
  /** Whether a nonce may be used twice. */
  nonceReuse: [true, false],
  /** Whether a nonce may be empty, as the official Java client sends it unless it is given one. */
  emptyNonce: [true, false],
  /** Whether cancel_all_orders takes TP/SL with it. */
  cancelAllTakesTpsl: [false, true],
  /** Changing one leg of a position TP/SL keeps the leg that was not sent, or clears it. */
  omittedLeg: ['clear', 'keep'],
  /** TP/SL of a position that is gone: cancelled by the system at once, or left standing. */
  tpslOnClose: ['cancel', 'linger'],
  /** A POST_ONLY order that would cross: accepted and then cancelled, or refused. */
  postOnlyCross: ['cancel', 'refuse'],
  /** Last status of an IOC or FOK order that found nothing to fill it. */
  unfilledStatus: ['CANCELED', 'EXPIRED'],
  /** Legs attached to an order become a TP/SL order of its size, or the position's TP/SL. */
  attachedTpsl: ['order', 'position'],
  /** Code for an order on a contract that is not open to the API. */
  closedSymbolCode: [20012, 20015],
  /** Whether a position in a contract that the API may not trade can be closed through it all the same. */
  closedSymbolExit: ['allow', 'refuse'],
  /** Code for a contract that does not exist. */
  unknownSymbolCode: [20015, 20001],
  /** Code for a quantity or price with too many decimals. */
  precisionCode: [10002, 30016],
  /** Code for changing the position mode with something open. */
  positionModeCode: [20009, 200014],
  /** Codes for a trigger on the wrong side of the market: 30026 to 30033, or the older 30020 to 30023. */
  triggerCodes: ['new', 'old'],
  /** Codes for a leg on the wrong side of a resting order's price: as against an entry (30007 to 30010), the market, or a trigger (30035 to 30037). */
  restingLegCodes: ['entry', 'market', 'trigger'],
  /** What a leg triggers on when it does not say. */
  defaultStopType: ['MARK_PRICE', 'LAST_PRICE'],
  /** Limit prices are bounded on the side that crosses the mark, or on both. */
  priceBand: ['crossing', 'both'],
  /** A `limit` above 100 rows is cut to 100 (clients that live off it send 200), or refused. */
  limitAbove: ['cut', 'refuse'],
  /** A symbol beside the id in get_order_detail is refused (seen live), or ignored, as two clients expect. */
  detailSymbol: ['refuse', 'ignore'],
  /** Whether cancel_orders needs a symbol (documented; an official demo leaves it out). */
  cancelNeedsSymbol: [true, false],
  /** Client ids are unique in the account, or in each contract. */
  clientIdScope: ['account', 'symbol'],
  /** Maintenance of an isolated position at the mark, or at its entry value. */
  isolatedLine: ['mark', 'entry'],
  /** Whether a liquidation pays the taker fee. */
  liquidationFee: [true, false],
  /** Funding charges the rate as it is at the settlement, or as it was when the interval began. */
  fundingCharged: ['at-settlement', 'at-start'],
  /** Position rows round `margin` to the price's decimals. */
  roundedMargin: [false, true],
  /** Count requests per endpoint (documented), or together. */
  rateScope: ['endpoint', 'shared'],
  /** Answer 10005 or 10006 when a limit is passed. */
  rateCode: [10006, 10005],
  /** HTTP status of that answer. */
  rateStatus: [200, 429],
} as const;

/** Points that are a figure. */
const FIGURES = {
  /** Real milliseconds after which every socket is closed; 0 never. */
  socketLifetimeMs: 0,
  /** Farthest a request's timestamp may be from venue time, ms. */
  receiveWindowMs: 60_000,
  /** How far a trigger must at least be away from the price, as a fraction of it (30005); 0 any. The real figure is not known. */
  triggerDistance: 0.0001,
  /** What a market order pays beyond the last price, as a fraction of it. */
  slippage: 0,
  /** The same for what a gap has set off, where it is more. */
  gapSlippage: 0,
  /**
   * What the market takes at once, USDT; 0 everything. A larger market order fills in two halves one turn apart, a larger limit
   * order rests with its second half, IOC loses it, FOK is refused.
   */
  partialFillAbove: 0,
  /** Requests of one address in two seconds above which it gets a challenge page for a minute; 0 never. */
  challengeAbove: 0,
  /** Largest batch: 5 now, 20 in old documents. */
  batchMax: 5,
};

type Readings = typeof READINGS;

/** How a venue is set on every disputed point. */
export type Quirks = { readonly [Name in keyof Readings]: Readings[Name][number] } & Readonly<
  typeof FIGURES
>;

/** Every point as it is unless told. */
export const LIVE_QUIRKS = {
  ...Object.fromEntries(Object.entries(READINGS).map(([name, [first]]) => [name, first])),
  ...FIGURES,
} as Quirks;
