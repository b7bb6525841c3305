import { equityOf } from '../../src/domain/account.ts';
import { abs, add, neg, sub, toNumber, toText } from '../../src/domain/money/money.ts';
import { pnlOf } from '../../src/domain/position.ts';
import { accountOf, demand, type ContractCase } from './contract-case.ts';

const DAY = 86_400_000;

/** Reading an account: a key that may not trade is enough. */
export const ACCOUNT_CASES: readonly ContractCase[] = [
  {
    id: 'account',
    needs: 'key',
    holds: 'the account has a margin coin, a position mode, and margin that is not negative',
    async run(target) {
      const account = await accountOf(target).account();
      demand(account.marginCoin === 'USDT', `the margin coin is ${account.marginCoin}`);
      demand(account.margin >= 0n && account.frozen >= 0n, 'margin or frozen is negative');
      return `equity above 0: ${equityOf(account) > 0n}`;
    },
  },
  {
    id: 'positions',
    needs: 'key',
    holds:
      'positions are of listed contracts, and their open profit follows from entry and mark price',
    async run(target) {
      const account = accountOf(target);
      const instruments = new Set(
        (await target.bitunix.market.instruments()).map((each) => each.symbol),
      );
      const [positions, tickers] = [
        await account.positions(),
        await target.bitunix.market.tickers(),
      ];
      for (const position of positions) {
        demand(instruments.has(position.symbol), `${position.symbol} is not listed`);
        const mark = tickers.find((each) => each.symbol === position.symbol)?.mark;
        if (mark === undefined) continue;
        const computed = toNumber(pnlOf(position, { entry: position.entryPrice, exit: mark }));
        const tolerance = 0.01 * toNumber(mark) * toNumber(position.qty) + 0.01;
        const off = Math.abs(computed - toNumber(position.unrealisedPnl));
        demand(off <= tolerance, `${position.symbol}: open profit is ${off.toFixed(2)} off`);
      }
      const bases = new Set(positions.map((each) => account.pnlBases().get(each.id) ?? 'unknown'));
      return `realised profit of open positions: ${[...bases].sort().join(' and ') || 'none open'}`;
    },
  },
  {
    id: 'protections',
    needs: 'key',
    holds: 'stops and targets belong to open positions',
    async run(target) {
      const account = accountOf(target);
      const [positions, protections] = [await account.positions(), await account.protections()];
      const ids = new Set(positions.map((each) => each.id));
      const orphans = protections.filter((each) => !ids.has(each.positionId));
      return `stops of positions that are gone: ${orphans.length > 0 ? 'some' : 'none'}`;
    },
  },
  {
    id: 'orders',
    needs: 'key',
    holds: 'resting orders are neither filled nor cancelled',
    async run(target) {
      const orders = await accountOf(target).openOrders();
      const odd = orders.filter((each) => !['new', 'partly-filled'].includes(each.status));
      demand(odd.length === 0, `a resting order is ${odd[0]?.status}`);
      return 'statuses as documented';
    },
  },
  {
    id: 'fills',
    needs: 'key',
    holds: 'fills of the last week are in order and cost a fee below 1 % of what they turn over',
    async run(target) {
      const since = target.now() - 7 * DAY;
      const fills = await accountOf(target).fills({ since });
      for (const fill of fills) {
        demand(fill.at >= since, 'a fill is older than asked for');
        const turnover = toNumber(fill.price) * toNumber(fill.qty);
        demand(toNumber(fill.fee) <= 0.01 * turnover + 0.01, `a fee of ${toText(fill.fee)}`);
      }
      return fills.length > 0 ? 'fills read' : 'no fills';
    },
  },
  {
    id: 'closed-positions',
    needs: 'key',
    holds: 'net = gross - fees + funding, and gross is near the profit between both prices',
    async run(target) {
      const account = accountOf(target);
      const closed = await account.closedPositions(target.now() - 30 * DAY);
      for (const each of closed) {
        const net = add(add(each.gross, neg(each.fees)), each.funding);
        demand(each.net === net, `${each.id}: net is not gross - fees + funding`);
      }
      const far = closed.filter((each) => {
        const priced = pnlOf(
          { side: each.side, qty: each.maxQty },
          { entry: each.entryPrice, exit: each.closePrice },
        );
        return toNumber(abs(sub(each.gross, priced))) > 0.02 + 0.02 * Math.abs(toNumber(priced));
      });
      const bases = new Set(closed.map((each) => account.pnlBases().get(each.id) ?? 'unknown'));
      return `realised profit of closed positions: ${[...bases].sort().join(' and ') || 'none closed'}; far from the prices: ${far.length > 0 ? 'some' : 'none'}`;
    },
  },
  {
    id: 'leverage',
    needs: 'key',
    holds: 'leverage and margin mode of a contract can be read',
    async run(target) {
      const { leverage } = await accountOf(target).leverage(target.symbol);
      demand(leverage >= 1 && leverage <= 1_000, `a leverage of ${leverage}`);
      return 'read';
    },
  },
  {
    id: 'unknown-client-id',
    needs: 'key',
    holds: 'an order that was never placed is absent, not an error',
    async run(target) {
      const clientId = `none${target.now()}`;
      const order = await accountOf(target).orderByClientId(clientId);
      demand(order === undefined, 'an order was found');
      return 'absent';
    },
  },
  {
    id: 'clock',
    needs: 'key',
    holds: "the exchange's clock is within 5 s of this machine's",
    async run(target) {
      const { offsetMs } = target.bitunix.health();
      demand(Math.abs(offsetMs) < 5_000, `the offset is ${offsetMs} ms`);
      return 'in step';
    },
  },
];
