import type { Finding } from '../../domain/alert.ts';
import { numberText, percentText, shareText } from '../../domain/words/words.ts';
import { formatUtc } from '../../domain/time.ts';
import { signedUsd, usdText, type Ratio, type Usd } from '../../domain/money/money.ts';

type Words = (value: never) => string;
const number: Words = (value: bigint | number) =>
  typeof value === 'bigint' ? numberText(value as Usd) : String(Number(value.toFixed(2)));
const money: Words = (value: Usd) => usdText(value);
const result: Words = (value: Usd) => signedUsd(value);
const share: Words = (value: bigint | number) =>
  typeof value === 'bigint' ? percentText(value as Ratio) : shareText(value);
const time: Words = (value: number) => formatUtc(value);
const word: Words = (value: string | boolean) => String(value);

/** What of an alert's inputs is shown, and how; in this order. */
const SHOWN: Readonly<Record<string, readonly [label: string, words: Words]>> = {
  symbol: ['contract', word],
  side: ['side', word],
  qty: ['size', number],
  maxQty: ['largest size', number],
  uncovered: ['without a working stop', number],
  entryPrice: ['entry', number],
  entry: ['entry', number],
  exitPrice: ['exit', number],
  closePrice: ['exit', number],
  mark: ['mark price', number],
  price: ['level', number],
  stop: ['stop', number],
  stopPrice: ['stop', number],
  target: ['target', number],
  targetPrice: ['target', number],
  liquidationPrice: ['liquidation price', number],
  gone: ['percent of the way to liquidation that are gone, at least', number],
  percent: ['percent, at least', number],
  use: ['of the margin needed by the exchange', share],
  share: ['used', share],
  leverage: ['leverage', number],
  marginMode: ['margin mode', word],
  margin: ['margin', money],
  equity: ['equity', money],
  amount: ['amount', result],
  gross: ['result by price', result],
  fees: ['fees', money],
  funding: ['funding', result],
  net: ['result', result],
  score: ['score', number],
  rewardRisk: ['reward to risk', number],
  risk: ['risk', money],
  offsetMs: ['clocks apart, milliseconds', number],
  openPositions: ['open positions', number],
  openedAt: ['opened', time],
  closedAt: ['closed', time],
  since: ['since', time],
  lastAt: ['last seen', time],
  reason: ['reason', word],
  lostAt: ['lost', time],
  candleClosedAt: ['candle closed', time],
  dayResult: ['result of the day', result],
  dayStartEquity: ["equity at the day's start", money],
  peakEquity: ['highest equity, at least, going by closed trades', money],
  tradesToday: ['entries today', number],
  lossStreak: ['losses in a row', number],
  coolOffUntil: ['pause until', time],
  pausedSymbols: ['paused after a loss', word],
  held: ["held over the day's start", word],
  unsplit: ['all funding ever paid counts as paid today', word],
  unpriced: ["no price at the day's start, the worst known one was taken", word],
  unproven: ['fills do not add up to what is open: losses count, no gain does', word],
  fills: ['fills', number],
};

/** What an alert was decided by, as "entry: 3,000"; each name once, as it comes first. */
export function figuresOf(inputs: readonly unknown[]): readonly string[] {
  const known = new Map<string, unknown>();
  for (const each of inputs) collect(each, known);
  const lines = Object.entries(SHOWN).flatMap(([name, [label, words]]) => {
    const value = known.get(name);
    return value === undefined ? [] : [`${label}: ${words(value as never)}`];
  });
  return [...new Set(lines)];
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');

/** Outer ones first. */
function collect(value: unknown, known: Map<string, unknown>): void {
  if (typeof value !== 'object' || value === null || value instanceof Map) return;
  // A finding that another rule has made into one of its own.
  if ('basis' in value) return collect((value as Pick<Finding, 'basis'>).basis?.inputs, known);
  const fields = Object.entries(value);
  for (const [name, each] of fields) {
    if (known.has(name)) continue;
    if (typeof each !== 'object') known.set(name, each);
    else if (isNames(each)) known.set(name, each.join(', '));
  }
  for (const [, each] of fields) collect(each, known);
}
