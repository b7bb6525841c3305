import { percent, ratioOf, type Price } from '../../domain/money/money.ts';
import { distance, stopReached, targetReached, type Side } from '../../domain/position.ts';
import type { Candidate } from '../gate/gate-facts.ts';
import { percentText, priceText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

const losing = (side: Side): string => (side === 'long' ? 'below' : 'above');
const winning = (side: Side): string => (side === 'long' ? 'above' : 'below');

const reference = (candidate: Candidate, mark: Price | undefined): readonly Price[] =>
  mark === undefined ? [candidate.entry] : [candidate.entry, mark];

/** Prices must be above 0: anything else is a broken reading. */
export const pricesPositive: LimitRule = ({ candidate, mark }) => {
  const bad = [candidate.entry, candidate.stop, candidate.target, mark?.price].find(
    (each) => each !== undefined && each <= 0n,
  );
  if (bad === undefined) return undefined;
  const found = { limit: 'above 0', observed: priceText(bad) };
  return refuse('price-not-positive', found, `A price of ${found.observed} cannot be right.`);
};

/** The stop must lie on the losing side of both the entry and the mark price, else it would fire at once. */
export const stopOnLosingSide: LimitRule = ({ candidate, mark }) => {
  const { side, stop } = candidate;
  const reached = reference(candidate, mark?.price).find((each) => stopReached(side, stop, each));
  if (reached === undefined) return undefined;
  const found = { limit: `${losing(side)} ${priceText(reached)}`, observed: priceText(stop) };
  const sentence = `The stop of a ${side} must be ${found.limit}; it is ${found.observed}.`;
  return refuse('stop-wrong-side', found, sentence);
};

/** The target must lie on the winning side of both the entry and the mark price. */
export const targetOnWinningSide: LimitRule = ({ candidate, mark }) => {
  const { side, target } = candidate;
  const reached = reference(candidate, mark?.price).find((each) =>
    targetReached(side, target, each),
  );
  if (reached === undefined) return undefined;
  const found = { limit: `${winning(side)} ${priceText(reached)}`, observed: priceText(target) };
  const sentence = `The target of a ${side} must be ${found.limit}; it is ${found.observed}.`;
  return refuse('target-wrong-side', found, sentence);
};

/** Stop and target must be prices that the exchange accepts. */
export const pricesOnTick: LimitRule = ({ candidate, instrument }) => {
  if (instrument === undefined || instrument.tick === 0n) return undefined;
  const { tick } = instrument;
  const off = [candidate.stop, candidate.target].find((each) => each % tick !== 0n);
  if (off === undefined) return undefined;
  const found = { limit: `steps of ${priceText(tick)}`, observed: priceText(off) };
  const sentence = `${found.observed} is not a price that ${candidate.symbol} can trade at: its prices move in ${found.limit}.`;
  return refuse('price-off-tick', found, sentence);
};

/** No limit of the owner's: a higher least stop distance must not let a wrong price pass. */
const APART_AT_MOST = percent('0.5');

/** A reference price further from the mark than the closest stop by default would make every distance meaningless. */
export const entryAgreesWithMark: LimitRule = ({ candidate, mark }) => {
  if (mark === undefined || mark.price <= 0n) return undefined;
  const apart = ratioOf(distance(candidate.entry, mark.price), mark.price, 'down');
  if (apart < APART_AT_MOST) return undefined;
  const found = { limit: `under ${percentText(APART_AT_MOST)}`, observed: percentText(apart) };
  const sentence = `The reference price ${priceText(candidate.entry)} is ${found.observed} away from the mark price ${priceText(mark.price)}.`;
  return refuse('price-disagrees', found, sentence);
};
