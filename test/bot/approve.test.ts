import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { qty, toText, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { describe, expect, it } from 'vitest';
import { portsOf } from './fakes.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { NONCE, NOW, PROPOSAL, signalFinding } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

/** A rig with one signal waiting on the phone. */
async function withSignal(): Promise<{ signal: UserMessage }> {
  rig = await rigs.open();
  rig.world.proposals.push(PROPOSAL);
  await rig.world.outbox.raise(signalFinding());
  // Nothing is open in this world, so nothing is locked.
  rig.world.account = { ...rig.world.account, available: usd('10000'), margin: ZERO_USD };
  rig.world.snapshot = await fetchSnapshot(portsOf(rig.world));
  return { signal: await rig.phone.hears('Signal: BTCUSDT long') };
}

/** The same with the card that asks for a confirmation. */
async function withCard(): Promise<{ signal: UserMessage; card: UserMessage }> {
  const { signal } = await withSignal();
  await rig.phone.tap(signal.id, `a:${NONCE}`);
  return { signal, card: await rig.phone.hears('Confirm: BTCUSDT long?') };
}

/** The data of the button with that verb. */
const press = (message: UserMessage, verb: string): string =>
  buttons(message).find((each) => each.startsWith(`${verb}:`)) ?? '';

/** The data of the button that puts another card in its place. */
const change = (message: UserMessage, into: string): string =>
  buttons(message).find((each) => each.startsWith('m:') && each.endsWith(`-${into}`)) ?? '';

const answered = (text: string): Promise<boolean> =>
  eventually(
    () => (rig.phone.answers.some((each) => each.text.includes(text)) ? true : undefined),
    () => `${text} in ${JSON.stringify(rig.phone.answers)}`,
  );

const buttons = (message: UserMessage): string[] =>
  (message.keyboard ?? []).flat().map((each) => each.callback_data ?? '');

const status = (): string | undefined => rig.world.proposals[0]?.status;

describe('approving a signal', () => {
  it('shows what would be ordered, and orders nothing before Confirm', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = textOf(await rig.phone.hears('Confirm: BTCUSDT long?'));
    expect(card).toMatch(/Buy [\d.]+ BTC for [\d,.]+ USDT at \dx, now about 27,123\.4/);
    expect(card).toContain('Stop 26,700.0, target 28,200.0');
    expect(card).toMatch(/At the stop you lose [\d.]+ USDT, 0\.\d\d % of equity, with costs/);
    expect(card).toMatch(
      /A jump of 10 % through all stops costs [\d.]+ USDT, \d\.\d\d % of equity/,
    );
    expect(card).toMatch(/Takes \d+\.\d\d % of the 3\d\d\.\d\d USDT that today may still lose/);
    expect(card).toMatch(/\d+ of 100 won, \d+ break even/);
    expect(card).toContain('Valid while the price is 27,000.0 to 27,250.0');
    expect(card).toContain('15 min left (1 s for you).');
    expect(status()).toBe('pending');
    expect(rig.world.executed).toEqual([]);
  });

  it('answers to its signal', async () => {
    const { signal, card } = await withCard();
    expect(card.reply_to).toBe(signal.id);
  });

  it('shows every figure in place, and goes back to one screen', async () => {
    const { card } = await withCard();
    await rig.phone.tap(card.id, change(card, 'all'));
    const long = await rig.phone.hears('If the market turns, with this trade open');
    expect(long.id).toBe(card.id);
    const text = textOf(long);
    expect(text).toMatch(/Quantity: [\d.]+ \([\d,.]+ USDT\) at \dx/);
    expect(text).toMatch(/Loss if stopped: [\d.]+ USDT, 0\.\d\d % of equity, with fees/);
    expect(text).toMatch(/Margin: [\d,.]+ USDT/);
    expect(text).toMatch(/Liquidation: about [\d,.]+/);
    // A second tap that was on its way already changes nothing.
    await rig.phone.tap(card.id, change(card, 'all'));
    await answered('You have a newer confirmation for this signal');
    await rig.phone.tap(card.id, change(long, 'one'));
    const short = await rig.phone.hears('Buy ');
    expect([short.id, buttons(short).length]).toEqual([card.id, 4]);
    await rig.phone.tap(card.id, press(short, 'c'));
    await rig.phone.hears('Checking once more and placing');
    expect(rig.world.executed).toEqual(['sig-btc']);
  });

  it('halves the size on a new card; the one before is dead', async () => {
    const { card } = await withCard();
    const size = (message: UserMessage): number =>
      Number(/Buy ([\d.]+) BTC/.exec(textOf(message))?.[1]);
    const whole = size(card);
    await rig.phone.tap(card.id, change(card, 'half'));
    const half = await rig.phone.hears((each) => each.id === card.id && size(each) < whole);
    expect(size(half)).toBe(Math.floor((whole / 2) * 1_000) / 1_000);
    await rig.phone.tap(card.id, press(card, 'c'));
    await answered('You have a newer confirmation for this signal');
    await rig.phone.tap(card.id, change(card, 'half'));
    expect(rig.world.executed).toEqual([]);
    expect(buttons(await rig.phone.hears('Buy '))).toEqual(buttons(half));
    // Every figure of it is that of the half.
    await rig.phone.tap(card.id, change(half, 'all'));
    const long = await rig.phone.hears('Size limited by: the size on your card');
    expect(textOf(long)).toContain(`Quantity: ${size(half).toFixed(3)} (`);
    await rig.phone.tap(card.id, press(long, 'c'));
    await rig.phone.hears('Checking once more and placing');
    expect(toText(rig.world.proposals[0]?.approvedQty ?? qty('0'))).toBe(String(size(half)));
  });

  it('keeps the card where half of it is not possible', async () => {
    const { card } = await withCard();
    rig.world.mode = { mode: 'halted', reasons: [], since: 0 };
    await rig.phone.tap(card.id, change(card, 'half'));
    await rig.phone.hears('Not possible now, so this card stays:');
    rig.world.mode = { mode: 'normal', reasons: [], since: 0 };
    await rig.phone.tap(card.id, press(card, 'c'));
    await rig.phone.hears('Checking once more and placing');
  });

  it('says at the deadline that it is too late, and its buttons go', async () => {
    const { signal } = await withSignal();
    // A tenth of a second of the reader's clock.
    const deadline = rig.world.now + MINUTE;
    rig.world.proposals[0] = { ...PROPOSAL, deadline };
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    rig.world.now = deadline + 1;
    const over = await rig.phone.hears('Too late: this signal has expired.');
    expect([over.id, buttons(over)]).toEqual([card.id, []]);
  });

  it.each([
    ['/halt', () => rig.phone.send('/halt')],
    ['Reject', (signal: UserMessage) => rig.phone.tap(signal.id, `r:${NONCE}`)],
    ['another card', (signal: UserMessage) => rig.phone.tap(signal.id, `a:${NONCE}`)],
  ])('loses its buttons with %s', async (_what, end) => {
    const { signal, card } = await withCard();
    await end(signal);
    await rig.phone.hears((each) => each.id === card.id && buttons(each).length === 0);
  });

  it('makes one job of Confirm, however often it is tapped', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    await Promise.all([1, 2, 3].map(() => rig.phone.tap(card.id, press(card, 'c'))));
    const done = await rig.phone.hears('Checking once more and placing');
    expect(done.id).toBe(card.id);
    expect(buttons(done)).toEqual([]);
    await answered('This signal was already approved and is being carried out.');
    expect(rig.world.executed).toEqual(['sig-btc']);
    expect(status()).toBe('approved');
    expect(rig.world.proposals[0]?.decidedBy).toBe(1001);
    expect(rig.world.orders).toEqual([]);
  });

  it('goes back without deciding', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.phone.tap(card.id, press(card, 'b'));
    await rig.phone.hears('Not approved.');
    expect(status()).toBe('pending');
  });

  it('takes no typed word for an answer', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.phone.send('confirm');
    await rig.phone.hears('A question is open above');
    expect(status()).toBe('pending');
  });

  it('refuses in plain words what the risk check refuses', async () => {
    const { signal } = await withSignal();
    rig.world.mode = { mode: 'halted', reasons: [], since: 0 };
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const refusal = textOf(await rig.phone.hears('Not possible now: BTCUSDT long'));
    expect(refusal).toContain('Nothing was ordered.');
    expect(status()).toBe('pending');
  });

  it('says that it is too late at the deadline, between card and Confirm too', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    rig.world.now = PROPOSAL.deadline + 1;
    await rig.phone.tap(card.id, press(card, 'c'));
    await rig.phone.hears('Too late: this signal has expired.');
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    await answered('Too late');
    expect(rig.world.executed).toEqual([]);
  });
});

