import type { Instrument } from '../../domain/instrument.ts';
import {
  abs,
  percent,
  ratioOf,
  roundToStep,
  scaleBy,
  sub,
  type Price,
  type Ratio,
} from '../../domain/money/money.ts';
import { towardsLoss, type Side } from '../../domain/position.ts';
import { plainNumber } from '../../domain/words/words.ts';
import { percentText, priceText } from '../../risk/terms/phrase.ts';
import { calculateSize, type SizeAnswer } from '../../risk/gate/size-calculator.ts';
import type { Ports } from '../ports/ports.ts';
import { coinsAtHand } from '../reading/coins-at-hand.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { reasonOf } from '../reading/reading.ts';
import { didYouMean, resolveSymbol } from '../reading/resolve-symbol.ts';
import { isFar, noPrice, typedPrice } from '../reading/typed-price.ts';

/** What these need of the world. */
type Doors = Pick<Ports, 'clock' | 'limits' | 'market' | 'account' | 'accounts' | 'proposals'>;

/** How /size is written, for answers to what cannot be read. */
export const SIZE_FORM =
  'Write it as: /size BTC 65000 63900 (coin, entry price, stop price), or /size BTC long 2 % (from the price of now). A stop below the entry means long, above it short. A word such as 3x sets the leverage.';

/** The word that says that an entry far from the market is meant. */
const MEANT = 'anyway';

export type SizeReply =
  | {
      readonly kind: 'answer';
      readonly symbol: string;
      readonly entry: Price;
      readonly stop: Price;
      /** The mark price of now; undefined when the exchange gives none. */
      readonly mark: Price | undefined;
      readonly answer: SizeAnswer;
    }
  /** No coin was named: some to choose from. */
  | { readonly kind: 'which'; readonly symbols: readonly string[] }
  /** A coin alone was named: its side and its stop are asked for. */
  | { readonly kind: 'how'; readonly symbol: string; readonly mark: Price | undefined }
  /** What was wrong and what is allowed, in plain sentences. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** What was typed, before anybody knows the market. */
interface Typed {
  readonly coin: string;
  /** Absent with a distance: the price of now. */
  readonly entry?: string;
  /** A price, or how far away from the entry. */
  readonly stop: string | Ratio;
  readonly side?: string;
  readonly leverage?: number;
  /** True: an entry far from the market is meant. */
  readonly anyway: boolean;
}

interface Request {
  readonly entry: Price;
  readonly stop: Price;
  readonly leverage?: number;
}

const refused = (...reasons: readonly string[]): SizeReply => ({ kind: 'refused', reasons });

/** The size calculator: the sizing of the gate for any entry and stop, with the account of now. Never rejects. */
export async function answerSize(ports: Doors, words: string): Promise<SizeReply> {
  if (words === '') return { kind: 'which', symbols: await coinsAtHand(ports) };
  const alone = /^\S*\p{L}\S*$/u.test(words);
  const typed = alone ? { coin: words } : parseWords(words, ports.limits().maxLeverage);
  if (typeof typed === 'string') return refused(typed, SIZE_FORM);
  try {
    const instruments = await ports.market.instruments();
    const symbols = instruments.map((each) => each.symbol);
    const symbol = resolveSymbol(typed.coin, symbols);
    const instrument = instruments.find((each) => each.symbol === symbol);
    if (instrument === undefined) return refused(noContract(typed.coin, symbols), SIZE_FORM);
    const tickers = await ports.market.tickers();
    const mark = tickers.find((each) => each.symbol === symbol)?.mark;
    if (!('stop' in typed)) return { kind: 'how', symbol: instrument.symbol, mark };
    const request = pricesOf(typed, { mark, tick: instrument.tick });
    if (typeof request === 'string') return refused(request, SIZE_FORM);
    const question = typed.anyway ? undefined : farQuestion(instrument, request, mark);
    if (question !== undefined) return refused(...question);
    return await calculate(ports, request, { instrument, mark });
  } catch (error) {
    return refused(
      `It cannot be worked out now: ${reasonOf(error)}.`,
      'Nothing is shown rather than a guess.',
    );
  }
}

function noContract(coin: string, symbols: readonly string[]): string {
  const meant = didYouMean(coin, symbols) ?? 'Use its name there, such as BTC, ETH or 1000PEPE.';
  return `The exchange has no contract called "${coin.slice(0, 30)}". ${meant}`;
}

/** Asks about an entry that is far from the market, or that nobody can compare with it. */
function farQuestion(
  { symbol }: Instrument,
  { entry, stop }: Request,
  mark: Price | undefined,
): readonly string[] | undefined {
  const at = priceText;
  const repeat = `If you mean it, add the word "${MEANT}": /size ${symbol} ${plainNumber(entry)} ${plainNumber(stop)} ${MEANT}`;
  if (mark === undefined) {
    return [
      `The market price of ${symbol} is not known right now, so ${at(entry)} cannot be compared with it.`,
      repeat,
    ];
  }
  if (!isFar(entry, mark)) return undefined;
  const off = ratioOf(abs(sub(entry, mark)), mark, 'half-even') as Ratio;
  return [
    `${symbol} is at ${at(mark)} now. An entry at ${at(entry)} is ${percentText(off, 1)} ${entry < mark ? 'below' : 'above'} that. Is it what you mean?`,
    repeat,
  ];
}

