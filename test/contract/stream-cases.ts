import type { StreamState } from '../../src/app/ports/feeds.ts';
import { toNumber, type Price } from '../../src/domain/money/money.ts';
import { demand, eventually, type ContractCase, type Target } from './contract-case.ts';

interface Opened<Push> {
  onPush(listener: (push: Push) => void): void;
  state(): StreamState;
  close(): Promise<void>;
}

/** Follows the target's symbol until as many pushes are there as are wanted. */
async function pushes<Push>(
  stream: Opened<Push> & { follow(symbols: readonly string[]): void },
  target: Target,
  wanted: number,
): Promise<readonly [Push, ...Push[]]> {
  const seen: Push[] = [];
  stream.onPush((push) => seen.push(push));
  stream.follow([target.symbol]);
  try {
    return await eventually(`${wanted} pushes`, () => {
      const [first, ...others] = seen;
      const enough = first !== undefined && seen.length >= wanted;
      return Promise.resolve(enough ? ([first, ...others] as const) : undefined);
    });
  } finally {
    await stream.close();
  }
}

async function markOf({ bitunix, symbol }: Target): Promise<Price> {
  const ticker = (await bitunix.market.tickers()).find((each) => each.symbol === symbol);
  demand(ticker !== undefined, `${symbol} has no ticker`);
  return ticker.mark;
}

async function demandNear(target: Target, pushed: Price, what: string): Promise<void> {
  const off = Math.abs(toNumber(pushed) / toNumber(await markOf(target)) - 1);
  demand(off < 0.05, `${what} is ${(off * 100).toFixed(1)} % away from the mark price`);
}

/** What the public streams push; nothing is needed for it. */
export const STREAM_CASES: readonly ContractCase[] = [
  {
    id: 'stream-price',
    needs: 'public',
    holds: 'mark prices are pushed that requests agree with',
    async run(target) {
      const stream = target.bitunix.openPriceStream();
      const listen = { ...stream, onPush: stream.onTick.bind(stream) };
      const [first] = await pushes(listen, target, 2);
      await demandNear(target, first.mark, 'the pushed mark price');
      demand(stream.ignoredFrames() === 0, `${stream.ignoredFrames()} pushes cannot be read`);
      return 'read';
    },
  },
  ...(['ticker', 'tickers'] as const).map((channel): ContractCase => ({
    id: `stream-${channel}`,
    needs: 'public',
    holds: 'day figures are pushed whose last price lies between low and high',
    async run(target) {
      const [first] = await pushes(target.bitunix.openMarketStream(channel), target, 1);
      demand(first.symbol === target.symbol, `it is ${first.symbol}`);
      await demandNear(target, first.last, 'the last price');
      demand(first.low24h <= first.last && first.last <= first.high24h, 'low, last, high');
      return `best bid and ask: ${first.bid !== undefined && first.ask !== undefined ? 'there' : 'none'}`;
    },
  })),
  {
    id: 'stream-trade',
    needs: 'public',
    holds: 'public trades are pushed with a side and a size',
    async run(target) {
      const [first] = await pushes(target.bitunix.openMarketStream('trade'), target, 1);
      await demandNear(target, first.price, 'the traded price');
      demand(first.qty > 0n, 'a trade without a size');
      return `side: ${first.side === 'unknown' ? 'unknown' : 'known'}`;
    },
  },
  ...([1, 5, 15] as const).map((levels): ContractCase => ({
    id: `stream-depth-${levels}`,
    needs: 'public',
    holds: `at most ${levels} levels of each side are pushed, and the best bid is below the best ask`,
    async run(target) {
      const [first] = await pushes(
        target.bitunix.openMarketStream(`depth_book${levels}`),
        target,
        1,
      );
      const [bid, ask] = [first.bids[0], first.asks[0]];
      demand(bid !== undefined && ask !== undefined && bid.price < ask.price, 'a crossed book');
      demand(first.bids.length <= levels, `${first.bids.length} levels`);
      return 'read';
    },
  })),
  ...(['last', 'mark'] as const).map((of): ContractCase => ({
    id: `stream-kline-${of}`,
    needs: 'public',
    holds: `forming candles of the ${of} price are pushed, and high and low enclose open and close`,
    async run(target) {
      const [first] = await pushes(target.bitunix.openKlineStream('1m', of), target, 1);
      const { open, high, low, close } = first;
      demand(low <= open && low <= close && high >= open && high >= close, 'a broken candle');
      await demandNear(target, close, 'the close');
      return 'read';
    },
  })),
];

/** The private stream; a key that may read is enough. */
export const ACCOUNT_STREAM_CASES: readonly ContractCase[] = [
  {
    id: 'account-stream',
    needs: 'key',
    holds: 'the private stream takes the login, and hints at everything to be read',
    async run({ bitunix }) {
      const stream = bitunix.openAccountStream?.();
      demand(stream !== undefined, 'this case needs an API key');
      const hints = new Set<string>();
      stream.onHint((channel) => hints.add(channel));
      try {
        await eventually('logged in', () =>
          Promise.resolve(stream.state() === 'live' && hints.size === 4 ? true : undefined),
        );
        return 'logged in';
      } finally {
        await stream.close();
      }
    },
  },
];
