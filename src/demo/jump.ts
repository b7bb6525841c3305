import { request } from 'undici';
import { z } from 'zod';

/** How far all prices jump at once, in percent: through every ordinary stop. */
const JUMP_PERCENT = 8;

const stateSchema = z.object({
  account: z.object({
    positions: z.array(
      z.looseObject({
        direction: z.enum(['LONG', 'SHORT']),
        entryValue: z.coerce.number(),
        unrealizedPNL: z.coerce.number(),
      }),
    ),
  }),
});

type HeldPosition = z.infer<typeof stateSchema>['account']['positions'][number];

/**
 * The jump of all prices in percent that costs most: down where at least as much is held long as short at present prices, else up.
 */
export function jumpAgainst(positions: readonly HeldPosition[]): number {
  // What a long is worth is its cost and its profit; a short that gains is worth less.
  const net = positions.reduce(
    (sum, { direction, entryValue, unrealizedPNL }) =>
      direction === 'LONG' ? sum + entryValue + unrealizedPNL : sum - entryValue + unrealizedPNL,
    0,
  );
  return net >= 0 ? -JUMP_PERCENT : JUMP_PERCENT;
}

/**
 * Lets the simulator's whole market jump against what the account holds. Sizing by the gate keeps a day of ordinary stops under the
 * daily limit; only a gap through them goes beyond it. Rejects when the simulator does not answer.
 */
export async function jumpMarket(controlUrl: string): Promise<void> {
  const state = await request(`${controlUrl}/sim/state`);
  const { account } = stateSchema.parse(await state.body.json());
  const { body } = await request(`${controlUrl}/sim/price`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ symbol: '*', percent: jumpAgainst(account.positions) }),
  });
  await body.dump();
}
