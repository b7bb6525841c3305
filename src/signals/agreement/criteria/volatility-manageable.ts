import { percentText, type Criterion } from '../criterion.ts';

/** Filter: the usual candle is neither huge nor suddenly much larger than before. */
export const volatilityManageable: Criterion = {
  id: 'volatility-manageable',
  label: 'Volatility is manageable',
  thresholds: ['maxAtrFraction', 'maxAtrRise'],
  met: (view, { maxAtrFraction, maxAtrRise }) =>
    view.atr / view.close < maxAtrFraction && view.atr < maxAtrRise * view.atrMean,
  explain: (view, parameters, side) => ({
    value: `ATR ${percentText(view.atr / view.close, 2)} of price, ${(view.atr / view.atrMean).toFixed(2)}x its mean`,
    reason: volatilityManageable.met(view, parameters, side)
      ? 'Candles have a size that a stop can live with.'
      : `Too wild: ATR must be below ${percentText(parameters.maxAtrFraction)} of price and below ${parameters.maxAtrRise}x its mean of 20.`,
  }),
};
