import { describe, expect, it } from 'vitest';
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { percent, price, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import { createFakeWorld, portsOf } from './fakes.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { textOf } from './phone.ts';
import { ACCOUNT, NOW, POSITION, PROPOSAL, PROTECTION, TICKERS } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

/** ETH moves 1.5 times as much as Bitcoin, every hour. */
const hours = (symbol: string): readonly Candle[] => {
  let close = 100;
  return Array.from({ length: 168 }, (_each, hour) => {
    const open = close;
    close *= 1 + (hour % 2 === 0 ? 0.01 : -0.009) * (symbol === 'ETHUSDT' ? 1.5 : 1);
    const openTime = NOW - (168 - hour) * HOUR;
    return {
      openTime,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: 1,
    };
  });
};

const snapshot: AccountSnapshot = {
  account: ACCOUNT,
  positions: [POSITION],
  protections: [PROTECTION],
  openOrders: [],
  excursions: new Map([['p1', { worst: usd('-8.5'), best: usd('20'), since: NOW - 30 * 60_000 }]]),
  unprotectedDay: { day: Date.UTC(2025, 9, 10), ms: 42_000 },
  at: NOW,
};

const quiet = portsOf(createFakeWorld());
const candles = { ...quiet.candles, since: async (symbol: string) => hours(symbol) };
const funding = { rate: percent('0.01'), intervalHours: 8, nextAt: NOW + 4 * HOUR };
const market = {
  ...quiet.market,
  fundingRates: async () => [{ symbol: 'ETHUSDT', ...funding }],
};

/** Tickers whose prices are these. */
const pricedAt =
  (marks: Readonly<Record<string, string>>): Ports['market']['tickers'] =>
  async () =>
    TICKERS.flatMap((each) => {
      const mark = marks[each.symbol];
      return mark === undefined ? [] : [{ ...each, mark: price(mark) }];
    });

async function open(
  request: {
    positions?: boolean;
    rates?: boolean;
    marks?: Readonly<Record<string, string>>;
  } = {},
): Promise<Rig> {
  rig = await rigs.open({
    ports: {
      candles,
      market: {
        ...(request.rates === false ? quiet.market : market),
        ...(request.marks === undefined ? {} : { tickers: pricedAt(request.marks) }),
      },
    },
    before: (world) => {
      world.snapshot = snapshot;
      if (request.positions === false) {
        world.account = { ...world.account, available: usd('10000'), margin: ZERO_USD };
        world.snapshot = { ...snapshot, account: world.account, positions: [], protections: [] };
        return;
      }
      world.positions = [POSITION];
      world.protections = [PROTECTION];
    },
  });
  return rig;
}

async function ask(command: string, hears: string): Promise<string> {
  await rig.phone.send(command);
  return textOf(await rig.phone.hears(hears));
}

describe('/risk', () => {
  it('shows what can be lost, with n and method, and what is due', async () => {
    await open();
    const answer = await ask('/risk', 'What can be lost');
    // 2.5 x (3950 - slippage 1.975) - exit fee 5.92 against 2.5 x 4000.
    expect(answer).toContain('If every stop fills: 135.86 USDT, 1.36 % of equity');
    expect(answer).toMatch(/A bad hour \(1 in 20\): a loss of 135\.17 USDT or more/);
    expect(answer).toContain('historical simulation, n = 167 hours');
    expect(answer).toContain('Margin ratio: 0.40 %');
    expect(answer).toContain('Nearest liquidation: ETHUSDT, 19.60 % away');
    expect(answer).toContain('Time without full protection today: 42 s');
    expect(answer).toContain('ETHUSDT: about -1.00 USDT at 2025-10-10 16:00 UTC');
    await rig.phone.hears((message) => message.photo !== undefined);
  });

  it('names the position for which no funding rate is known', async () => {
    await open({ rates: false });
    expect(await ask('/risk', 'What can be lost')).toContain(
      'Funding due next\nETHUSDT: unavailable, the exchange gives no rate',
    );
  });

  it('says that it is unavailable when nothing can be read', async () => {
    await open();
    rig.world.snapshot = undefined;
    rig.world.exchangeDown = true;
    expect(await ask('/risk', 'Risk')).toContain('Your account is unavailable right now');
  });
});

describe('/position', () => {
  it('shows one position in full, also by the coin alone', async () => {
    await open();
    const answer = await ask('/position eth', 'Worst and best');
    expect(answer).toContain('Liquidation is 19.60 % away');
    expect(answer).toContain('If the stop fills you lose 135.86 USDT against entry');
    expect(answer).toContain(
      'Worst and best open P&L: -8.50 USDT and +20.00 USDT, watched for 30 min',
    );
  });

  it('names what is open when it is asked for something else', async () => {
    await open();
    expect(await ask('/position DOGE', 'No position is open in')).toContain('Open: ETHUSDT long.');
  });
});

describe('/exposure', () => {
  it('shows values by coin, category and what moves together', async () => {
    await open();
    const answer = await ask('/exposure', 'What moves together');
    expect(answer).toContain('Long 10,012.34 USDT, short 0.00 USDT');
    expect(answer).toContain('• Bitcoin and majors: 10,012.34 USDT');
    expect(answer).toContain('• ETHUSDT on its own');
  });

  it('says that nothing is at stake without positions', async () => {
    await open({ positions: false });
    expect(await ask('/exposure', 'Exposure')).toContain('No open position');
  });
});

describe('/stress', () => {
  it('shows shocks by measured beta, the gap, funding and who is liquidated first', async () => {
    await open();
    const answer = await ask('/stress', 'What if');
    // -5 % x 1.5 takes ETH to 3704: the stop at 3950 fills on the way; -148.20 from the open profit.
    expect(answer).toContain('Bitcoin -5 %: -148.20 USDT (-1.48 % of equity), 1 stopped');
    expect(answer).toContain(
      'ETHUSDT moves 1.50 times as much as Bitcoin (167 hours of the last 7 days)',
    );
    expect(answer).toMatch(/Every stop fills 2 % too late: -345\.\d\d USDT/);
    expect(answer).toContain("Funding of a day at today's rates: -3.00 USDT");
    expect(answer).toContain('• ETHUSDT at 3,220.00, 19.60 % away');
  });

  it('is inside each approval card with all its figures, with the room that is left, funding, and the record', async () => {
    await open();
    rig.world.proposals.push({ ...PROPOSAL, deadline: NOW + HOUR });
    await rig.world.outbox.raise({
      key: 'signal:sig-btc',
      kind: 'signal',
      severity: 'info',
      title: 'A signal',
      lines: [],
      buttons: [[{ label: 'Approve', action: 'approve', id: PROPOSAL.nonce }]],
      at: NOW,
    });
    const card = await rig.phone.hears('A signal');
    await rig.phone.tap(card.id, `a:${PROPOSAL.nonce}`);
    const short = await rig.phone.hears('Confirm: BTCUSDT long?');
    const all = short.keyboard?.flat().find(({ text }) => text === 'All figures');
    await rig.phone.tap(short.id, all?.callback_data ?? '');
    const answer = textOf(await rig.phone.hears('Bitcoin -5 %'));
    for (const move of [5, 10, 20]) {
      expect(answer).toMatch(new RegExp(`Bitcoin -${move} %: -\\d+\\.\\d\\d USDT \\(-\\d`));
    }
    expect(answer).toMatch(/Every stop fills 2 % too late: -\d+\.\d\d USDT/);
    expect(answer).toContain("Funding of a day at today's rates:");
    expect(answer).toContain('Liquidated first:');
    expect(answer).toMatch(/Uses \d+\.\d\d % of what today may still lose \(\d+\.\d\d USDT\)/);
    expect(answer).toMatch(
      /Loss if all stops fill, afterwards: \d\.\d\d % of equity; the limit is/,
    );
    expect(answer).toMatch(/Liquidation is \d+\.\d\d % away/);
    expect(answer).toContain('Price now against the signal: +0.01 %');
    expect(answer).toContain('Next funding:');
    expect(answer).toMatch(/\d of 100 such signals reached the target, \d\d break even/);
    expect(answer).toMatch(/Valid until .*\n(.*\n)?\d+ min left/);
  });
});

describe('/size', () => {
  it.each([
    ['/size BTC 65,000 63,900'],
    ['/size BTC $65,000.00 $63,900'],
    ['/size 65000 63900 btc'],
    ['/size long BTCUSDT 65000 63900'],
    ['/size BTC 65.000 63.900'],
    ['/size BTC 65.000,00 63,9k'],
    ["/size BTC 65'000 63_900"],
    ['/size BTC 65\u2009000 63\u202F900'],
  ])('takes %s as it is meant', async (question) => {
    await open({ positions: false, marks: { BTCUSDT: '64950', ETHUSDT: '0.51' } });
    expect(await ask(question, 'Size: BTCUSDT long')).toContain(
      'Entry 65,000.0, stop 63,900.0; the market is at 64,950.0',
    );
  });

  it('takes a stop above the entry for a short, a decimal comma, and a leverage', async () => {
    await open({ positions: false, marks: { BTCUSDT: '64950', ETHUSDT: '0.51' } });
    expect(await ask('/size BTC 63900 65000 short 2', 'Size: BTCUSDT short')).toContain(
      'Leverage: 2x',
    );
    expect(await ask('/size ETH 0,5 0,49', 'Size: ETHUSDT long')).toContain(
      'Entry 0.50, stop 0.49; the market is at 0.51',
    );
  });

  it('answers with the sizing of the gate, and orders nothing', async () => {
    await open({ positions: false, marks: { BTCUSDT: '64950', ETHUSDT: '0.51' } });
    const answer = await ask('/size BTC 65000 63900', 'Size: BTCUSDT long');
    // 0.5 % of 10,012.34 over 1,100 + slippage 64.45 + fees 77.34 for one coin.
    expect(answer).toContain('Quantity: 0.040, worth 2,600.00 USDT');
    expect(answer).toContain('Size limited by: the risk per trade');
    expect(answer).toMatch(/Uses \d\d\.\d\d % of what today may still lose/);
    expect(rig.world.orders).toEqual([]);
  });

  it.each([
    ['/size BTC 65000', 'A coin, an entry price and a stop price are needed.'],
    ['/size BTC 2 %', 'say long or short'],
    ['/size BTC long 51 %', 'A stop is at most 50 % away.'],
    ['/size BTC long 2 % 65000 63900', 'That is more than I can use.'],
    ['/size BTC 65q 63900', '"65q" is not a price.'],
    ['/size BTC 65000 -1', '"-1" is not a price.'],
    ['/size BTC 0 63900', '"0" is not a price.'],
    ['/size BTC 65000 65000', 'The stop must differ from the entry.'],
    ['/size NOSUCH 65000 63900', 'The exchange has no contract called "NOSUCH".'],
    ['/size BTC 65000 63900 50x', '"50x" is not an allowed leverage: 1x to 5x.'],
    ['/size BTC 65000 63900 3x now', 'That is more than I can use.'],
    ['/size BTC short 65000 63900', 'a stop below the entry belongs to a long'],
    ['/size BTCC 65000 63900', 'Did you mean BTCUSDT?'],
    ['/size E 65000 63900', 'Use its name there'],
    ['/size BTC 65,00,0 63900', '"65,00,0" is not a price.'],
  ])('answers "%s" with what is allowed', async (command, reason) => {
    await open({ positions: false, marks: { BTCUSDT: '64950', ETHUSDT: '0.51' } });
    const answer = await ask(command, 'No size');
    expect(answer).toContain(reason);
    expect(answer).toContain('/size BTC 65000 63900');
  });

  it('asks about a number that can be read in two ways where the market does not decide', async () => {
    await open({ positions: false, marks: { BTCUSDT: '118000' } });
    const answer = await ask('/size BTC 65.000 63.900', 'No size');
    expect(answer).toContain('"65.000" can be read as 65 or as 65,000.');
    expect(answer).toContain('write 65.0 for the first or 65000 for the second');
    expect(await ask('/size BTC 118.000 63.900', '63.900')).toContain(
      '"63.900" can be read as 63.9 or as 63,900.',
    );
    expect(await ask('/size BTC 118.000 116,500', 'Size: BTCUSDT long')).toContain(
      'Entry 118,000.0, stop 116,500.0',
    );
  });

  it.each([
    // 20 % of 50,000 is 10,000 and still near.
    ['60000', 'Size: BTCUSDT long', 'Entry 60,000.0'],
    ['60000.1', 'No size', 'BTCUSDT is at 50,000 now. An entry at 60,000.1 is 20 % above that.'],
    ['40000', 'Size: BTCUSDT short', 'Entry 40,000.0'],
    ['39999.9', 'No size', 'BTCUSDT is at 50,000 now. An entry at 39,999.9 is 20 % below that.'],
    ['65', 'No size', 'An entry at 65 is 99.9 % below that. Is it what you mean?'],
  ])('with Bitcoin at 50,000 answers an entry at %s', async (entry, title, text) => {
    await open({ positions: false, marks: { BTCUSDT: '50000' } });
    const stop = entry === '65' ? '64' : '50500';
    const answer = await ask(`/size BTC ${entry} ${stop}`, title);
    expect(answer).toContain(text);
    if (title === 'No size') {
      const again = `/size BTCUSDT ${entry} ${stop} anyway`;
      expect(answer).toContain(`If you mean it, add the word "anyway": ${again}`);
      expect(await ask(again, 'Size: ')).toContain('the market is at 50,000.0');
    }
  });

  it('says that an entry cannot be compared with a market price that is not known', async () => {
    await open({ positions: false, marks: { ETHUSDT: '4000' } });
    expect(await ask('/size BTC 65000 63900', 'No size')).toContain(
      'The market price of BTCUSDT is not known right now, so 65,000 cannot be compared with it.',
    );
    expect(await ask('/size BTC 65000 63900 anyway', 'Size: BTCUSDT long')).not.toContain(
      'the market is',
    );
  });
});
