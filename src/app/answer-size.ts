import type { Instrument } from '../domain/instrument.ts';
import { isDecimal, price, type Price } from '../domain/money.ts';
import { calculateSize, type SizeAnswer } from '../risk/size-calculator.ts';
import type { Ports } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';
import { reasonOf } from './reading.ts';
import { resolveSymbol } from './resolve-symbol.ts';

/** How /size is written, for answers to what cannot be read. */
export const SIZE_FORM =
  'Write it as: /size BTC 65000 63900 (coin, entry price, stop price). A stop below the entry means long, above it short. A fourth word such as 3x sets the leverage.';

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
      return refused(
        `The exchange has no contract called "${wish.coin.slice(0, 30)}". Use its name there, such as BTC, ETH or 1000PEPE.`,
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

/** The question, or what is wrong with it. */
function parseWish(text: string, maxLeverage: number): Wish | string {
  const words = text.split(/\s+/).filter((each) => each !== '');
  const [coin, entryText, stopText, leverageText, ...rest] = words;
  if (coin === undefined || entryText === undefined || stopText === undefined) {
    return 'A coin, an entry price and a stop price are needed.';
  }
  if (rest.length > 0) return 'Those are more words than I can use.';
  const entry = positivePrice(entryText);
  const stop = positivePrice(stopText);
  if (entry === undefined || stop === undefined) {
    const wrong = entry === undefined ? entryText : stopText;
    return `"${wrong.slice(0, 30)}" is no price. Use digits with a point, such as 65000 or 0.0123, above 0.`;
  }
  if (entry === stop) return 'The stop must differ from the entry.';
  if (leverageText === undefined) return { coin, entry, stop };
  const leverage = Number(leverageText.replace(/x$/i, ''));
  if (!Number.isInteger(leverage) || leverage < 1 || leverage > maxLeverage) {
    return `"${leverageText.slice(0, 30)}" is no leverage that is allowed: 1x to ${maxLeverage}x.`;
  }
  return { coin, entry, stop, leverage };
}

function positivePrice(text: string): Price | undefined {
  if (text.length > 30 || !isDecimal(text)) return undefined;
  const value = price(text);
  return value > 0n ? value : undefined;
}
