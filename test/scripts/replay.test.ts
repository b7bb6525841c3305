import { describe, expect, it } from 'vitest';
import { explain, type ClosedTrade } from '../../scripts/replay/explain.ts';
import { createOwner } from '../../scripts/replay/owner.ts';
import { readOptions } from '../../scripts/replay/options.ts';
import { csvOf, dailyLimitOf, reportOf } from '../../scripts/replay/report.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';

const START = Date.UTC(2025, 9, 10);

/** Sized at 100 with a stop at 98: 20 on price, 1 for fees, 2 for slippage. Filled at 100.1, stopped through a gap at 97. */
const GAPPED: ClosedTrade = {
  symbol: 'AUSDT',
  side: 'long',
  qty: 10,
  openedAt: START + HOUR,
  closedAt: START + 2 * HOUR,
  entry: 100.1,
  exit: 97,
  fees: 1.2,
  funding: -0.3,
  plan: { reference: 100, stop: 98, risk: 23, fees: 1 },
};

describe('explain', () => {
  it('takes a loss apart into parts that add up to it', () => {
    const parts = explain(GAPPED, 1_000);
    // 31 on price, 1.2 of fees, 0.3 of funding: 32.5 USDT of 1,000.
    expect(parts.total).toBeCloseTo(325, 9);
    expect(parts.planned).toBeCloseTo(230, 9);
    expect(parts.beyondStop).toBeCloseTo(100, 9);
    expect([parts.entrySlippage, parts.plannedSlippage]).toEqual([
      expect.closeTo(10, 9),
      expect.closeTo(20, 9),
    ]);
    const why = parts.beyondStop + parts.entrySlippage - parts.plannedSlippage;
    const paid = parts.fees - parts.plannedFees + parts.funding;
    expect(parts.planned + why + paid).toBeCloseTo(parts.total, 9);
  });

  it('mirrors for a short, and a target counts as a gain beyond the stop', () => {
    const plan = { ...GAPPED.plan, stop: 102 };
    const short = explain({ ...GAPPED, side: 'short', entry: 99.9, exit: 95, plan }, 1_000);
    expect(short.total).toBeCloseTo(-490 + 15, 9);
    expect(short.beyondStop).toBeCloseTo(-700, 9);
    expect(short.entrySlippage).toBeCloseTo(10, 9);
  });
});

describe('the report', () => {
  const points = [
    { at: START, equity: 1_000 },
    { at: START + 2 * HOUR, equity: 960 },
    { at: START + 3 * HOUR, equity: 967.5 },
    { at: START + DAY, equity: 967.5 },
  ];
  const facts = {
    command: 'npm run replay',
    points,
    trades: [GAPPED],
    decisions: [],
    refusals: [],
    moments: [{ at: START + 2 * HOUR, text: 'Trading is halted.' }],
    changedLimits: [],
    dailyLimit: 300,
  };

  it('gives each day its worst moment against the limit and says what explains it', () => {
    const report = reportOf(facts);
    expect(report).toContain(
      '| 2025-10-10 | 1000.00 | 2025-10-10 02:00 UTC | 400.0 bp | 325.0 bp | 300.0 bp | 100.0 bp |',
    );
    expect(report).toContain('| 325.0 | 230.0 | 100.0 | -10.0 | 2.0 | 3.0 |');
    expect(report).toContain(
      'The day ended 325.0 bp down, 25.0 bp beyond its limit. Its closed positions lost 325.0 bp; positions that were open at its beginning or end lost 0.0 bp.',
    );
    expect(report).toContain('- 2025-10-10 02:00 UTC: Trading is halted.');
  });

  it('measures against the limit that the owner has set, and calls a gain a gain', () => {
    expect(dailyLimitOf([])).toBe(300);
    const changed = ['daily loss 2 %', 'open positions 2'];
    expect(dailyLimitOf(changed)).toBeCloseTo(200, 9);
    const report = reportOf({ ...facts, dailyLimit: 200 });
    expect(report).toContain('| 325.0 bp | 200.0 bp | 200.0 bp |');
    expect(report).toContain('325.0 bp down, 125.0 bp beyond its limit.');
    const gain = [points[0], { at: START + 2 * HOUR, equity: 1_020 }].filter(
      (each) => each !== undefined,
    );
    const trade = { ...GAPPED, exit: GAPPED.entry + 2 };
    const good = reportOf({ ...facts, points: gain, trades: [trade] });
    expect(good).toMatch(/The day ended 200\.0 bp up\. Its closed positions gained \d+\.\d bp;/);
  });

  it('has the curve as a table too', () => {
    expect(csvOf(points.slice(0, 1))).toBe(`time,equity\n${START},1000\n`);
  });
});

