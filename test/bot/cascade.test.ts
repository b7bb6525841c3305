/** Three longs are opened, their stops fill in a crash, and the day after it: how often the phone says something. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { watchPrices } from '../../src/app/feeds/watch-prices.ts';
import { sendReport } from '../../src/app/report/send-report.ts';
import { watchStates } from '../../src/app/telling/watch-states.ts';
import { createVigilBot, type VigilBot } from '../../src/bot/bot.ts';
import { stakesOf } from '../../src/domain/alert.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { openVigil, type Vigil } from '../app/vigil.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { createFakeRenderer } from './fakes.ts';
import { eventually, pickUp, textOf, type Phone, type UserMessage } from './phone.ts';

const OWNER = 1001;
/** As in a real one: each falls further, and each stop is passed in a jump. */
const LONGS = [
  { symbol: 'BTCUSDT', price: 100_000, stop: 97_000 },
  { symbol: 'ETHUSDT', price: 4_000, stop: 3_880 },
  { symbol: 'SOLUSDT', price: 200, stop: 194 },
] as const;

let redis: RealRedis;
let vigil: Vigil;
let chat: Chat;
let phone: Phone;
let bot: VigilBot;
const closings: (() => Promise<unknown> | void)[] = [];

beforeAll(async () => {
  redis = await openRedis();
  vigil = await openVigil({ redis, venue: { speed: 1 } });
  chat = await startChat({ users: [{ id: OWNER, first_name: 'Olga' }], rateLimits: false });
  phone = await pickUp(chat, OWNER);
  const { store } = vigil.wiring;
  await store.owners.pair(OWNER, await store.owners.newCode());
  bot = createVigilBot({
    token: chat.token,
    apiRoot: chat.apiRoot,
    ports: vigil.ports,
    owners: store.owners,
    showCode: () => undefined,
    outbox: store.outbox,
    charts: createFakeRenderer(),
    redis: redis.connect(),
    log: vigil.ports.log,
    // What waits half a minute for more of its kind waits 15 s.
    retryMs: 500,
  });
  await bot.start();
});
afterAll(async () => {
  await bot.stop();
  for (const each of closings) await each();
  await phone.hangUp();
  await chat.stop();
  await vigil.close();
  await redis.close();
});

async function look(): Promise<void> {
  await refreshAccount(vigil.ports);
  await watchStates(vigil.ports);
}

/** All that was raised has been sent. */
const quiet = () =>
  eventually(
    async () => (await vigil.wiring.store.outbox.pending(50)).length === 0 || undefined,
    async () => JSON.stringify(await vigil.wiring.store.outbox.pending(50)),
  );
const price = (symbol: string, to: number): Promise<void> =>
  vigil.control('price', { symbol, price: String(to) });

const pushes = async (): Promise<readonly UserMessage[]> =>
  (await phone.messages(OWNER)).filter(({ from }) => from === 'bot');

it('is told in at most 12 pushes within 24 h, what cost money each with its result and a sound', async () => {
  const { ports, wiring } = vigil;
  await look();
  for (const each of LONGS) await price(each.symbol, each.price);
  for (const { symbol, stop } of LONGS)
    await vigil.control('position', {
      symbol,
      side: 'LONG',
      notional: '7000',
      leverage: 5,
      stop: String(stop),
    });
  await look();
  const stream = wiring.bitunix.openPriceStream();
  const ahead = wiring.store.outboxAhead({ role: 'stream', number: () => undefined });
  const watch = watchPrices(ports, stream, {
    send: (alert) => void bot.sender.sendNow(alert),
    ahead: { look: ahead.look, tell: (found) => bot.sender.tellAhead(found, ahead) },
  });
  await watch.reload();
  closings.push(stream.close);
  await eventually(
    () => stream.state() === 'live' || undefined,
    () => 'prices',
  );
  for (const { symbol, price: from, stop } of LONGS) {
    // Down in steps, then past the stop.
    for (const share of [0.4, 0.8]) {
      await price(symbol, from - (from - stop) * share);
      await look();
      await watch.reload();
    }
    await price(symbol, stop * 0.998);
    await eventually(
      async () =>
        (await vigil.alerts()).some(
          ({ kind, title }) => kind === 'stop-hit' && title.startsWith(symbol),
        ) || undefined,
      () => `that the stop of ${symbol} is reached`,
    );
    await look();
    await look();
    await watch.reload();
  }
  await quiet();
  const began = ports.clock.now();
  for (const after of [6 * MINUTE, 16 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY]) {
    await vigil.leap(after - (ports.clock.now() - began));
    await look();
    await sendReport(ports);
  }
  await quiet();
  const said = await pushes();
  const list = said.map(
    ({ silent, text = '' }) => `${silent ? '  ' : '🔔'} ${text.split('\n')[0]}`,
  );
  expect(said.length, list.join('\n')).toBeLessThanOrEqual(12);
  const lost = (await vigil.alerts()).filter(
    (each) => each.kind === 'position-closed' && stakesOf(each) === 'cost',
  );
  expect(lost).toHaveLength(3);
  for (const { number, messageId, title } of lost) {
    const message = said.find(({ id }) => id === messageId);
    expect(message?.silent).toBe(false);
    expect(textOf(message as UserMessage)).toContain(`#${number} · `);
    expect(title).toMatch(
      /stop filled: -\d+\.\d\d USDT \(planned -\d+\.\d\d USDT: the price jumped/,
    );
  }
});
