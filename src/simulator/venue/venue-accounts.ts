import { fromNumber, readDec, type Dec } from './decimal.ts';
import { newAccount, type Account } from './engine/account.ts';
import type { Engine } from './engine/engine.ts';
import { openByHand, sideFrom } from './engine/positions/open-by-hand.ts';
import type { SavedVenue } from './persistence.ts';
import type { Amount, StandingPosition, VenueAccount } from './venue-options.ts';

/** What belongs to an API key besides its account. */
export interface ApiKey {
  readonly secretKey: string;
  /** Addresses that may use it; absent: any. */
  readonly ips?: readonly string[];
  /** Refused every write. */
  readonly readOnly?: boolean;
}

/** Every key with its secret and rights. */
export function keysOf(accounts: readonly VenueAccount[]): ReadonlyMap<string, ApiKey> {
  return new Map(
    accounts.map(({ apiKey, secretKey, ips, readOnly }) => [
      apiKey,
      {
        secretKey,
        ...(ips === undefined ? {} : { ips }),
        ...(readOnly === undefined ? {} : { readOnly }),
      },
    ]),
  );
}

function amountOf(value: Amount, name: string): Dec {
  const found = typeof value === 'number' ? fromNumber(value) : readDec(value);
  if (found === undefined) throw new Error(`${name} must be a decimal, not "${value}"`);
  return found;
}

/** The saved account of this key, or a fresh one with its first deposit. */
export function accountFrom(
  account: VenueAccount,
  at: number,
  saved: SavedVenue | undefined,
): Account {
  const known = saved?.accounts.find((one) => one.apiKey === account.apiKey);
  if (known !== undefined) return known;
  return newAccount({
    uid: String(10_000_001 + at),
    apiKey: account.apiKey,
    balance: amountOf(account.balance, 'balance'),
    positionMode: account.positionMode ?? 'HEDGE',
    feeTaker: amountOf(account.feeTaker ?? '0.0006', 'feeTaker'),
    feeMaker: amountOf(account.feeMaker ?? '0.0002', 'feeMaker'),
  });
}

/** A saved account names contracts by symbol; their places in this market may differ. */
export function bindToMarket(account: Account, engine: Engine): void {
  const { market } = engine.ctx;
  const records = [account.positions, account.orders, account.tpsl].flatMap((map) => [
    ...map.values(),
  ]);
  const past = [...account.orderHistory, ...account.positionHistory, ...account.tpslHistory];
  for (const record of [...records, ...past]) {
    const index = market.indexOf(record.symbol);
    if (index === undefined)
      throw new Error(`The saved account uses ${record.symbol}, which this market does not list`);
    Object.assign(record, { index });
  }
}

/** Opens the positions asked for by hand on the first account. */
export function openStanding(engine: Engine, requests: readonly StandingPosition[]): void {
  const [account] = engine.accounts;
  if (account === undefined) return;
  for (const request of requests) {
    openByHand(
      { ctx: engine.ctx, account },
      {
        symbol: request.symbol,
        side: sideFrom(request.side),
        ...(request.qty === undefined ? {} : { qty: amountOf(request.qty, 'qty') }),
        ...(request.notional === undefined
          ? {}
          : { notional: amountOf(request.notional, 'notional') }),
        ...(request.leverage === undefined ? {} : { leverage: request.leverage }),
        ...(request.marginMode === undefined ? {} : { marginMode: request.marginMode }),
        ...(request.stop === undefined ? {} : { stop: amountOf(request.stop, 'stop') }),
        ...(request.target === undefined ? {} : { target: amountOf(request.target, 'target') }),
      },
    );
  }
}