async function calculate(
  ports: Doors,
  request: Request,
  { instrument, mark }: { readonly instrument: Instrument; readonly mark: Price | undefined },
): Promise<SizeReply> {
  const { symbol } = instrument;
  const [snapshot, tiers, state] = await Promise.all([
    fetchSnapshot(ports),
    ports.market.riskTiers(symbol),
    ports.accounts.riskState(),
  ]);
  if (state === undefined) {
    return refused('What today may still lose is not known yet. Try again in a few seconds.');
  }
  const { entry, stop, leverage } = request;
  const result = calculateSize({
    ...snapshot,
    symbol,
    entry,
    stop,
    ...(leverage === undefined ? {} : { leverage }),
    state,
    instrument,
    tiers,
    limits: ports.limits(),
    now: ports.clock.now(),
  });
  if (result.kind === 'refused') return refused(result.refusal.sentence, SIZE_FORM);
  return { kind: 'answer', symbol, entry, stop, mark, answer: result.answer };
}

const SIDE = /^(long|short|buy|sell)$/i;
/** How far a stop is away, with a percent sign. */
const AWAY = /^\d{1,3}(?:[.,]\d{1,4})?%$/;
const LEVERAGE = /^\d+([.,]\d+)?x$/i;
/** What looks like a number, whether or not it can be read as one. */
const NUMBERLIKE = /^[-+−]?\$?[-+−]?[.,]?\d[\d.,'’_\s]*k?$/i;

/** What was typed, or what is wrong with it. The coin, the side and the leverage may stand anywhere; the two prices in their order. */
function parseWords(text: string, maxLeverage: number): Typed | string {
  // Thin and fixed spaces are part of a number.
  const all = text
    .replaceAll(/(\d)[ \t]+%/g, '$1%')
    .split(/[ \t\r\n]+/)
    .filter((each) => each !== '');
  const side = all.find((each) => SIDE.test(each));
  const anyway = all.some((each) => each.toLowerCase() === MEANT);
  const away = all.find((each) => AWAY.test(each));
  const words = all.filter(
    (each) => each !== side && each !== away && each.toLowerCase() !== MEANT,
  );
  const leverageText = words.find((each) => LEVERAGE.test(each)) ?? barePower(words);
  const rest = words.filter((each) => each !== leverageText);
  const names = rest.filter((each) => /\p{L}/u.test(each) && !NUMBERLIKE.test(each));
  const [coin, second] = names;
  const [entry, stop, more] = rest.filter((each) => !names.includes(each));
  const level = away === undefined ? stop : percent(away.slice(0, -1).replace(',', '.'));
  if (coin === undefined || level === undefined) {
    return second === undefined
      ? 'A coin, an entry price and a stop price are needed.'
      : noPrice(second);
  }
  const tooMany = away === undefined ? more : stop;
  if (second !== undefined || tooMany !== undefined) return 'That is more than I can use.';
  if (away !== undefined && side === undefined)
    return `A stop ${away.replace('%', ' %')} away may be below or above: say long or short.`;
  const leverage = leverageText === undefined ? undefined : Number(leverageText.replace(/x$/i, ''));
  if (
    leverage !== undefined &&
    !(Number.isInteger(leverage) && leverage >= 1 && leverage <= maxLeverage)
  ) {
    return `"${(leverageText ?? '').slice(0, 30)}" is not an allowed leverage: 1x to ${maxLeverage}x.`;
  }
  return {
    coin,
    stop: level,
    anyway,
    ...(entry === undefined ? {} : { entry }),
    ...(side === undefined ? {} : { side }),
    ...(leverage === undefined ? {} : { leverage }),
  };
}

/** The two prices, or what is wrong with them. What can be read in two ways is what lies near the market, if only one does. */
function pricesOf(
  typed: Typed,
  { mark, tick }: { readonly mark: Price | undefined; readonly tick: Price },
): Request | string {
  const entry = typed.entry === undefined ? mark : typedPrice(typed.entry, mark);
  if (entry === undefined) return 'Its market price is not known right now: write an entry price.';
  if (typeof entry === 'string') return entry;
  const stop =
    typeof typed.stop === 'string'
      ? typedPrice(typed.stop, mark)
      : stopAway(typed.stop, { entry, tick, side: sideOf(typed.side ?? '') });
  if (typeof stop === 'string') return stop;
  if (entry === stop) return 'The stop must differ from the entry.';
  const contradiction = againstSide(typed.side, stop < entry ? 'long' : 'short');
  if (contradiction !== undefined) return contradiction;
  return { entry, stop, ...(typed.leverage === undefined ? {} : { leverage: typed.leverage }) };
}

/** A fourth word without an x is the leverage too. */
const barePower = (words: readonly string[]): string | undefined =>
  words.length === 4 && /[a-z]/i.test(words[0] ?? '') && /^\d+$/.test(words[3] ?? '')
    ? words[3]
    : undefined;

const sideOf = (text: string): Side => (/^(long|buy)$/i.test(text) ? 'long' : 'short');

/** The price that lies so far from the entry where a position of that side loses, as the exchange takes it. */
function stopAway(
  share: Ratio,
  { entry, tick, side }: { readonly entry: Price; readonly tick: Price; readonly side: Side },
): Price | string {
  if (share <= 0n || share > percent('50')) return 'A stop is at most 50 % away.';
  return roundToStep(towardsLoss(entry, scaleBy(entry, share, 'down'), side), tick, 'half-even');
}

function againstSide(text: string | undefined, side: Side): string | undefined {
  if (text === undefined) return undefined;
  return sideOf(text) === side
    ? undefined
    : `You wrote ${text.toLowerCase()}, but a stop ${side === 'long' ? 'below' : 'above'} the entry belongs to a ${side}. Which of the two is meant?`;
}
