import { request } from 'undici';
import { z } from 'zod';
import type { OpenByHand } from './arguments.ts';

/** A hand-opened position: worth the whole balance at 5x, as an owner who has not read the limits might. Stop 2 %, target 6 %. */
const BY_HAND = { notional: '10000', leverage: 5, marginMode: 'ISOLATION' } as const;
const STOP = 0.02;
const TARGET = 0.06;

const stateSchema = z.object({
  prices: z.record(z.string(), z.looseObject({ mark: z.string() })),
});

/** Opens positions at the simulator, past its API, as an owner would in the exchange's app. Throws an Error for an unknown symbol. */
export async function openPositionsByHand(
  controlUrl: string,
  requests: readonly OpenByHand[],
): Promise<void> {
  const symbols = requests.map((each) => each.symbol).join(',');
  const { body } = await request(`${controlUrl}/sim/state?symbols=${symbols}`);
  const { prices } = stateSchema.parse(await body.json());
  for (const { symbol, side } of requests) {
    const mark = Number.parseFloat(prices[symbol]?.mark ?? '');
    if (!Number.isFinite(mark))
      throw new Error(`--open names ${symbol}, which this market does not have.`);
    const towardsProfit = side === 'long' ? 1 : -1;
    await open(controlUrl, {
      ...BY_HAND,
      symbol,
      side: side.toUpperCase(),
      stop: (mark * (1 - towardsProfit * STOP)).toPrecision(6),
      target: (mark * (1 + towardsProfit * TARGET)).toPrecision(6),
    });
  }
}

async function open(
  controlUrl: string,
  position: { readonly symbol: string; readonly [field: string]: unknown },
): Promise<void> {
  const { statusCode, body } = await request(`${controlUrl}/sim/position`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(position),
  });
  const answer = await body.text();
  if (statusCode !== 200) throw new Error(`${position.symbol} could not be opened: ${answer}`);
}
