import type { Candle } from '../../domain/candle.ts';
import type {
  FundingRate,
  FundingSettlement,
  Instrument,
  InstrumentStatus,
  RiskTier,
  Ticker,
} from '../../domain/instrument.ts';
import { divideBy, price, qty, ratio, usd } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import { mapRow, type Mapped, type OnUnknown } from './mapped.ts';
import {
  fundingHistoryRow,
  fundingRow,
  klineRow,
  tickerRow,
  tierRow,
  tradingPairRow,
} from './schemas.ts';

const STATUSES: Readonly<Record<string, InstrumentStatus>> = {
  OPEN: 'open',
  CANCEL_ONLY: 'cancel-only',
  STOP: 'stopped',
  PREVIEW: 'preview',
};

/** The exchange names no tick or step: they follow from the number of decimals. */
const unit = (decimals: number): string => `1e-${decimals}`;

export const toInstrument = (row: unknown, onUnknown: OnUnknown): Mapped<Instrument> =>
  mapRow(tradingPairRow, row, (wire) => {
    const { basePrecision, quotePrecision } = wire;
    if (!isPrecision(basePrecision) || !isPrecision(quotePrecision)) {
      return { problem: `precision ${basePrecision}/${quotePrecision} is out of range` };
    }
    const largest = wire.maxMarketOrderVolume ?? wire.maxLimitOrderVolume;
    if (largest === undefined) return { problem: 'no maximum quantity' };
    const status = wire.symbolStatus ?? '';
    if (STATUSES[status] === undefined) onUnknown('symbolStatus', status);
    return {
      value: {
        symbol: wire.symbol,
        base: wire.base,
        quote: wire.quote,
        tick: price(unit(quotePrecision)),
        step: qty(unit(basePrecision)),
        priceDecimals: quotePrecision,
        qtyDecimals: basePrecision,
        minQty: qty(wire.minTradeVolume),
        maxMarketQty: qty(largest),
        maxLimitQty: qty(wire.maxLimitOrderVolume ?? largest),
        minLeverage: wire.minLeverage ?? 1,
        maxLeverage: wire.maxLeverage,
        status: STATUSES[status] ?? 'unknown',
        apiTradable: wire.isApiSupported,
        ...(wire.priceProtectScope === undefined
          ? {}
          : { priceProtect: ratio(wire.priceProtectScope) }),
        ...(wire.launchTime === undefined ? {} : { launchTime: wire.launchTime }),
        ...(wire.delistTime === undefined ? {} : { delistTime: wire.delistTime }),
      },
    };
  });

const isPrecision = (decimals: number): boolean => decimals >= 0 && decimals <= 18;

/** A ticker; one that lacks a figure is left out, because none is made up. */
export const toTicker = (row: unknown, at: Timestamp): Mapped<Ticker> =>
  mapRow(tickerRow, row, (wire) => {
    const last = wire.lastPrice ?? wire.last;
    if (last === undefined) return { problem: 'no last price' };
    return {
      value: {
        symbol: wire.symbol,
        mark: price(wire.markPrice),
        last: price(last),
        open24h: price(wire.open),
        high24h: price(wire.high),
        low24h: price(wire.low),
        quoteVolume24h: usd(wire.quoteVol),
        at,
      },
    };
  });

/**
 * A candle with its volume in the base coin. The exchange has been seen with the two volumes swapped: the one that is larger by
 * about the price is the quote volume.
 */
export const toCandle = (row: unknown): Mapped<Candle> =>
  mapRow(klineRow, row, ({ open, high, low, close, quoteVol, baseVol, time }) => {
    if (Math.min(open, high, low, close) <= 0) return { problem: 'a price is not above 0' };
    if (high < Math.max(open, close, low) || low > Math.min(open, close)) {
      return { problem: 'high and low do not enclose open and close' };
    }
    if (baseVol < 0 || quoteVol < 0) return { problem: 'a volume is negative' };
    const volume = baseVolume({ baseVol, quoteVol }, (high + low + close) / 3);
    return { value: { openTime: time, open, high, low, close, volume } };
  });

/** Which of both is the base volume, judged by the price: quote ÷ base is the average price paid. */
export function baseVolume(
  volumes: { readonly baseVol: number; readonly quoteVol: number },
  typical: number,
): number {
  const { baseVol, quoteVol } = volumes;
  if (baseVol === 0 || quoteVol === 0) return baseVol;
  const asNamed = Math.abs(Math.log(quoteVol / baseVol / typical));
  const swapped = Math.abs(Math.log(baseVol / quoteVol / typical));
  return swapped < asNamed ? quoteVol : baseVol;
}

/** The batch call names rates in percent for one interval. */
export const toFundingRate = (row: unknown): Mapped<FundingRate> =>
  mapRow(fundingRow, row, (wire) => ({
    value: {
      symbol: wire.symbol,
      rate: divideBy(ratio(wire.fundingRate), 100, 'down'),
      intervalHours: wire.fundingInterval,
      nextAt: wire.nextFundingTime,
    },
  }));

/** The history names rates as fractions, unlike the batch call. */
export const toFundingSettlement = (row: unknown): Mapped<FundingSettlement> =>
  mapRow(fundingHistoryRow, row, (wire) => ({
    value: {
      rate: ratio(wire.fundingRate),
      ...(wire.markPrice === undefined ? {} : { mark: price(wire.markPrice) }),
      at: wire.fundingTime,
    },
  }));

export const toRiskTier = (row: unknown): Mapped<RiskTier> =>
  mapRow(tierRow, row, (wire) => ({
    value: {
      level: wire.level,
      from: usd(wire.startValue),
      to: usd(wire.endValue),
      maxLeverage: wire.leverage,
      maintenanceRate: ratio(wire.maintenanceMarginRate),
    },
  }));
