import { abs, price, sub, times, type Price } from '../../domain/money/money.ts';
import { askWhich, readNumber, type NumberRead } from '../../domain/words/read-number.ts';

/** A price that is further from the market than this is asked about. */
const FAR_PERCENT = 20;

/** Whether a price lies more than 20 % from the market. */
export const isFar = (at: Price, mark: Price): boolean =>
  times(abs(sub(at, mark)), 100) > times(mark, FAR_PERCENT);

/** What to say of words that are no price. */
export const noPrice = (typed: string): string =>
  `"${typed.slice(0, 30)}" is not a price. Use digits, such as 65000, 65,000.5 or 0.0123, above 0.`;

/** A price as a person types it, or what is wrong with it: what can be read in two ways is what lies near the market, if only one does. */
export function typedPrice(typed: string, mark: Price | undefined): Price | string {
  const read = readNumber(typed);
  if (read.kind === 'unreadable') return noPrice(typed);
  if (read.kind === 'unclear') return nearMarket(read, mark) ?? askWhich(typed.slice(0, 30), read);
  const value = price(read.text);
  return value > 0n ? value : noPrice(typed);
}

function nearMarket(
  read: Extract<NumberRead, { kind: 'unclear' }>,
  mark: Price | undefined,
): Price | undefined {
  if (mark === undefined) return undefined;
  const near = [price(read.smaller), price(read.larger)].filter((each) => !isFar(each, mark));
  return near.length === 1 ? near[0] : undefined;
}