describe('the options', () => {
  const read = (text: string) => readOptions(text.split(' '));

  it('are read', () => {
    const words = '--data d --from 2025-10-10T17:30Z --to 2025-10-11T00:10Z --symbols A,B --hold 2';
    expect(read(words)).toMatchObject({
      symbols: ['A', 'B'],
      hold: 2,
      sides: ['long', 'short'],
      until: START + DAY + 600_000,
    });
    expect(read(`${words} --side short`).sides).toEqual(['short']);
    expect(read(`${words} --side long`).sides).toEqual(['long']);
    expect(readOptions([...words.split(' '), '--shock', '2025-10-10T20:15Z -8'])).toMatchObject({
      shocks: [{ at: START + 20.25 * HOUR, percent: -8 }],
    });
    expect(
      readOptions([...words.split(' '), '--limits', 'risk per trade 0.9 %; open positions 2'])
        .limits,
    ).toEqual(['risk per trade 0.9 %', 'open positions 2']);
  });

  it.each([
    ['', '--data DIR is missing'],
    ['--data d --from yesterday --to 2025-10-11T00:10Z', '--from is "yesterday"'],
    ['--data d --from 2025-10-12T00:00Z --to 2025-10-11T00:10Z', '--to must be later'],
    [
      '--data d --from 2025-10-10T00:00Z --to 2025-10-11T00:10Z --side up',
      '--side is "up"; it must be both, long or short',
    ],
    ['--data d --from 2025-10-10T00:00Z --to 2025-10-11T00:10Z --hold no', '--hold is "no"'],
    ['--data d --from 2025-10-10T00:00Z --to 2025-10-11T00:10Z --speed 0', '--speed is "0"'],
  ])('"%s" is answered with what is allowed', (words, said) => {
    expect(() => readOptions(words === '' ? [] : words.split(' '))).toThrow(said);
  });
});

const said = (id: number, text: string, buttons: Record<string, string>): UserMessage => ({
  id,
  seq: id,
  chat: 1,
  from: 'bot',
  from_id: 2,
  from_name: 'Vigil',
  date: 0,
  edited: false,
  deleted: false,
  text,
  entities: [],
  keyboard: [
    Object.entries(buttons).map(([label, data]) => ({ text: label, callback_data: data })),
  ],
  silent: false,
  pinned: false,
  protected: false,
  reactions: [],
});

describe('the owner of a replay', () => {
  it('ends one approval before it begins the next, and leaves no card of the other side', async () => {
    const chat = [
      said(1, 'Signal: AUSDT long, score 80 of 100', { Approve: 'a:1', Reject: 'r:1' }),
      said(2, 'Signal: BUSDT short, score 80 of 100', { Approve: 'a:2', Reject: 'r:2' }),
      said(3, 'Signal: CUSDT long, score 80 of 100', { Approve: 'a:3', Reject: 'r:3' }),
    ];
    const pressed: string[] = [];
    const owner = createOwner(
      {
        heard: async () => chat,
        newest: async () => chat.length,
        press: async (_, data) => void pressed.push(data),
      },
      ['long'],
    );
    await owner.decide(true);
    await owner.decide(true);
    expect(pressed).toEqual(['a:1']);
    chat.push(said(4, 'Signal: DUSDT long, score 80 of 100', { Approve: 'a:4' }));
    await owner.decide(true);
    expect(pressed).toEqual(['a:1']);
    chat.push(said(5, 'Confirm: AUSDT long?', { Confirm: 'c:1', Back: 'b:1' }));
    for (let look = 0; look < 3; look += 1) await owner.decide(true);
    expect(pressed).toEqual(['a:1', 'c:1', 'r:2', 'a:3']);
    chat.push(said(6, 'Not possible now: CUSDT long', {}));
    await owner.decide(false);
    expect(pressed).toHaveLength(4);
  });

  it('who wants both sides approves each', async () => {
    const chat = [
      said(1, 'Signal: AUSDT short, score 80 of 100', { Approve: 'a:1', Reject: 'r:1' }),
    ];
    const pressed: string[] = [];
    const press = async (_: UserMessage, data: string) => void pressed.push(data);
    const phone = { heard: async () => chat, newest: async () => chat.length, press };
    const owner = createOwner(phone, ['long', 'short']);
    await owner.decide(true);
    chat.push(said(2, 'Not possible now: AUSDT short', {}));
    chat.push(said(3, 'Signal: BUSDT long, score 80 of 100', { Approve: 'a:3' }));
    await owner.decide(true);
    expect(pressed).toEqual(['a:1', 'a:3']);
  });
});
