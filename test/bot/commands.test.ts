import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/bot/commands/list.ts';
import { MENU_PAGES } from '../../src/bot/menus/menu.ts';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { HOUR, formatUtc } from '../../src/domain/time.ts';
import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { createFakeRenderer, portsOf } from './fakes.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { textOf, type UserMessage } from './phone.ts';
import { CLOSED, NOW, POSITION, PROPOSAL, PROTECTION } from './samples.ts';

const { open } = rigsOfFile();

/** The whole wallet is free. */
function nothingOpen({ world }: Pick<Rig, 'world'>): void {
  world.account = { ...world.account, available: usd('10000'), margin: ZERO_USD };
}

describe('the command menu', () => {
  it('holds every command of the list', async () => {
    const { phone } = await open();
    const { commands } = (await phone.get('/user/commands')) as {
      commands: { command: string; description: string }[];
    };
    expect(commands).toEqual(
      COMMANDS.map(({ name, description }) => ({ command: name, description })),
    );
  });

  it('is what /help lists', async () => {
    const { phone } = await open();
    await phone.send('/help');
    const answer = textOf(await phone.hears('What I can do'));
    for (const { name, description } of COMMANDS) {
      expect(answer).toContain(`/${name} - ${description}`);
    }
    expect(answer).toContain('nothing but "stop" (or halt, стоп, alto, 停止 …) is /halt at once');
    expect(answer).toContain('demo, no real money, 600x speed');
  });
});

describe('/balance', () => {
  it('shows the live figures, the time and whose money it is', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    await phone.send('/balance');
    const answer = textOf(await phone.hears('Equity'));
    expect(answer).toContain('Equity: 10,012.34 USDT');
    expect(answer).toContain('Wallet: 10,000.00 USDT');
    expect(answer).toContain('Free: 9,000.00 USDT');
    expect(answer).toContain('In positions: 1,000.00 USDT');
    expect(answer).toContain('Open P&L: +12.34 USDT');
    expect(answer).toContain('Trading: normal');
    expect(answer).toContain(`live · ${formatUtc(NOW)} · demo`);
  });

  it('shows the last figures with their age while the exchange does not answer', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    world.snapshot = await fetchSnapshot(portsOf(world));
    world.now += 180_000;
    world.exchangeDown = true;
    await phone.send('/balance');
    const answer = textOf(await phone.hears('Equity'));
    expect(answer).toContain('Equity: 10,012.34 USDT');
    expect(answer).toContain('3 min old (the exchange does not answer)');
  });

  it('says what a free balance below zero may mean', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    world.account = { ...world.account, available: usd('-187.07') };
    await phone.send('/balance');
    const answer = textOf(await phone.hears('Equity'));
    expect(answer).toContain('Free: -187.07 USDT');
    expect(answer).toContain('Free is below zero: another coin may stand behind this account');
  });

  it('shows no figure when there is none', async () => {
    const { phone, world } = await open();
    world.exchangeDown = true;
    await phone.send('/balance');
    const answer = textOf(await phone.hears('unavailable'));
    expect(answer).not.toMatch(/USDT/);
    expect(answer).toContain('unavailable (the exchange does not answer)');
  });
});

describe('/positions', () => {
  it('shows size, prices, result, stop, target and liquidation', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    world.protections = [PROTECTION];
    await phone.send('/positions');
    const answer = textOf(await phone.hears('ETHUSDT'));
    expect(answer).toContain('ETHUSDT long, 5x isolated');
    expect(answer).toContain('Size 2.500, margin 1,000.00 USDT');
    expect(answer).toContain('Entry 4,000.00, mark 4,004.94');
    expect(answer).toContain('Stop 3,950.00, 1.37 % away, -125.00 USDT there before fees');
    expect(answer).toContain('Target 4,200.00');
    expect(answer).toContain('Liquidation about 3,220.00');
  });

  it('warns of a position without a stop', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    await phone.send('/positions');
    expect(textOf(await phone.hears('ETHUSDT'))).toContain('NO STOP');
  });

  it('says so when nothing is open and when nothing can be read', async () => {
    const { phone, world } = await open();
    nothingOpen({ world });
    await phone.send('/positions');
    await phone.hears('No open position.');
    world.exchangeDown = true;
    await phone.send('/positions');
    await phone.hears('Your positions are unavailable');
  });
});

