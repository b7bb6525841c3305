/** The judge of the trial of taps sees each card that ends in something else than the exchange says. */
import { describe, expect, it } from 'vitest';
import { cardIn } from '../../scripts/sim/taps/cards.ts';
import { judgeEnds, type Ends } from '../../scripts/sim/taps/ends.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import type { Truth } from '../app/vigil.ts';

const card = (text: string) => {
  const message = { id: 1, text, keyboard: [[{ text: 'Confirm', callback_data: 'c:card1' }]] };
  const found = cardIn(message as unknown as UserMessage, 0, 0);
  if (found === undefined) throw new Error('no card');
  return { card: found, at: 10, writes: 0, seen: 1 };
};
const HALF = card('Close 1.250 of 2.500 of ETHUSDT long?\nAt the market price');
const WHOLE = card('Close ETHUSDT long?\nAt the market price');
const STOP = card('ETHUSDT long: stop at 3,964.90?\nPrice now 4,004.94');

const held = (qty: string): Truth['positions'][number] => ({
  positionId: 'p1',
  symbol: 'ETHUSDT',
  direction: 'LONG',
  qty,
});
const stopAt = (slPrice: string): Truth['tpsl'][number] => ({
  symbol: 'ETHUSDT',
  positionId: 'p1',
  slPrice,
  tpPrice: null,
});
const order = (clientId: string, tradeQty: string): Truth['orderHistory'][number] =>
  ({ symbol: 'ETHUSDT', clientId, status: 'FILLED', qty: tradeQty, tradeQty }) as never;
const account = (over: Partial<Truth> = {}): Truth =>
  ({
    positions: [held('2.5')],
    orders: [],
    tpsl: [],
    orderHistory: [],
    closedPositions: [],
    ...over,
  }) as unknown as Truth;
const told = (title: string, key = 'manage:card1', lines: readonly string[] = []): Alert =>
  ({ key, title, lines }) as unknown as Alert;
const ends = (over: Partial<Ends>): Ends => ({
  confirmed: [],
  accounts: [account(), account()],
  alerts: [],
  proposals: [],
  last: new Map([['c:card1', 'Confirmed. You get a message with what came of it.']]),
  ...over,
});

const HALVED = account({ positions: [held('1.25')], orderHistory: [order('vmcard1', '1.25')] });
const PART = told('ETHUSDT long partly closed: 1.25 of 2.5 left', 'position-reduced:p1');
const SIGNAL = {
  nonce: 'nonce1',
  clientId: 'vgnonce1',
  signal: { id: 'XRPUSDT-1' },
} as unknown as Ends['proposals'][number];
const signalSays = (text: string): Ends['last'] => new Map([['a:nonce1', text]]);
const BOUGHT = account({ orderHistory: [order('vgnonce1', '400')] });

