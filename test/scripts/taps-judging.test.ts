/** The judge of the trial of taps sees each thing that must not be, and nothing where all is well. */
import { describe, expect, it } from 'vitest';
import { cardIn } from '../../scripts/sim/taps/cards.ts';
import { judge, type Facts } from '../../scripts/sim/taps/judging.ts';
import type { Write } from '../../scripts/sim/taps/stage.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { price, qty } from '../../src/domain/money/money.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';

const shown = (text: string, id = 'card1') => {
  const message = { id: 1, text, keyboard: [[{ text: 'Confirm', callback_data: `c:${id}` }]] };
  const card = cardIn(message as unknown as UserMessage, 0, 0);
  if (card === undefined) throw new Error('no card');
  return card;
};
const HALF = shown('Close 1.250 of 2.500 of ETHUSDT long?\nAt the market price');
const STOP = shown('ETHUSDT long: stop at 3,964.90?\nPrice now 4,004.94');

const entered = {
  card: shown(
    'Confirm: XRPUSDT long?\nBuy 400 XRP for 980.00 USDT at 5x, now about 2.45\nStop 2.4010, target 2.5970',
  ),
  at: 10,
  writes: 0,
  seen: 1,
};
const entry = (over: object): Write => ({
  name: 'placeEntry',
  args: [
    {
      symbol: 'XRPUSDT',
      side: 'long',
      qty: qty('400'),
      stop: price('2.401'),
      target: price('2.597'),
      ...over,
    },
    'vgnonce1',
  ],
});

const account = (over: object = {}): Facts['accounts'][number] =>
  ({
    positions: [{ positionId: 'p1', symbol: 'ETHUSDT', direction: 'LONG', qty: '2.5' }],
    tpsl: [],
    orderHistory: [],
    writes: 0,
    ...over,
  }) as unknown as Facts['accounts'][number];
const reduce = (amount: string, clientId = 'vmcard1'): Write => ({
  name: 'reducePosition',
  args: [{ reduce: { symbol: 'ETHUSDT', qty: qty(amount) }, clientId }],
});
const facts = (over: Partial<Facts>): Facts => ({
  shown: [],
  confirmed: [],
  accounts: [account()],
  writes: [],
  alerts: [],
  proposals: [],
  last: new Map(),
  ...over,
});
const confirmed = [{ card: HALF, at: 10, writes: 0, seen: 1 }];

describe('the judge', () => {
  it('finds nothing where what was written had been shown and confirmed', () => {
    expect(judge(facts({ confirmed, writes: [reduce('1.25')] }))).toEqual([]);
    const stop: Write = {
      name: 'placeProtection',
      args: [{ symbol: 'ETHUSDT', positionId: 'p1', stop: price('3964.9') }],
    };
    expect(
      judge(facts({ confirmed: [{ card: STOP, at: 0, writes: 0, seen: 1 }], writes: [stop] })),
    ).toEqual([]);
  });

  it('takes an entry of what was shown or less', () => {
    const accounts = [account()];
    for (const size of ['400', '200']) {
      const writes = [entry({ qty: qty(size) })];
      expect(judge(facts({ accounts, confirmed: [entered], writes }))).toEqual([]);
    }
  });

  it.each([
    ['nobody confirmed', { writes: [reduce('1.25')] }],
    ['another size', { confirmed, writes: [reduce('1.3')] }],
    [
      'confirmed too late',
      { confirmed: [{ card: HALF, at: 302_000, writes: 0, seen: 1 }], writes: [reduce('1.25')] },
    ],
    [
      'confirmed afterwards',
      { confirmed: [{ card: HALF, at: 10, writes: 1, seen: 1 }], writes: [reduce('1.25')] },
    ],
    ['sent twice', { confirmed, writes: [reduce('1.25'), reduce('1.25')] }],
    [
      'another stop',
      {
        confirmed: [{ card: STOP, at: 0, writes: 0, seen: 1 }],
        writes: [
          {
            name: 'placeProtection',
            args: [{ symbol: 'ETHUSDT', positionId: 'p1', stop: price('3964.8') }],
          },
        ],
      },
    ],
    [
      'an entry with another stop',
      { confirmed: [entered], writes: [entry({ stop: price('2.3') })] },
    ],
    [
      'an entry of more than was shown',
      { confirmed: [entered], writes: [entry({ qty: qty('401') })] },
    ],
    ['an entry on the other side', { confirmed: [entered], writes: [entry({ side: 'short' })] }],
    ['an entry sent twice', { confirmed: [entered], writes: [entry({}), entry({})] }],
    ['an entry', { writes: [{ name: 'placeEntry', args: [{ symbol: 'XRPUSDT' }] }] }],
    [
      'a position that grew',
      {
        accounts: [
          account(),
          account({
            positions: [{ positionId: 'p1', symbol: 'ETHUSDT', direction: 'LONG', qty: '2.6' }],
          }),
        ],
      },
    ],
    [
      'a position that turned',
      {
        accounts: [
          account(),
          account({
            positions: [{ positionId: 'p1', symbol: 'ETHUSDT', direction: 'SHORT', qty: '1' }],
          }),
        ],
      },
    ],
    [
      'a position that nobody opened',
      {
        accounts: [
          account({
            positions: [{ positionId: 'p9', symbol: 'XRPUSDT', direction: 'LONG', qty: '1' }],
          }),
        ],
      },
    ],
    [
      'a stop that is gone',
      { accounts: [account({ tpsl: [{ positionId: 'p1', slPrice: '3900' }] }), account()] },
    ],
    [
      'two orders of one id',
      {
        accounts: [
          account({
            orderHistory: [
              { clientId: 'vmcard1', orderId: '1' },
              { clientId: 'vmcard1', orderId: '2' },
            ],
          }),
        ],
      },
    ],
    [
      'filled and called not done',
      {
        confirmed,
        alerts: [{ key: 'manage:card1', title: 'ETHUSDT: not done, closing' } as Alert],
        accounts: [
          account({ orderHistory: [{ clientId: 'vmcard1', orderId: '1', tradeQty: '1.25' }] }),
        ],
      },
    ],
  ] as readonly (readonly [string, Partial<Facts>])[])('sees %s', (_what, over) => {
    expect(judge(facts(over)).length).toBeGreaterThan(0);
  });
});
