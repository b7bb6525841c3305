import { intervalMs } from '../../src/domain/candle.ts';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import { roundToStep, toNumber, toText } from '../../src/domain/money/money.ts';
import { demand, type ContractCase, type Target } from './contract-case.ts';

const instrumentOf = async ({ bitunix, symbol }: Target) => {
  const found = (await bitunix.market.instruments()).find((each) => each.symbol === symbol);
  demand(found !== undefined, `${symbol} is not listed`);
  return found;
};

/** Market data: no key, no money. */
export const PUBLIC_CASES: readonly ContractCase[] = [
  {
    id: 'instruments',
    needs: 'public',
    holds: 'contracts have a tick, a step and limits that fit each other',
    async run({ bitunix }) {
      const all = await bitunix.market.instruments();
      demand(all.length >= 10, `only ${all.length} contracts`);
      for (const each of all) {
        demand(each.tick > 0n && each.step > 0n, `${each.symbol}: no tick or step`);
        demand(each.minQty > 0n, `${each.symbol}: no minimum quantity`);
        demand(each.minQty <= each.maxMarketQty, `${each.symbol}: minimum above maximum`);
        demand(each.maxLeverage >= each.minLeverage, `${each.symbol}: leverage limits are crossed`);
      }
      const uneven = all.filter(
        (each) => roundToStep(each.minQty, each.step, 'down') !== each.minQty,
      );
      const unknown = all.filter((each) => each.status === 'unknown');
      return `minimum off the step: ${share(uneven, all)}; unknown status: ${share(unknown, all)}`;
    },
  },
  {
    id: 'tickers',
    needs: 'public',
    holds: 'open contracts have a mark price near the last',
    async run({ bitunix }) {
      const [instruments, tickers] = [
        await bitunix.market.instruments(),
        await bitunix.market.tickers(),
      ];
      const byName = new Map(tickers.map((each) => [each.symbol, each]));
      const open = instruments.filter((each) => each.status === 'open');
      const missing = open.filter((each) => !byName.has(each.symbol));
      demand(
        missing.length * 20 <= open.length,
        `${missing.length} of ${open.length} have no ticker`,
      );
      const apart = tickers.filter(
        (each) => Math.abs(toNumber(each.mark) / toNumber(each.last) - 1) > 0.2,
      );
      demand(
        apart.length * 20 <= tickers.length,
        `${apart.length} marks are over 20 % from the last price`,
      );
      return `without a ticker: ${share(missing, open)}`;
    },
  },
  {
    id: 'candles',
    needs: 'public',
    holds:
      'candles are closed, in order, a minute apart, and the newest is the last minute or the one before',
    async run({ bitunix, symbol, now }) {
      const candles = await bitunix.market.candles({ symbol, interval: '1m', limit: 50 });
      demand(candles.length >= 10, `only ${candles.length} candles`);
      candles.forEach((each, index) => {
        const before = candles[index - 1];
        demand(before === undefined || each.openTime > before.openTime, 'candles are out of order');
      });
      const age = now() - ((candles.at(-1)?.openTime ?? 0) + intervalMs('1m'));
      demand(age >= -2_000, `a candle is still forming (${age} ms)`);
      demand(age < 180_000, `the newest candle closed ${age} ms ago`);
      const gaps = candles.filter((each, index) => {
        const before = candles[index - 1];
        return before !== undefined && each.openTime - before.openTime !== 60_000;
      });
      return `gaps in 50 minutes: ${gaps.length > 0 ? 'some' : 'none'}`;
    },
  },
  {
    id: 'candle-pages',
    needs: 'public',
    holds: 'the page before an end time holds older candles only and joins without a gap',
    async run({ bitunix, symbol }) {
      const query = { symbol, interval: '15m', limit: 20 } as const;
      const newest = await bitunix.market.candles(query);
      const [first] = newest;
      demand(first !== undefined, 'no candles');
      const older = await bitunix.market.candles({ ...query, endTime: first.openTime });
      demand(older.length >= 10, `only ${older.length} older candles`);
      const last = older.at(-1);
      demand(last !== undefined && last.openTime < first.openTime, 'the older page overlaps');
      demand(
        first.openTime - last.openTime === intervalMs('15m'),
        'there is a gap between the pages',
      );
      return `older page: ${older.length} of 20`;
    },
  },
  {
    id: 'funding',
    needs: 'public',
    holds: 'funding rates are fractions below 5 % with an interval of 1 to 8 hours',
    async run({ bitunix, symbol }) {
      const rates = await bitunix.market.fundingRates();
      const own = rates.find((each) => each.symbol === symbol);
      demand(own !== undefined, `no funding rate of ${symbol}`);
      demand(Math.abs(toNumber(own.rate)) < 0.05, `a rate of ${toText(own.rate)}`);
      demand([1, 2, 4, 8].includes(own.intervalHours), `an interval of ${own.intervalHours} h`);
      const history = await bitunix.market.fundingHistory(symbol);
      for (const each of history) {
        demand(Math.abs(toNumber(each.rate)) < 0.05, `a settled rate of ${toText(each.rate)}`);
      }
      return `interval ${own.intervalHours} h; history ${history.length > 0 ? 'there' : 'empty'}`;
    },
  },
  {
    id: 'mark-candles',
    needs: 'public',
    holds: 'candles of the mark price are closed, and near those of the last price',
    async run({ bitunix, symbol }) {
      const query = { symbol, interval: '1m', limit: 10 } as const;
      const mark = await bitunix.market.candles({ ...query, of: 'mark' });
      const last = new Map(
        (await bitunix.market.candles(query)).map((each) => [each.openTime, each.close]),
      );
      const both = mark.filter((each) => last.has(each.openTime));
      demand(both.length >= 5, `only ${both.length} minutes are in both`);
      for (const { openTime, close } of both) {
        demand(Math.abs(close / (last.get(openTime) ?? close) - 1) < 0.02, 'they are far apart');
      }
      return 'near';
    },
  },
  {
    id: 'risk-tiers',
    needs: 'public',
    holds: 'risk tiers follow each other; with size the maintenance rate rises and leverage falls',
    async run({ bitunix, symbol }) {
      const tiers = await bitunix.market.riskTiers(symbol);
      demand(tiers.length > 0, 'no tiers');
      tiers.forEach((tier, index) => {
        const before = tiers[index - 1];
        if (before === undefined) return;
        demand(tier.from === before.to, `tier ${tier.level} does not begin where the last ended`);
        demand(
          tier.maintenanceRate >= before.maintenanceRate,
          `tier ${tier.level}: the rate falls`,
        );
        demand(tier.maxLeverage <= before.maxLeverage, `tier ${tier.level}: leverage rises`);
      });
      const top = (await instrumentOf({ bitunix, symbol, now: Date.now })).maxLeverage;
      return `first tier has the contract's top leverage: ${tiers[0]?.maxLeverage === top}`;
    },
  },
  {
    id: 'unknown-symbol',
    needs: 'public',
    holds: 'a contract that does not exist is refused as such',
    async run({ bitunix }) {
      const query = { symbol: 'NOSUCHCOINUSDT', interval: '1m', limit: 5 } as const;
      const failure: unknown = await bitunix.market.candles(query).then(
        () => undefined,
        (error: unknown) => error,
      );
      demand(failure instanceof ExchangeFailure, 'it was answered');
      demand(failure.kind === 'symbol', `it failed as ${failure.kind} (${failure.code})`);
      return `code ${failure.code}`;
    },
  },
];

const share = (some: readonly unknown[], all: readonly unknown[]): string =>
  some.length === 0 ? 'none' : `${some.length} of ${all.length}`;
