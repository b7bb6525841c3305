import type { Instrument, RiskTier } from '../../domain/instrument.ts';
import {
  ratio,
  stepOfDecimals,
  usd,
  ZERO_USD,
  type Price,
  type Qty,
} from '../../domain/money/money.ts';

/** What is known of a recorded market. */
export interface RecordedMarket {
  readonly symbol: string;
  /** Decimals of its recorded prices, 0 to 18. */
  readonly priceDecimals: number;
  /** Any price of it, to choose a quantity step. */
  readonly price: number;
}

/** Worth of the largest quantity step that is assumed, in quote currency. */
const STEP_WORTH = 0.1;

/**
 * A contract for recorded candles, which carry no trading rules. Assumed: the tick is the last recorded decimal, the quantity
 * step and minimum are the largest power of ten worth 0.1 USDT or less, leverage up to 50x, no maximum that would bind.
 */
export function recordedInstrument({ symbol, priceDecimals, price }: RecordedMarket): Instrument {
  const qtyDecimals = Math.min(12, Math.max(0, Math.ceil(Math.log10(price / STEP_WORTH))));
  const step = stepOfDecimals(qtyDecimals) as Qty;
  const most = (10n ** 12n * 10n ** 18n) as Qty;
  return {
    symbol,
    base: symbol.replace(/USDT$/, ''),
    quote: 'USDT',
    tick: stepOfDecimals(Math.min(18, priceDecimals)) as Price,
    step,
    priceDecimals: Math.min(18, priceDecimals),
    qtyDecimals,
    minQty: step,
    maxMarketQty: most,
    maxLimitQty: most,
    minLeverage: 1,
    maxLeverage: 50,
    status: 'open',
    apiTradable: true,
  };
}

/** Assumed where no risk ladder is recorded: one step with 1 % maintenance, which brings liquidation nearer than most real ones. */
export const RECORDED_TIERS: readonly RiskTier[] = [
  {
    level: 1,
    from: ZERO_USD,
    to: usd('10000000'),
    maxLeverage: 50,
    maintenanceRate: ratio('0.01'),
  },
];
