import { generatedMarket } from './generated-source.ts';
import type { Market, MarketMove } from './market.ts';
import { replayMarket } from './replay-source.ts';

export interface GeneratedChoice {
  readonly kind: 'generated';
  readonly seed: number;
  /** How many contracts, besides six equities that the API may not trade; as many as there are when left out. */
  readonly symbols?: number;
  /** Venue time of the start, Unix ms; real time when left out. */
  readonly from?: number;
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
}

/** A market made elsewhere, such as a live one that is pushed in. */
export interface GivenChoice {
  readonly kind: 'feed';
  readonly feed: Market;
}

export type MarketChoice = GeneratedChoice | ReplayChoice | GivenChoice;

export interface ChosenMarket {
  readonly market: Market;
  readonly start: number;
}

/** Builds the market. A venue that goes on after a restart passes where its market began and what was done to it. */
export function chooseMarket(
  choice: MarketChoice,
  rest: {
    readonly crashAt?: number;
    readonly began?: number;
    readonly moves?: readonly MarketMove[];
  },
): ChosenMarket {
  const chosen = build(choice, rest);
  for (const { symbol, time, factor } of rest.moves ?? []) {
    const index = chosen.market.indexOf(symbol);
    if (index !== undefined) chosen.market.move(index, time, factor);
  }
  return chosen;
}

function build(
  choice: MarketChoice,
  rest: { readonly crashAt?: number; readonly began?: number },
): ChosenMarket {
  if (choice.kind === 'feed') return { market: choice.feed, start: Date.now() };
  if (choice.kind === 'replay') {
    const { dir, to, symbols } = choice;
    const wish = {
      dir,
      ...(to === undefined ? {} : { to }),
      ...(symbols === undefined ? {} : { symbols }),
    };
    const { market, start } = replayMarket(wish);
    return { market, start: rest.began ?? choice.from ?? start };
  }
  const from = rest.began ?? choice.from ?? Date.now();
  const market = generatedMarket(
    { seed: choice.seed, symbols: choice.symbols ?? 1_000, from },
    rest.crashAt,
  );
  return { market, start: from };
}
