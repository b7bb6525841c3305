import { durationText } from '../terms/phrase.ts';
import { refuse, type Refusal } from '../terms/refusal.ts';
import type { GateContext } from '../gate/gate-input.ts';
import { ageOf } from './rule.ts';

const NEEDED = [
  ['account', 'account-missing', 'the account'],
  ['positions', 'positions-missing', 'the open positions'],
  ['protections', 'protections-missing', 'the resting stops and targets'],
  ['openEntryOrders', 'orders-missing', 'the open orders'],
  ['instrument', 'instrument-missing', "the contract's trading rules"],
  ['mark', 'price-missing', 'the mark price'],
  ['inFlight', 'in-flight-missing', 'the entries on their way'],
  ['state', 'state-missing', "the day's first equity and high-water mark"],
  ['mode', 'mode-missing', 'the trading mode'],
] as const;

/** Whether a refusal with this code is for want of a reading: another one may come, and says nothing against the entry itself. */
export const isForWantOfReading = ({ code }: Pick<Refusal, 'code'>): boolean =>
  /-(missing|stale)$/.test(code) || code === 'reads-failing';

const ageText = (age: number): string =>
  Number.isFinite(age) ? `${durationText(age)} old` : 'dated ahead of the exchange’s time';

/** Every input that is missing or too old. Unknown is never a neutral value: it refuses. */
export function missingInputs(context: GateContext): Refusal[] {
  const refusals: Refusal[] = NEEDED.filter(([key]) => context[key] === undefined).map(
    ([, code, what]) =>
      refuse(
        code,
        { limit: 'known', observed: 'missing' },
        `Cannot judge this entry: ${what} could not be read.`,
      ),
  );
  if (context.tiers === undefined || context.tiers.length === 0) {
    const sentence = "Cannot judge this entry: the exchange's risk tiers could not be read.";
    refusals.push(refuse('tiers-missing', { limit: 'known', observed: 'missing' }, sentence));
  }
  return [...refusals, ...missingMarket(context), ...staleInputs(context)];
}

function missingMarket({ market }: GateContext): Refusal[] {
  if (market === 'not judged') return [];
  const { btcAtr, marginRatio } = market;
  const unknown = { limit: 'known', observed: 'missing' };
  const volatility = "Cannot judge this entry: Bitcoin's hourly candles could not be read.";
  const margin = 'Cannot judge this entry: the margin that open positions need could not be read.';
  return [
    ...(btcAtr === undefined || (btcAtr !== 'not listed' && !(btcAtr.median > 0))
      ? [refuse('market-volatility-missing', unknown, volatility)]
      : []),
    ...(marginRatio === undefined ? [refuse('margin-ratio-missing', unknown, margin)] : []),
  ];
}

function staleInputs({ account, mark, limits, now }: GateContext): Refusal[] {
  const refusals: Refusal[] = [];
  if (account !== undefined) {
    const age = ageOf(account.at, now);
    if (age >= limits.accountMaxAgeMs) {
      const found = {
        limit: `under ${durationText(limits.accountMaxAgeMs)}`,
        observed: ageText(age),
      };
      const sentence = `The account reading is ${found.observed}; an entry needs one ${found.limit} old.`;
      refusals.push(refuse('account-stale', found, sentence));
    }
  }
  if (mark !== undefined) {
    const age = ageOf(mark.at, now);
    if (age > limits.priceMaxAgeMs) {
      const found = {
        limit: `at most ${durationText(limits.priceMaxAgeMs)}`,
        observed: ageText(age),
      };
      const sentence = `The mark price is ${found.observed}; an entry needs one ${found.limit} old.`;
      refusals.push(refuse('price-stale', found, sentence));
    }
  }
  return refusals;
}