describe('the other buttons of a signal', () => {
  it('reject it once', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `r:${NONCE}`);
    await answered('Rejected. Nothing was ordered.');
    const edited = await rig.phone.hears('Rejected: BTCUSDT long');
    expect(edited.id).toBe(signal.id);
    expect(buttons(edited)).toEqual([]);
    await rig.phone.tap(signal.id, `r:${NONCE}`);
    await answered('This signal was rejected.');
  });

  it('show the details', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `d:${NONCE}`);
    const details = textOf(await rig.phone.hears('Details: BTCUSDT long'));
    expect(details).toContain('✅ Momentum: RSI 56.1. Between 40 and 70.');
    expect(details).toContain('Size limited by: risk per trade');
  });

  it('carry at most 64 bytes', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.phone.send('/halt');
    const halt = await rig.phone.hears('New trades are paused');
    const all = [signal, card, halt].flatMap(buttons);
    expect(all).toHaveLength(10);
    for (const data of all) expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
  });
});

describe('a dialogue', () => {
  it('does not swallow commands and stays open for its answer', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.phone.send('/balance');
    await rig.phone.hears('Equity');
    await rig.phone.tap(signal.id, `d:${NONCE}`);
    await rig.phone.hears('Details: BTCUSDT long');
    await rig.phone.tap(card.id, press(card, 'c'));
    await rig.phone.hears('Checking once more and placing');
    expect(rig.world.executed).toEqual(['sig-btc']);
  });

  it('ends with /halt, which works at once', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.phone.send('/halt');
    await rig.phone.hears('New trades are paused');
    expect(rig.world.mode?.mode).toBe('halted');
    await rig.phone.tap(card.id, press(card, 'c'));
    await answered('This question is no longer open');
    expect(status()).toBe('pending');
    expect(rig.world.executed).toEqual([]);
  });

  it('ends with /cancel', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.phone.send('/cancel');
    await rig.phone.hears('There is no open question.');
    await rig.phone.tap(card.id, press(card, 'c'));
    await answered('This question is no longer open');
    expect(status()).toBe('pending');
  });

  it('is replaced by a second tap on Approve', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const first = await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const second = await rig.phone.hears(
      (each) => each.id > first.id && textOf(each).includes('Confirm: BTCUSDT long?'),
    );
    await rig.phone.tap(first.id, press(first, 'c'));
    await answered(
      'You have a newer confirmation for this signal, and only the newest can be confirmed.',
    );
    expect(rig.world.executed).toEqual([]);
    expect(status()).toBe('pending');
    await rig.phone.tap(second.id, press(second, 'c'));
    const done = await rig.phone.hears('Checking once more and placing');
    expect(done.id).toBe(second.id);
    expect(rig.world.executed).toEqual(['sig-btc']);
  });

  it("takes no answer to another signal's card", async () => {
    const { signal } = await withSignal();
    const other = 'ZzZzZzZzZzZzZzZzZzZzZz';
    rig.world.proposals.push({ ...PROPOSAL, id: 'sig-other', nonce: other });
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const first = await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.phone.tap(signal.id, `a:${other}`);
    await rig.phone.hears(
      (each) => each.id > first.id && textOf(each).includes('Confirm: BTCUSDT long?'),
    );
    await rig.phone.tap(first.id, press(first, 'c'));
    await answered('This question is no longer open');
    expect(rig.world.proposals.map((each) => each.status)).toEqual(['pending', 'pending']);
    expect(rig.world.executed).toEqual([]);
  });

  it('survives a restart', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    await rig.restart();
    await rig.phone.tap(card.id, press(card, 'c'));
    await rig.phone.hears('Checking once more and placing');
    expect(rig.world.executed).toEqual(['sig-btc']);
  });

  it('goes on counting down after a restart, with its buttons', async () => {
    const { signal } = await withSignal();
    // 12 s of the reader's clock at 600 times real time.
    rig.world.proposals[0] = { ...PROPOSAL, deadline: NOW + 2 * HOUR };
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('(12 s for you)');
    await rig.restart();
    const counted = await rig.phone.hears(/\((?:10|\d) s for you\)/);
    expect(counted.id).toBe(card.id);
    expect(buttons(counted)).toEqual(buttons(card));
    const rest = (each: UserMessage) =>
      textOf(each)
        .replace(/^.* left \(/m, '')
        .replace(/\d+ s for/, '');
    expect(rest(counted)).toBe(rest(card));
    expect(counted.entities).toEqual(card.entities);
  });

  it('that is lost leaves old buttons that do nothing, and Approve starts anew', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    const card = await rig.phone.hears('Confirm: BTCUSDT long?');
    // The card is there a moment before the dialogue is stored: what is still being written would outlive the flush.
    await rig.bot.stop();
    await rigs.redis().flushall();
    await rig.restart();
    await rig.phone.tap(card.id, press(card, 'c'));
    await answered('This question is no longer open');
    expect(status()).toBe('pending');
    await rig.phone.tap(signal.id, `a:${NONCE}`);
    await rig.phone.hears(
      (each) => each.id > card.id && textOf(each).includes('Confirm: BTCUSDT long?'),
    );
  });

  it('knows no button that was never made', async () => {
    const { signal } = await withSignal();
    await rig.phone.tap(signal.id, 'zz:unknown');
    await rig.phone.tap(signal.id, 'a:AAAAAAAAAAAAAAAAAAAAAA');
    await answered('This button has expired.');
    expect(status()).toBe('pending');
  });
});
