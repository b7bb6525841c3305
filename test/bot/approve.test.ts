import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { portsOf } from './fakes.ts';
import { openHouse, openRedis, type House, type RedisHouse } from './house.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { NONCE, PROPOSAL, signalFinding } from './samples.ts';

let redisHouse: RedisHouse;
let house: House;

beforeAll(async () => {
  redisHouse = await openRedis();
});
afterAll(() => redisHouse.close());
afterEach(() => house.close());

/** A house with one signal waiting on the phone. */
async function withSignal(): Promise<{ signal: UserMessage }> {
  house = await openHouse({ redis: redisHouse.redis });
  house.world.proposals.push(PROPOSAL);
  await house.world.outbox.raise(signalFinding());
  // Nothing is open in this world, so nothing is locked.
  house.world.account = { ...house.world.account, available: usd('10000'), margin: ZERO_USD };
  house.world.snapshot = await fetchSnapshot(portsOf(house.world));
  return { signal: await house.phone.hears('Signal: BTCUSDT long') };
}

/** The data of the button with that verb. */
const press = (message: UserMessage, verb: string): string =>
  buttons(message).find((each) => each.startsWith(`${verb}:`)) ?? '';

const answered = (text: string): Promise<boolean> =>
  eventually(
    () => (house.phone.answers.some((each) => each.text.includes(text)) ? true : undefined),
    () => `${text} in ${JSON.stringify(house.phone.answers)}`,
  );

const buttons = (message: UserMessage): string[] =>
  (message.keyboard ?? []).flat().map((each) => each.callback_data ?? '');

const status = (): string | undefined => house.world.proposals[0]?.status;

describe('approving a signal', () => {
  it('shows what would be ordered, and orders nothing before Confirm', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = textOf(await house.phone.hears('Confirm: BTCUSDT long?'));
    expect(card).toMatch(/Quantity: [\d.]+ \([\d,.]+ USDT\) at \dx/);
    expect(card).toContain('Entry: at the market price, now about 27,123.4');
    expect(card).toContain('Stop: 26,700.0');
    expect(card).toContain('Target: 28,200.0');
    expect(card).toMatch(
      /Loss if stopped: [\d.]+ USDT, 1\.\d\d % of equity, with fees and slippage/,
    );
    expect(card).toMatch(/Margin: [\d,.]+ USDT/);
    expect(card).toMatch(/Liquidation: about [\d,.]+/);
    expect(card).toContain('Valid while the price is between 27,000.0 and 27,250.0');
    expect(card).toContain('Valid until 2025-10-10 12:15 UTC (15 min left)');
    expect(status()).toBe('pending');
    expect(house.world.executed).toEqual([]);
  });

  it('makes one job of Confirm, however often it is tapped', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    await Promise.all([1, 2, 3].map(() => house.phone.tap(card.id, press(card, 'c'))));
    const done = await house.phone.hears('Checking once more and placing');
    expect(done.id).toBe(card.id);
    expect(buttons(done)).toEqual([]);
    await answered('This signal was already approved and is being carried out.');
    expect(house.world.executed).toEqual(['sig-btc']);
    expect(status()).toBe('approved');
    expect(house.world.proposals[0]?.decidedBy).toBe(1001);
    expect(house.world.orders).toEqual([]);
  });

  it('goes back without deciding', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    await house.phone.tap(card.id, press(card, 'b'));
    await house.phone.hears('Not approved.');
    expect(status()).toBe('pending');
  });

  it('takes no typed word for an answer', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    await house.phone.hears('Confirm: BTCUSDT long?');
    await house.phone.send('confirm');
    await house.phone.hears('A question is open above');
    expect(status()).toBe('pending');
  });

  it('refuses in plain words what the risk check refuses', async () => {
    const { signal } = await withSignal();
    house.world.mode = { mode: 'halted', reasons: [], since: 0 };
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const refusal = textOf(await house.phone.hears('Not possible now: BTCUSDT long'));
    expect(refusal).toContain('Nothing was ordered.');
    expect(status()).toBe('pending');
  });

  it('says that it is too late at the deadline, between card and Confirm too', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    house.world.now = PROPOSAL.deadline + 1;
    await house.phone.tap(card.id, press(card, 'c'));
    await house.phone.hears('Too late: this signal has expired.');
    await house.phone.tap(signal.id, `a:${NONCE}`);
    await answered('Too late');
    expect(house.world.executed).toEqual([]);
  });
});