describe('/pnl', () => {
  it('shows what was earned, what it cost and a picture', async () => {
    const { phone, world } = await open();
    world.closed = [CLOSED];
    world.equity = [
      { at: NOW - 60_000, equity: 10_000 },
      { at: NOW, equity: 10_012 },
    ];
    await phone.send('/pnl');
    const answer = textOf(await phone.hears('Profit and loss'));
    expect(answer).toContain('Today, since 2025-10-10 00:00 UTC: +47.00 USDT net');
    expect(answer).toContain('Price +50.00 USDT, fees -2.40 USDT, funding -0.60 USDT');
    const picture = await phone.hears((each) => each.photo !== undefined);
    expect(picture.caption).toContain('Equity: 10,012.00 USDT');
  });

  it('goes without the picture when it cannot be drawn', async () => {
    const render = () => Promise.reject(new Error('no canvas'));
    const { phone, world } = await open({ bot: { charts: createFakeRenderer(render) } });
    world.equity = [
      { at: NOW - 60_000, equity: 10_000 },
      { at: NOW, equity: 10_012 },
    ];
    await phone.send('/pnl');
    await phone.hears('Nothing was closed.');
    await phone.send('/help');
    await phone.hears('What I can do');
    expect((await phone.messages()).some((each) => each.photo !== undefined)).toBe(false);
    expect(world.logged.join('\n')).toContain('no canvas');
  });
});

describe('/signals and /status', () => {
  it('call an empty scan a good answer', async () => {
    const { phone, world } = await open();
    world.scan = {
      at: NOW,
      candleClosedAt: NOW,
      universe: 6,
      scored: ['AUSDT', 'BUSDT'],
      unscored: [
        { cause: 'history', symbols: ['CUSDT', 'DUSDT'] },
        { cause: 'not-read', symbols: ['EUSDT', 'FUSDT'], reason: 'no answer within 10 s' },
      ],
      silent: [
        { strategy: 'breakdown', symbols: 2, afterGap: 1, until: NOW },
        { strategy: 'breakout', symbols: 2, afterGap: 1, until: NOW },
        { strategy: 'agreement', symbols: 1, afterGap: 0, until: NOW },
      ],
      signals: 0,
      found: [],
    };
    await phone.send('/signals');
    const answer = textOf(await phone.hears('Checked '));
    expect(answer).toContain('Checked 2 of 6 symbols');
    expect(answer).toContain('Too little history yet: 2 (CUSDT, DUSDT)');
    expect(answer).toContain(
      'Could not be read, retried every minute: 2 (EUSDT, FUSDT): no answer within 10 s',
    );
    expect(answer).toContain(
      'Not enough candles in a row to judge: breakdown, breakout for 2 of 6 symbols (1 after a gap), until about 2025-10-10 12:00 UTC; agreement for 1 of 6 symbols, until about 2025-10-10 12:00 UTC',
    );
    expect(answer).toContain('That is a good answer');
    expect(answer).not.toContain('closed since then');
  });

  it('say that newer candles were not scanned', async () => {
    const { phone, world } = await open();
    // At the speed of this chat a scan may take 50 hours.
    const candleClosedAt = NOW - 60 * HOUR;
    const scan = { at: candleClosedAt, candleClosedAt, universe: 1, scored: ['AUSDT'] };
    world.scan = { ...scan, unscored: [], signals: 0, found: [] };
    await phone.send('/signals');
    expect(textOf(await phone.hears('Checked '))).toContain(
      '60 newer candles have closed since then and could not be scanned',
    );
  });

  it('show what waits and why the rest was refused', async () => {
    const { phone, world } = await open();
    world.proposals.push(PROPOSAL);
    world.scan = {
      at: NOW,
      candleClosedAt: NOW,
      universe: 210,
      scored: Array.from({ length: 205 }, (_, index) => `C${index}USDT`),
      unscored: [],
      signals: 4,
      found: [
        {
          signal: PROPOSAL.signal,
          fate: 'refused',
          refusals: [{ code: 'too-many-positions', sentence: 'Too many positions are open.' }],
        },
      ],
    };
    await phone.send('/signals');
    const answer = textOf(await phone.hears('Checked '));
    expect(answer).toContain(
      'Of 10 signals of breakdown about 4 win, of the others about 3, never 7 or 8',
    );
    expect(answer).toContain('breakdown sells short only');
    expect(answer).toContain('• BTCUSDT long, agreement, 82 of 100 checks passed, 15 min left');
    expect(answer).toContain('refused: Too many positions are open.');
    expect(answer).toContain('3 more were found and not kept.');
  });

  it('show mode, limits with bars, health and what waits', async () => {
    const { phone, world } = await open();
    nothingOpen({ world });
    world.snapshot = await fetchSnapshot(portsOf(world));
    world.proposals.push(PROPOSAL);
    world.feeds.push({ feed: 'price stream', state: 'live', reason: '', since: 1, at: world.now });
    await phone.send('/status');
    const answer = textOf(await phone.hears('Status'));
    expect(answer).toContain('Trading: normal');
    expect(answer).toMatch(/░{5} open positions 0 of 3/);
    expect(answer).toContain('Price stream: live');
    expect(answer).toContain('Account stream: no report yet');
    expect(answer).toContain('Waiting for your approval: BTCUSDT long');
  });
});

