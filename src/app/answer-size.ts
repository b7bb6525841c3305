import type { Instrument } from '../domain/instrument.ts';
import { isDecimal, price, type Price } from '../domain/money.ts';
import { calculateSize, type SizeAnswer } from '../risk/size-calculator.ts';
import type { Ports } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';
import { reasonOf } from './reading.ts';
import { resolveSymbol, similarSymbols } from './resolve-symbol.ts';

/** How /size is written, for answers to what cannot be read. */
export const SIZE_FORM =
  'Write it as: /size BTC 65000 63900 (coin, entry price, stop price). A stop below the entry means long, above it short. A word such as 3x sets the leverage.';

export type SizeReply =
  | {
      readonly kind: 'answer';
      readonly symbol: string;
      readonly entry: Price;
      readonly stop: Price;
      readonly answer: SizeAnswer;
    }
  /** What was wrong and what is allowed, in plain sentences. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

interface Wish {
  readonly coin: string;
  readonly entry: Price;
  readonly stop: Price;
  readonly leverage?: number;
}

const refused = (...reasons: readonly string[]): SizeReply => ({ kind: 'refused', reasons });

/** The size calculator: the sizing of the gate for any entry and stop, with the account of now. Never rejects. */
export async function answerSize(ports: Ports, words: string): Promise<SizeReply> {
  const wish = parseWish(words, ports.limits.maxLeverage);
  if (typeof wish === 'string') return refused(wish, SIZE_FORM);
  try {
    const instruments = await ports.market.instruments();
    const symbol = resolveSymbol(
      wish.coin,
      instruments.map((each) => each.symbol),
    );
    const instrument = instruments.find((each) => each.symbol === symbol);
    if (instrument === undefined) {
      const similar = similarSymbols(
        wish.coin,
        instruments.map((each) => each.symbol),
      );
      const meant =
        similar.length === 0
          ? 'Use its name there, such as BTC, ETH or 1000PEPE.'
          : `Did you mean ${similar.join(', ')}?`;
      return refused(
        `The exchange has no contract called "${wish.coin.slice(0, 30)}". ${meant}`,
        SIZE_FORM,
      );
    }
    return await calculate(ports, wish, instrument);
  } catch (error) {
    return refused(
      `It cannot be worked out now: ${reasonOf(error)}.`,
      'Nothing is shown rather than a guess.',
    );
  }
}

async function calculate(ports: Ports, wish: Wish, instrument: Instrument): Promise<SizeReply> {
  const { symbol } = instrument;
  const [snapshot, tiers, state] = await Promise.all([
    fetchSnapshot(ports),
    ports.market.riskTiers(symbol),
    ports.accounts.riskState(),
  ]);
  if (state === undefined) {
    return refused('What the day still allows is not known yet. Try again in a few seconds.');
  }
  const { entry, stop, leverage } = wish;
  const result = calculateSize({
    ...snapshot,
    symbol,
    entry,
    stop,
    ...(leverage === undefined ? {} : { leverage }),
    state,
    instrument,
    tiers,
    limits: ports.limits,
    now: ports.clock.now(),
  });
  if (result.kind === 'refused') return refused(result.refusal.sentence, SIZE_FORM);
  return { kind: 'answer', symbol, entry, stop, answer: result.answer };
}

/** The question, or what is wrong with it. The coin, the side and the leverage may stand anywhere; the two prices in their order. */
function parseWish(text: string, maxLeverage: number): Wish | string {
  const all = text.split(/\s+/).filter((each) => each !== '');
  const sideText = all.find((each) => /^(long|short|buy|sell)$/i.test(each));
  const words = all.filter((each) => each !== sideText);
  const leverageText = words.find((each) => /^\d+(\.\d+)?x$/i.test(each)) ?? barePower(words);
  const rest = words.filter((each) => each !== leverageText);
  const names = rest.filter((each) => /^[\d.]*[a-z]/i.test(each));
  const [coin, second] = names;
  const [entryText, stopText, more] = rest.filter((each) => !names.includes(each));
  if (coin === undefined || entryText === undefined || stopText === undefined) {
    return second === undefined
      ? 'A coin, an entry price and a stop price are needed.'
      : `"${second.slice(0, 30)}" is no price. Use digits, such as 65000, 65,000 or 0.0123.`;
  }
  if (second !== undefined || more !== undefined) return 'Those are more words than I can use.';
  const [entry, stop] = [positivePrice(entryText), positivePrice(stopText)];
  if (entry === undefined || stop === undefined) {
    const wrong = entry === undefined ? entryText : stopText;
    return `"${wrong.slice(0, 30)}" is no price. Use digits, such as 65000, 65,000 or 0.0123, above 0.`;
  }
  if (entry === stop) return 'The stop must differ from the entry.';
  const contradiction = againstSide(sideText, stop < entry ? 'long' : 'short');
  if (contradiction !== undefined) return contradiction;
  if (leverageText === undefined) return { coin, entry, stop };
  const leverage = Number(leverageText.replace(/x$/i, ''));
  if (!Number.isInteger(leverage) || leverage < 1 || leverage > maxLeverage) {
    return `"${leverageText.slice(0, 30)}" is no leverage that is allowed: 1x to ${maxLeverage}x.`;
  }
  return { coin, entry, stop, leverage };
}

/** A fourth word without an x is the leverage too. */
const barePower = (words: readonly string[]): string | undefined =>
  words.length === 4 && /[a-z]/i.test(words[0] ?? '') && /^\d+$/.test(words[3] ?? '')
    ? words[3]
    : undefined;

function againstSide(text: string | undefined, side: 'long' | 'short'): string | undefined {
  if (text === undefined) return undefined;
  const meant = /^(long|buy)$/i.test(text) ? 'long' : 'short';
  return meant === side
    ? undefined
    : `You wrote ${text.toLowerCase()}, but a stop ${side === 'long' ? 'below' : 'above'} the entry belongs to a ${side}. Which of the two is meant?`;
}

/** "65000", "65,000", "$65,000.5" or "0,0123"; undefined for anything else. */
function positivePrice(text: string): Price | undefined {
  const bare = text.replace(/^\$/, '');
  const thousands = /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(bare);
  const decimal = /^\d+,\d+$/.test(bare) && !thousands;
  const plain = thousands ? bare.replaceAll(',', '') : decimal ? bare.replace(',', '.') : bare;
  if (plain.length > 30 || !isDecimal(plain)) return undefined;
  const value = price(plain);
  return value > 0n ? value : undefined;
}
