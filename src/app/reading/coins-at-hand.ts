import type { Ports } from '../ports/ports.ts';

/** Contracts that everybody looks at. */
const USUAL = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] as const;

/**
 * Contracts that a question about a coin offers: what is open, what waits for an answer, and the best known ones. What cannot be read is
 * not among them; never rejects.
 */
export async function coinsAtHand({
  account,
  proposals,
}: Pick<Ports, 'account' | 'proposals'>): Promise<readonly string[]> {
  const [open, pending] = await Promise.all([
    account.positions().catch(() => []),
    proposals.withStatus('pending').catch(() => []),
  ]);
  const held = open.map(({ symbol }) => symbol);
  return [...new Set([...held, ...pending.map(({ signal }) => signal.symbol), ...USUAL])];
}