describe('what is not understood', () => {
  it('names the closest command', async () => {
    const { phone } = await open();
    await phone.send('/balnce');
    await phone.hears('I do not know /balnce, so I did nothing. Did you mean /balance?');
    await phone.send('/flatten');
    await phone.hears('Did you mean /halt?');
    await phone.send('/frobnicate');
    await phone.hears('I do not know /frobnicate, so I did nothing. /help lists all commands.');
  });

  it('words after what only shows something do no harm; after what acts they are refused', async () => {
    const { phone } = await open();
    await phone.send('/balance please');
    await phone.hears('Trading: normal');
    await phone.send('/resume now');
    await phone.hears('/resume takes nothing after it, so I did nothing. Send just /resume.');
  });

  it.each([
    ['/profit', 'Profit and loss'],
    ['/count', 'Positions'],
    ['/stopentry', 'New trades are paused as of now.'],
    ['/forceexit BTC', 'No position is open'],
    ['／ｂａｌａｎｃｅ', 'Balance'],
  ])('%s is obeyed as other bots call it', async (typed, said) => {
    const { phone } = await open();
    await phone.send(typed);
    await phone.hears(said);
  });

  it('a long list comes in pages with a count, each with the buttons of its own', async () => {
    const { phone } = await open({
      before: (world) => {
        world.positions = Array.from({ length: 20 }, (_, index) => ({
          ...POSITION,
          id: `p${index}`,
          symbol: `COIN${index}USDT`,
        }));
      },
    });
    const labels = (message: UserMessage): string[] =>
      (message.keyboard ?? []).flat().map(({ text }) => text);
    await phone.send('/positions');
    const list = await phone.hears('1-8 of 20');
    expect(labels(list)).toEqual([
      ...Array.from({ length: 8 }, (_, index) => `Manage COIN${index}USDT long`),
      'Next',
      'Refresh',
    ]);
    await phone.tap(list.id, 'u:again-positions-2');
    const last = await phone.hears('17-20 of 20');
    expect(last.id).toBe(list.id);
    expect(labels(last)).toContain('Manage COIN19USDT long');
    expect(textOf(last)).toContain('no real money');
  });

  it('everything is reached by taps, and a message is looked at again in its place', async () => {
    const { phone } = await open();
    const data = (message: UserMessage, label: string): string =>
      (message.keyboard ?? []).flat().find(({ text }) => text === label)?.callback_data ?? label;
    await phone.send('/menu');
    const menu = await phone.hears('What do you want to see or to change?');
    for (const page of Object.keys(MENU_PAGES)) await phone.tap(menu.id, `u:page-${page}`);
    await phone.tap(menu.id, 'u:run-balance');
    const shown = await phone.hears('Trading: normal');
    const before = (await phone.messages()).length;
    await phone.tap(shown.id, data(shown, 'Refresh'));
    const again = await phone.hears(/as of \d\d:\d\d:\d\d/);
    expect(again.id).toBe(shown.id);
    expect((await phone.messages()).length).toBe(before);
  });

  it.each([
    ['Positions', 'Positions'],
    ['balance', 'Balance'],
    ['RISK', 'Risk'],
    ['P&L', 'Profit and loss'],
    [' help ', 'What I can do'],
  ])(
    'takes the word %s, as the keys under the chat say it, for its command',
    async (word, said) => {
      const { phone } = await open();
      await phone.send(word);
      await phone.hears(said);
    },
  );

  it.each(['close', 'panic', 'resume', 'policy', 'positions now'])(
    'takes no word that changes something, and none with others beside it, for a command: %s',
    async (word) => {
      const { phone } = await open();
      await phone.send(word);
      await phone.hears('I act on commands and buttons only.');
    },
  );

  it('/help puts the keys under the chat, and Halt among them halts', async () => {
    const { phone, world } = await open();
    await phone.send('/help');
    const { markup } = await phone.hears('What I can do');
    expect(JSON.stringify(markup)).toContain('Halt');
    await phone.send('Halt');
    await phone.hears('New trades are paused as of now.');
    expect(world.mode?.mode).toBe('halted');
  });

  it('answers plain text with a hint', async () => {
    const { phone } = await open();
    await phone.send('hello there');
    await phone.hears('I act on commands and buttons only.');
  });

  it('says in /status what cannot be read instead of showing nothing', async () => {
    const down = () => Promise.reject(new Error('Redis does not answer'));
    const { phone } = await open({
      ports: { scans: { latest: down, save: async () => undefined } },
    });
    await phone.send('/status');
    await phone.hears('Last scan: unavailable (Redis does not answer)');
  });

  it('answers an unexpected failure in plain words and logs it without the token', async () => {
    const broken = { latest: () => Promise.reject(new Error('x')), save: async () => undefined };
    let token = '';
    const { phone, world, chat } = await open({
      ports: {
        scans: broken,
        nonce: () => {
          throw new Error(`no luck at http://host/bot${token}/x`);
        },
      },
    });
    ({ token } = chat);
    await phone.send('/halt');
    await phone.hears('Something went wrong on my side; nothing was ordered');
    expect(world.mode?.mode).toBe('halted');
    expect(world.logged.join('\n')).toContain('no luck');
    expect(world.logged.join('\n')).not.toContain(chat.token.split(':')[1]);
  });
});
