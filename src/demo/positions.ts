import { request } from 'undici';
import { z } from 'zod';
import type { OpenByHand } from './arguments.ts';

/** A hand-opened position: worth the whole balance at 5x, as an owner who has not read the limits might. Stop 2 %, target 6 %. */
const BY_HAND = { notional: '10000', leverage: 5, marginMode: 'ISOLATION' } as const;
const STOP = 0.02;
const TARGET = 0.06;

const stateSchema = z.object({
  speed: z.number(),
  prices: z.record(z.string(), z.looseObject({ mark: z.string() })),
});

/** Throws an Error that names a symbol which the simulator's market does not have. */
export async function refuseUnknownSymbols(
  controlUrl: string,
  requests: readonly OpenByHand[],
): Promise<void> {
  if (requests.length === 0) return;
  const { prices } = await stateOf(controlUrl, symbolsOf(requests));
  for (const { symbol } of requests) markOf(symbol, prices);
}

/** Opens positions at the simulator, past its API, as an owner would in the exchange's app, while its clock stands still: stop and target are of the price that is filled. Throws an Error for an unknown symbol. */
export async function openPositionsByHand(
  controlUrl: string,
  requests: readonly OpenByHand[],
): Promise<void> {
  const symbols = symbolsOf(requests);
  const { speed } = await stateOf(controlUrl, symbols);
  await tell(controlUrl, 'speed', { speed: 0 });
  try {
    const { prices } = await stateOf(controlUrl, symbols);
    for (const each of requests) await openAtMark(controlUrl, each, markOf(each.symbol, prices));
  } finally {
    await tell(controlUrl, 'speed', { speed });
  }
}

async function openAtMark(
  controlUrl: string,
  { symbol, side }: OpenByHand,
  mark: number,
): Promise<void> {
  const towardsProfit = side === 'long' ? 1 : -1;
  await tell(controlUrl, 'position', {
    ...BY_HAND,
    symbol,
    side: side.toUpperCase(),
    stop: (mark * (1 - towardsProfit * STOP)).toPrecision(6),
    target: (mark * (1 + towardsProfit * TARGET)).toPrecision(6),
  });
}

const symbolsOf = (requests: readonly OpenByHand[]): string =>
  requests.map(({ symbol }) => symbol).join(',');

function markOf(symbol: string, prices: z.infer<typeof stateSchema>['prices']): number {
  const mark = Number.parseFloat(prices[symbol]?.mark ?? '');
  if (Number.isFinite(mark)) return mark;
  throw new Error(`--open names ${symbol}, which this market does not have.`);
}

async function stateOf(controlUrl: string, symbols: string): Promise<z.infer<typeof stateSchema>> {
  const { body } = await request(`${controlUrl}/sim/state?symbols=${symbols}`);
  return stateSchema.parse(await body.json());
}

async function tell(
  controlUrl: string,
  action: 'position' | 'speed',
  words: { readonly [field: string]: unknown },
): Promise<void> {
  const { statusCode, body } = await request(`${controlUrl}/sim/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(words),
  });
  const answer = await body.text();
  if (statusCode !== 200) throw new Error(`The simulator refused a ${action}: ${answer}`);
}
