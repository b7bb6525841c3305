import { contractState, type ContractState } from '../../domain/instrument.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Whether the contracts of these symbols can be traded. While the exchange does not say, what it said last counts, and `unknown`
 * where it never did. Never rejects.
 */
export async function readContracts(
  { market, clock }: Pick<Ports, 'market' | 'clock'>,
  symbols: readonly string[],
  before: AccountSnapshot['contracts'],
): Promise<ReadonlyMap<string, ContractState>> {
  const held = [...new Set(symbols)];
  if (held.length === 0) return new Map();
  const listed = await market.instruments(held).catch(() => undefined);
  const now = clock.now();
  return new Map(
    held.map((symbol): [string, ContractState] => [
      symbol,
      listed === undefined
        ? (before?.get(symbol) ?? { kind: 'unknown' })
        : contractState(
            listed.find((each) => each.symbol === symbol),
            now,
          ),
    ]),
  );
}
