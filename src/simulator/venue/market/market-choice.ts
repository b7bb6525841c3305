import { FeedMarket, type MarketFeed } from './feed-market.ts';
import { generatedMarket } from './generated-source.ts';
import type { Market, MarketMove } from './market.ts';
import { replayMarket } from './replay-source.ts';

export interface GeneratedChoice {
  readonly kind: 'generated';
  readonly seed: number;
  /** How many contracts, besides six equities that the API may not trade; as many as have a known name when left out. */
  readonly symbols?: number;
  /** Venue time of the start, Unix ms; real time when left out. */
  readonly from?: number;
  /** So many contracts fall below the lowest price of 55 days in the newest candle of 4 h before the start; none when left out. */
  readonly fallers?: number;
}

export interface ReplayChoice {
  readonly kind: 'replay';
  /** Folder of SYMBOL.csv.gz files. */
  readonly dir: string;
  /** Venue time of the start; the middle of the recording when left out. */
  readonly from?: number;
  readonly to?: number;
  /** These contracts, or this many of the most traded. */
  readonly symbols?: number | readonly string[];
  /** The candles as a backtest sees them (see `ReplayOptions`). */
  readonly asBacktest?: boolean;
}

/** A live market that is pushed in; the venue then runs in real time. */
export interface FeedChoice {
  readonly kind: 'feed';
  readonly feed: MarketFeed;
}

export type MarketChoice = GeneratedChoice | ReplayChoice | FeedChoice;

export interface ChosenMarket {
  readonly market: Market;
  readonly start: number;
}

export interface MarketContext {
  readonly crashAt?: number;
  /** Where the market of a venue that goes on after a restart began, and what was done to it since. */
  readonly began?: number;
  readonly moves?: readonly MarketMove[];
  /** Venue time, for a market that is pushed in. */
  readonly now: () => number;
}

/** Builds the market and the venue time at which it starts. */
export function chooseMarket(choice: MarketChoice, context: MarketContext): ChosenMarket {
  const chosen = build(choice, context);
  if (choice.kind === 'feed') return chosen;
  for (const { symbol, time, factor } of context.moves ?? []) {
    const index = chosen.market.indexOf(symbol);
    if (index !== undefined) chosen.market.move(index, time, factor);
  }
  return chosen;
}

function build(choice: MarketChoice, context: MarketContext): ChosenMarket {
  if (choice.kind === 'feed') {
    return { market: new FeedMarket(choice.feed, context.now), start: Date.now() };
  }
  if (choice.kind === 'replay') {
    const { dir, to, symbols, asBacktest = false } = choice;
    const limits = {
      asBacktest,
      ...(to === undefined ? {} : { to }),
      ...(symbols === undefined ? {} : { symbols }),
    };
    const { market, start } = replayMarket({ dir, ...limits });
    return { market, start: context.began ?? choice.from ?? start };
  }
  const from = context.began ?? choice.from ?? Date.now();
  const symbols = choice.symbols === undefined ? {} : { symbols: choice.symbols };
  const fallers = choice.fallers ?? 0;
  const options = { seed: choice.seed, ...symbols, from, fallers };
  return { market: generatedMarket(options, context.crashAt), start: from };
}
