import type { Bitunix } from '../../src/exchange/bitunix/bitunix.ts';
import type { BitunixAccount } from '../../src/exchange/bitunix/read/account-data.ts';
import type { BitunixTrading } from '../../src/exchange/bitunix/write/trading.ts';
import { PATIENCE_MS } from '../patience.ts';

/** What a case may use: `public` nothing, `key` a key that may read, `orders` real money. */
export type Needs = 'public' | 'key' | 'orders';

/** The exchange under test, real or simulated. */
export interface Target {
  readonly bitunix: Bitunix;
  readonly now: () => number;
  /** A contract that is surely listed. */
  readonly symbol: string;
}

export interface ContractCase {
  readonly id: string;
  readonly needs: Needs;
  /** What must hold, as a sentence. */
  readonly holds: string;
  /** Rejects when it does not hold; the text it returns is an observation to compare between exchanges. */
  readonly run: (target: Target) => Promise<string>;
}

/** Fails the case with a sentence. */
export function demand(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

export function accountOf({ bitunix }: Target): BitunixAccount {
  demand(bitunix.account !== undefined, 'this case needs an API key');
  return bitunix.account;
}

export function tradingOf({ bitunix }: Target): BitunixTrading {
  demand(bitunix.trading !== undefined, 'this case needs a key that may trade');
  return bitunix.trading;
}

/** Asks until the answer is there; a lag of the exchange is no breach. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    demand(performance.now() < deadline, `not seen in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
