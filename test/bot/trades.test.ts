import { describe, expect, it } from 'vitest';
import { tradesAsCsv } from '../../src/bot/views/export.ts';
import { plannedOf } from '../../src/app/approval/planned-trade.ts';
import { price, qty, toNumber, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { ClosedPosition } from '../../src/domain/position.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { textOf, type UserMessage } from './phone.ts';
import { OWNER, type Rig, rigsOfFile } from './rig.ts';
import { finding, NOW, PROPOSAL } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

const closed = (index: number, over: Partial<ClosedPosition> = {}): ClosedPosition => ({
  id: `c${index}`,
  symbol: 'ETHUSDT',
  side: 'long',
  maxQty: qty('1'),
  entryPrice: price('4000'),
  closePrice: price('4010'),
  leverage: 5,
  fees: usd('2'),
  funding: usd('-0.5'),
  gross: usd('10'),
  net: usd('7.5'),
  liquidated: false,
  openedAt: NOW - index * DAY - 2 * HOUR,
  closedAt: NOW - index * DAY,
  ...over,
});

const TRADES = [
  ...Array.from({ length: 17 }, (_, index) => closed(index)),
  closed(17, { symbol: 'BTCUSDT', side: 'short', net: usd('-20'), gross: usd('-17.5') }),
  closed(18, { symbol: 'BTCUSDT', liquidated: true, net: usd('-80'), gross: usd('-77.5') }),
];

async function open(
  trades: readonly ClosedPosition[],
  proposals: readonly Proposal[] = [],
): Promise<Rig> {
  rig = await rigs.open({
    before: (world) => {
      world.closed = [...trades];
      world.proposals.push(...proposals);
    },
  });
  return rig;
}

const dataOf = (message: UserMessage, label: string): string =>
  (message.keyboard ?? []).flat().find(({ text }) => text.startsWith(label))?.callback_data ?? '';

async function tap({ phone }: Rig, message: UserMessage, label: string): Promise<void> {
  await phone.tap(message.id, dataOf(message, label));
}

describe('/trades', () => {
  it('pages through all that was closed, newest first, in one message', async () => {
    const opened = await open(TRADES);
    const { phone } = opened;
    await phone.send('/trades');
    const first = await phone.hears('1-8 of 19');
    expect(textOf(first)).toContain('+27.50 USDT net by 19 positions in 90 days');
    expect(textOf(first)).toContain(
      'ETHUSDT long +7.50 USDT\n  2025-10-10 12:00 UTC, held 2 h 00 min; in 4,000.00, out 4,010.00; fees -2.00 USDT, funding -0.50 USDT',
    );
    expect(dataOf(first, '◀')).toBe('');
    await tap(opened, first, 'Older');
    const second = await phone.hears('9-16 of 19');
    await tap(opened, second, 'Older');
    const last = await phone.hears('17-19 of 19');
    expect(last.id).toBe(first.id);
    expect(textOf(last)).toContain('BTCUSDT long -80.00 USDT, liquidated');
    expect(dataOf(last, 'Older')).toBe('');
    await tap(opened, last, '◀');
    await phone.hears('9-16 of 19');
  });

  it('of one coin, and by coin, as people write it', async () => {
    const opened = await open(TRADES);
    const { phone } = opened;
    await phone.send('/trades btc');
    const only = await phone.hears('1-2 of 2');
    expect(textOf(only)).toContain('-100.00 USDT net by 2 positions of BTCUSDT');
    await tap(opened, only, 'By coin');
    const summed = await phone.hears('Results by coin');
    expect(textOf(summed)).toContain(
      'BTCUSDT -100.00 USDT: 0 of 2 with a gain (long -80.00 USDT, short -20.00 USDT)',
    );
    await phone.send('/performance');
    const all = await phone.hears(/ETHUSDT long \+127\.50 USDT: 17 of 17 with a gain/);
    expect(textOf(all).indexOf('ETHUSDT')).toBeLessThan(textOf(all).indexOf('BTCUSDT'));
  });

  it('says when there is nothing, nothing of that name, or nothing to be read', async () => {
    const opened = await open([]);
    const { phone, world } = opened;
    await phone.send('/trades');
    await phone.hears('Nothing was closed in the last 90 days.');
    await phone.send('/trades doge');
    await phone.hears('Nothing called "doge" was closed');
    world.exchangeDown = true;
    await phone.send('/performance');
    await phone.hears('no figure is shown rather than a wrong one');
  });

  it('marks costs that the exchange does not say, and counts no gain there', async () => {
    const { phone } = await open([closed(0, { costsUnknown: true, fees: ZERO_USD })]);
    await phone.send('/performance');
    const text = textOf(await phone.hears('Results by coin'));
    expect(text).toContain('0 of 1 with a gain');
    expect(text).toContain('Without all costs of 1 position: the exchange does not say them.');
  });

  it('a tap that comes twice changes nothing', async () => {
    const opened = await open(TRADES);
    const { phone } = opened;
    await phone.send('/trades');
    const first = await phone.hears('1-8 of 19');
    const data = dataOf(first, 'Older');
    await phone.tap(first.id, data);
    await phone.hears('9-16 of 19');
    await phone.tap(first.id, data);
    await phone.send('/help');
    await phone.hears('What I can do');
    const texts = (await phone.messages()).map(textOf);
    expect(texts.filter((each) => each.includes('Something went wrong'))).toEqual([]);
  });
});

describe('/export', () => {
  const fileOf = async ({ phone, chat }: Rig, ending: string): Promise<string> => {
    const message = await phone.hears(({ document }) => document?.name.endsWith(ending) === true);
    const response = await fetch(`${chat.url}/user/file/${message.document?.file_id ?? ''}`);
    return response.text();
  };

  it('sends every closed position as CSV and JSON, with exact figures, oldest first', async () => {
    const world = await open(TRADES);
    await world.phone.send('/export');
    const csv = await fileOf(world, '.csv');
    const [names = '', ...lines] = csv.trimEnd().split('\r\n');
    expect(lines).toHaveLength(TRADES.length);
    const rows = lines.map((line) =>
      Object.fromEntries(line.split(',').map((value, index) => [names.split(',')[index], value])),
    );
    expect(rows[0]).toMatchObject({
      symbol: 'BTCUSDT',
      liquidated: 'yes',
      net: '-80',
      minutes: '120',
    });
    const sum = rows.reduce((all, { net }) => all + Number(net), 0);
    expect(sum).toBe(17 * 7.5 - 100);
    expect(JSON.parse(await fileOf(world, '.json'))).toEqual(rows);
  });

  it('of one coin is of that coin; nothing closed is said', async () => {
    const world = await open(TRADES);
    await world.phone.send('/export btc');
    expect((await fileOf(world, '.csv')).trimEnd().split('\r\n')).toHaveLength(3);
    await world.phone.send('/export doge');
    await world.phone.hears('Nothing called "doge" was closed in the last 90 days.');
  });

  it('is no formula in a spreadsheet, whatever the exchange calls a thing, and keeps quotes and lines', () => {
    const odd = closed(1, { symbol: '=1+1,"x"\n', id: '-2+3', costsUnknown: true });
    const [, line = ''] = tradesAsCsv([odd]).split('\r\n');
    expect(line).toContain(`"'=1+1,""x""\n"`);
    expect(line).toContain("'-2+3");
    // What the exchange does not say is empty and not 0.
    expect(line).toContain(',10,,,7.5,');
  });
});

describe('a trade that was planned', () => {
  const { signal, plan } = PROPOSAL;
  const sent = NOW - 5 * HOUR;
  const done: Proposal = { ...PROPOSAL, status: 'done', sentAt: sent };
  const of = (over: Partial<ClosedPosition> = {}): ClosedPosition =>
    closed(0, {
      symbol: signal.symbol,
      side: signal.side,
      openedAt: sent + 2_000,
      net: usd(String(-2 * toNumber(plan.risk))),
      ...over,
    });

  it('says its strategy, how many times the planned loss came, and what was planned', async () => {
    const { phone } = await open([of()], [done]);
    await phone.send('/trades');
    const text = textOf(await phone.hears('1-1 of 1'));
    expect(text).toContain(`${signal.strategy}, -2.00 R; planned -`);
    expect(text).toMatch(/USDT at the stop [\d,.]+, target [\d,.]+/);
    const csv = tradesAsCsv([{ ...of(), planned: plannedOf(of(), [done]) ?? never() }]);
    expect(csv).toContain(`,${signal.strategy},-2,`);
  });

  it('is told from one that was opened by hand: another coin, side, or more than 10 minutes apart', () => {
    expect(plannedOf(of({ openedAt: sent + 10 * MINUTE }), [done])).toBeDefined();
    expect(plannedOf(of({ openedAt: sent + 10 * MINUTE + 1 }), [done])).toBeUndefined();
    expect(plannedOf(of({ symbol: 'XYZUSDT' }), [done])).toBeUndefined();
    expect(
      plannedOf(of({ side: signal.side === 'long' ? 'short' : 'long' }), [done]),
    ).toBeUndefined();
    expect(plannedOf(of(), [{ ...done, status: 'refused' }])).toBeUndefined();
  });

  it('takes a note by a reply under its end, and loses it by "-"; a command there is a command', async () => {
    const { phone, world } = await open([of()], [done]);
    await world.outbox.raise(finding('position-closed:c0', { title: 'It was closed' }));
    const end = await phone.hears('It was closed');
    const write = (text: string): Promise<unknown> =>
      phone.post('/user/send', { chat: OWNER, text, reply_to: end.id });
    await write('chased it,\n not again');
    await phone.hears('Noted.');
    await phone.send('/trades');
    await phone.hears('Note: chased it, not again');
    await write('/cancel');
    await phone.hears('There is no open question');
    await write('-');
    await phone.hears('The note is gone.');
    expect(world.notes.size).toBe(0);
  });
});

function never(): never {
  throw new Error('nothing was planned');
}