describe('the other buttons of a signal', () => {
  it('reject it once', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `r:${NONCE}`);
    await answered('Rejected. Nothing was ordered.');
    const edited = await house.phone.hears('Rejected: BTCUSDT long');
    expect(edited.id).toBe(signal.id);
    expect(buttons(edited)).toEqual([]);
    await house.phone.tap(signal.id, `r:${NONCE}`);
    await answered('This signal was rejected.');
  });

  it('show the details', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `d:${NONCE}`);
    const details = textOf(await house.phone.hears('Details: BTCUSDT long'));
    expect(details).toContain('✅ Momentum: RSI 56.1. Between 40 and 70.');
    expect(details).toContain('Size limited by: risk per trade');
  });

  it('carry at most 64 bytes', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    await house.phone.send('/halt');
    const halt = await house.phone.hears('New trades are paused');
    const all = [signal, card, halt].flatMap(buttons);
    expect(all).toHaveLength(8);
    for (const data of all) expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
  });
});

describe('a dialogue', () => {
  it('does not swallow commands and stays open for its answer', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    await house.phone.send('/balance');
    await house.phone.hears('Equity');
    await house.phone.tap(signal.id, `d:${NONCE}`);
    await house.phone.hears('Details: BTCUSDT long');
    await house.phone.tap(card.id, press(card, 'c'));
    await house.phone.hears('Checking once more and placing');
    expect(house.world.executed).toEqual(['sig-btc']);
  });

  it('ends with /halt, which works at once', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    await house.phone.send('/halt');
    await house.phone.hears('New trades are paused');
    expect(house.world.mode?.mode).toBe('halted');
    await house.phone.tap(card.id, press(card, 'c'));
    await answered('This question is no longer open');
    expect(status()).toBe('pending');
    expect(house.world.executed).toEqual([]);
  });

  it('ends with /cancel', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    await house.phone.send('/cancel');
    await house.phone.hears('There is no open question.');
    await house.phone.tap(card.id, press(card, 'c'));
    await answered('This question is no longer open');
    expect(status()).toBe('pending');
  });

  it('is replaced by a second tap on Approve', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const first = await house.phone.hears('Confirm: BTCUSDT long?');
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const second = await house.phone.hears(
      (each) => each.id > first.id && textOf(each).includes('Confirm: BTCUSDT long?'),
    );
    await house.phone.tap(first.id, press(first, 'c'));
    await answered(
      'You have a newer confirmation for this signal, and only the newest can be confirmed.',
    );
    expect(house.world.executed).toEqual([]);
    expect(status()).toBe('pending');
    await house.phone.tap(second.id, press(second, 'c'));
    const done = await house.phone.hears('Checking once more and placing');
    expect(done.id).toBe(second.id);
    expect(house.world.executed).toEqual(['sig-btc']);
  });

  it("takes no answer to another signal's card", async () => {
    const { signal } = await withSignal();
    const other = 'ZzZzZzZzZzZzZzZzZzZzZz';
    house.world.proposals.push({ ...PROPOSAL, id: 'sig-other', nonce: other });
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const first = await house.phone.hears('Confirm: BTCUSDT long?');
    await house.phone.tap(signal.id, `a:${other}`);
    await house.phone.hears(
      (each) => each.id > first.id && textOf(each).includes('Confirm: BTCUSDT long?'),
    );
    await house.phone.tap(first.id, press(first, 'c'));
    await answered('This question is no longer open');
    expect(house.world.proposals.map((each) => each.status)).toEqual(['pending', 'pending']);
    expect(house.world.executed).toEqual([]);
  });

  it('survives a restart', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    await house.restart();
    await house.phone.tap(card.id, press(card, 'c'));
    await house.phone.hears('Checking once more and placing');
    expect(house.world.executed).toEqual(['sig-btc']);
  });

  it('that is lost leaves old buttons that do nothing, and Approve starts anew', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, `a:${NONCE}`);
    const card = await house.phone.hears('Confirm: BTCUSDT long?');
    // The card is there a moment before the dialogue is stored: what is still being written would outlive the flush.
    await house.bot.stop();
    await redisHouse.redis.flushall();
    await house.restart();
    await house.phone.tap(card.id, press(card, 'c'));
    await answered('This question is no longer open');
    expect(status()).toBe('pending');
    await house.phone.tap(signal.id, `a:${NONCE}`);
    await house.phone.hears(
      (each) => each.id > card.id && textOf(each).includes('Confirm: BTCUSDT long?'),
    );
  });

  it('knows no button that was never made', async () => {
    const { signal } = await withSignal();
    await house.phone.tap(signal.id, 'zz:unknown');
    await house.phone.tap(signal.id, 'a:AAAAAAAAAAAAAAAAAAAAAA');
    await answered('This button has expired.');
    expect(status()).toBe('pending');
  });
});
