import type { Trading } from '../../../src/app/ports/trading.ts';
import { price, qty } from '../../../src/domain/money/money.ts';

type Entry = Parameters<Trading['placeEntry']>[0];

/** What the gate approves, as far as placing an order reads it. */
export const anEntry = (over: Partial<Entry> = {}): Entry =>
  ({
    symbol: 'BTCUSDT',
    side: 'long',
    qty: qty('0.002'),
    leverage: 5,
    positionMode: 'hedge',
    stop: price('58000'),
    target: price('61000'),
    ...over,
  }) as unknown as Entry;
