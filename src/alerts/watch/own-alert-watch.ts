import { rules } from '../explain/with-basis.ts';
import type { OwnSight } from '../rules/own-alert.ts';
import type { Finding } from '../../domain/alert.ts';
import { abs, mulDiv, ONE_RATIO, ratio, type Price, type Ratio } from '../../domain/money/money.ts';
import type { OwnAlert, OwnCondition } from '../own-alert.ts';

/** What became of an own alert after a look; absent: nothing changed. */
export interface OwnStep {
  /** Undefined: it is done with. */
  readonly after: OwnAlert | undefined;
  readonly finding?: Finding;
}

/** A repeated one is told again once the value has moved so far back. */
const BACK = ratio('0.002');
const FUNDING_BACK = ratio('0.8');

/** The price at which it is told, and whether it comes from below; undefined where none is known. */
export function levelOf(
  condition: OwnCondition,
): { readonly price: Price; readonly up: boolean } | undefined {
  if (condition.kind === 'price') return { price: condition.price, up: condition.towards === 'up' };
  if (condition.kind === 'move' && condition.level !== undefined)
    return { price: condition.level, up: condition.share > 0n };
  return undefined;
}

/** So far from that price by that share, rounded towards it. */
export const moved = (from: Price, share: Ratio): Price =>
  mulDiv(from, ONE_RATIO + share, { c: ONE_RATIO, rounding: share < 0n ? 'up' : 'down' }) as Price;

/** Whether it is reached, or has moved back from there; undefined where what it takes was not seen. */
function placeOf(condition: OwnCondition, seen: OwnSight): 'reached' | 'back' | 'near' | undefined {
  if (condition.kind === 'funding') {
    if (seen.funding === undefined) return undefined;
    const { share, signed } = condition;
    const value = signed ? (share < 0n ? -seen.funding : seen.funding) : abs(seen.funding);
    const wanted = abs(share);
    if (value >= wanted) return 'reached';
    return value < mulDiv(wanted, FUNDING_BACK, { c: ONE_RATIO, rounding: 'down' })
      ? 'back'
      : 'near';
  }
  const level = levelOf(condition);
  if (level === undefined || seen.mark === undefined) return undefined;
  const { price, up } = level;
  if (up ? seen.mark >= price : seen.mark <= price) return 'reached';
  const back = moved(price, (up ? -BACK : BACK) as Ratio);
  return (up ? seen.mark < back : seen.mark > back) ? 'back' : 'near';
}

/** One look at what the owner has asked to be told of: told when it is reached, once, or again after it has moved back. */
export function lookAtOwn(own: OwnAlert, seen: OwnSight): OwnStep | undefined {
  const place = placeOf(own.condition, seen);
  if (own.resting === true) {
    const { resting: _rests, ...armed } = own;
    return place === 'back' ? { after: armed } : undefined;
  }
  if (place !== 'reached') return undefined;
  const finding = rules.ownAlertReached(own, seen);
  const after = own.repeat ? { ...own, told: own.told + 1, resting: true as const } : undefined;
  return { after, finding };
}
