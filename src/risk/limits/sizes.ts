import { count, number, share } from './limit.ts';

/** Limits that bound the size of a trade, each by a cap in `gate/sizing.ts`. */
export const SIZES = {
  /** Loss of one trade when its stop fills, with taker fees of both legs and slippage, as a fraction of equity. */
  riskPerTrade: share({
    label: 'risk per trade',
    standard: '0.5',
    ceiling: '1.5',
    tighter: 'lower',
    shown: (value) => `${value} of equity`,
    meaning: 'loss if the stop fills, with entry and exit taker fees and assumed slippage',
  }),
  maxLeverage: {
    ...count({
      label: 'leverage',
      standard: 5,
      ceiling: 5,
      tighter: 'lower',
      shown: (value) => `${value}x at most`,
      meaning: 'the suggestion falls as volatility rises and never rises with confidence',
    }),
    unit: 'times',
  },
  /** Margin of one position as a fraction of equity. */
  marginPerPosition: share({
    label: 'margin per position',
    standard: '20',
    tighter: 'lower',
    shown: (value) => `${value} of equity`,
    meaning: 'so the position value is at most this share x leverage x equity',
    use: 'position-margin',
  }),
  /** Sum over positions of the loss at their stops, as a fraction of equity. */
  maxHeat: share({
    label: 'loss if all stops fill',
    standard: '5',
    tighter: 'lower',
    shown: (value) => `${value} of equity`,
    meaning:
      'of all positions together (portfolio heat); without a stop: isolated at liquidation, else the whole margin; cross its whole value or the account; unknown refuses',
    use: 'heat',
  }),
  /** Share of `maxHeat` that one category may hold. */
  categoryHeatShare: share({
    label: 'one category',
    standard: '40',
    tighter: 'lower',
    shown: (value) => `${value} of the loss if all stops fill`,
    meaning: 'how much of that loss may come from coins of one category',
  }),
  /** Loss when every price jumps by `jumpMove` against what is open, as a fraction of equity. */
  maxJumpLoss: share({
    label: 'jump',
    standard: '15',
    tighter: 'lower',
    shown: (value) => `at most ${value} of equity`,
    meaning:
      'loss if every price jumps by the size of a jump against the positions, through the stops; the new trade counts too',
    use: 'jump',
  }),
  /** Size of that jump as a fraction of the price. */
  jumpMove: share({
    label: 'size of a jump',
    standard: '10',
    tighter: 'higher',
    shown: (value) => `${value} of price`,
    meaning: 'how far every price is taken to jump at once, against you',
  }),
  /** Share of `riskPerTrade` that what is left must allow, or the trade is not worth its costs. */
  smallestTrade: share({
    label: 'smallest trade',
    standard: '25',
    tighter: 'higher',
    shown: (value) => `${value} of the risk per trade`,
    meaning:
      'where the day, the stops, a jump or free margin leave less than that for a new trade, it is refused as too small to be worth its costs',
  }),
  /** Liquidation must be further from entry than this many stop distances. */
  liquidationStopMultiple: number({
    label: 'liquidation distance',
    standard: 2,
    tighter: 'higher',
    shown: (value) => `more than ${value}x the stop distance`,
    meaning: 'the stop must be able to work long before the exchange closes the position',
  }),
} as const;