describe('the end of a card', () => {
  it.each<readonly [string, Partial<Ends>]>([
    [
      'a part closed and told',
      { confirmed: [HALF], accounts: [account(), HALVED], alerts: [PART] },
    ],
    ['a part not done', { confirmed: [HALF], alerts: [told('ETHUSDT: not done, closing 1.25')] }],
    ['nobody can see it', { confirmed: [HALF], alerts: [told('I cannot see whether it is done')] }],
    [
      'a part of it filled, and that is told',
      {
        confirmed: [HALF],
        accounts: [
          account(),
          account({ positions: [held('2')], orderHistory: [order('vmcard1', '0.5')] }),
        ],
        alerts: [
          told('ETHUSDT: done in part, closing 1.25 of it'),
          told('ETHUSDT long partly closed: 2 of 2.5 left', 'position-reduced:p1'),
        ],
      },
    ],
    [
      'a card that was too old',
      { confirmed: [HALF], last: new Map([['c:card1', 'That is more than 5 minutes old']]) },
    ],
    ['closed', { confirmed: [WHOLE], accounts: [account(), account({ positions: [] })] }],
    [
      'a stop that rests',
      {
        confirmed: [STOP],
        accounts: [account(), account({ tpsl: [stopAt('3964.9')] })],
        alerts: [
          told('ETHUSDT: done, moving its stop to 3,964.9', 'manage:card1', [
            'Stop resting at 3,964.9.',
          ]),
        ],
      },
    ],
    [
      'a signal that was bought',
      {
        proposals: [SIGNAL],
        accounts: [BOUGHT],
        last: signalSays('✅ Done: XRPUSDT long\nOpen, 400 at 2.45, stop resting at 2.4.'),
      },
    ],
    [
      'a signal of which a part was bought, while its rest is open',
      {
        proposals: [SIGNAL],
        accounts: [account({ orders: [order('vgnonce1', '150')] })],
        last: signalSays('🟠 Done in part: XRPUSDT long\nOpen, 150 at 2.45.'),
      },
    ],
    ['a signal that expired', { proposals: [SIGNAL], last: signalSays('Expired: XRPUSDT long') }],
    [
      'positions as they are',
      {
        accounts: [account({ tpsl: [stopAt('3964.9')] })],
        positions:
          'Positions\nETHUSDT long, 5x isolated\n  Size 2.500, margin 100 USDT\n  Stop 3,964.90, 1 % away\n  Target none',
      },
    ],
  ])('is well where it is so: %s', (_what, over) => {
    expect(judgeEnds(ends(over))).toEqual([]);
  });

  it.each<readonly [string, Partial<Ends>]>([
    ['nothing told', { confirmed: [HALF] }],
    ['filled and not told', { confirmed: [HALF], accounts: [account(), HALVED] }],
    [
      'another size told',
      {
        confirmed: [HALF],
        accounts: [account(), HALVED],
        alerts: [told('ETHUSDT long partly closed: 1.3 of 2.5 left', 'position-reduced:p1')],
      },
    ],
    [
      'filled and told as not done',
      {
        confirmed: [HALF],
        accounts: [account(), HALVED],
        alerts: [told('ETHUSDT: not done, closing 1.25')],
      },
    ],
    [
      'more than shown',
      {
        confirmed: [HALF],
        accounts: [account(), account({ orderHistory: [order('vmcard1', '2')] })],
        alerts: [PART],
      },
    ],
    [
      'told as done and not filled',
      { confirmed: [HALF], alerts: [told('ETHUSDT: done, closing 1.25')] },
    ],
    ['still open', { confirmed: [WHOLE] }],
    [
      'a stop that does not rest',
      {
        confirmed: [STOP],
        alerts: [
          told('ETHUSDT: done, moving its stop to 3,964.9', 'manage:card1', [
            'Stop resting at 3,964.9.',
          ]),
        ],
      },
    ],
    [
      'rejected and bought',
      { proposals: [SIGNAL], accounts: [BOUGHT], last: signalSays('Rejected: XRPUSDT long') },
    ],
    ['done and not bought', { proposals: [SIGNAL], last: signalSays('✅ Done: XRPUSDT long') }],
    [
      'another size than was bought',
      {
        proposals: [SIGNAL],
        accounts: [BOUGHT],
        last: signalSays('✅ Done: XRPUSDT long\nOpen, 500 at 2.45'),
      },
    ],
    ['bought and never shown', { proposals: [SIGNAL], accounts: [BOUGHT] }],
    ['a position that is not listed', { positions: 'Positions\nNo open position.' }],
    [
      'a stop that is not listed',
      {
        accounts: [account({ tpsl: [stopAt('3964.9')] })],
        positions: 'Positions\nETHUSDT long, 5x isolated\n  Size 2.500\n  ⚠️ NO STOP',
      },
    ],
    [
      'a size that is another',
      { positions: 'Positions\nETHUSDT long, 5x isolated\n  Size 2.400\n  ⚠️ NO STOP' },
    ],
  ])('is seen where it is not: %s', (_what, over) => {
    expect(judgeEnds(ends(over)).length).toBeGreaterThan(0);
  });
});
