import { requireFinite } from '../chart.ts';

const MAX_DECIMALS = 14;
const SIGNIFICANT_DIGITS = 7;
const formatters = new Map<number, Intl.NumberFormat>();

/** `1234.5` as `1,234.50`: grouped, always `decimals` places, never "-0". Throws `ChartDataError` for what is no number. */
export function formatNumber(value: number, decimals: number): string {
  const places = Math.min(MAX_DECIMALS, Math.max(0, decimals));
  let formatter = formatters.get(places);
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
      signDisplay: 'negative',
    });
    formatters.set(places, formatter);
  }
  return formatter.format(requireFinite(value, 'a figure'));
}

/** Amount of account currency: two places, four under 1, none from a million. */
export function formatMoney(value: number): string {
  const size = Math.abs(value);
  if (size >= 1_000_000) return formatNumber(value, 0);
  return formatNumber(value, size > 0 && size < 1 ? 4 : 2);
}

/** As `formatMoney` with a plus sign before gains. */
export function formatSignedMoney(value: number): string {
  return withPlus(formatMoney(value), value);
}

/** Percent figure (5 means 5 %) as `5.0 %`. */
export function formatPercent(value: number, decimals = 1): string {
  return `${formatNumber(value, decimals)} %`;
}

export function formatSignedPercent(value: number, decimals = 1): string {
  return withPlus(formatPercent(value, decimals), value);
}

function withPlus(text: string, value: number): string {
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/**
 * Decimal places that show all these prices as they are, from 0.00000123 to 120,000, limited to seven significant
 * digits of the largest so that float noise is not printed.
 */
export function priceDecimals(prices: readonly number[]): number {
  const largest = prices.reduce((max, price) => Math.max(max, Math.abs(price)), 0);
  if (largest === 0) return 2;
  const limit = Math.max(0, SIGNIFICANT_DIGITS - 1 - Math.floor(Math.log10(largest)));
  for (let places = 0; places < limit; places++) {
    if (prices.every((price) => isExact(price, places, largest))) return places;
  }
  return Math.min(MAX_DECIMALS, limit);
}

function isExact(price: number, places: number, largest: number): boolean {
  const factor = 10 ** places;
  return Math.abs(Math.round(price * factor) / factor - price) <= largest * 1e-9;
}

/** Round values between `min` and `max`, with the decimal places they need. */
export interface ScaleTicks {
  readonly values: readonly number[];
  readonly decimals: number;
}

/** The least step of 1, 2 or 5 times a power of ten that cuts `span` (over 0) into at most `count` parts. */
export function scaleStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5].map((n) => n * power).find((step) => step >= rough * (1 - 1e-9)) ?? power * 10;
}

/** The multiples of `scaleStep` from `min` to `max`. `max` must be over `min`. */
export function scaleTicks(min: number, max: number, count: number): ScaleTicks {
  const step = scaleStep(max - min, count);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const values: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + step * 1e-9; k++) {
    values.push(Number((k * step).toFixed(Math.min(MAX_DECIMALS, decimals))));
  }
  return { values, decimals };
}
