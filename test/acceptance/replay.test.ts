/** The recorded cascade of 10 October 2025, with positions open: stops, the emergency stop, and no entry after it. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import { openPositionsByHand } from '../../src/demo/positions.ts';
import { cleanUp, freePort, newFolder, startDemo } from './demo-process.ts';
import { buttonsOf, phoneAt, textOf, type Phone } from './owner.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { writeRecording } from './recording.ts';
import { balanceLines, control, truthOf } from './venue-truth.ts';
import { PATIENCE_MS } from '../patience.ts';
import { until } from './wait.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const DATA = resolve(ROOT, process.env['VIGIL_DATA'] ?? '../shared/data', 'perps-1h-2025-10');
const RECORDED = existsSync(DATA);

const HELD = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] as const;
/** Symbols beside them: enough for signals, few enough that the first scan is over long before the fall. */
const OTHERS = 30;
const SPEED = 600;
const NOON = Date.UTC(2025, 9, 10, 12);
const BEFORE_THE_FALL = Date.UTC(2025, 9, 10, 20, 20);
const WAITS_FROM = BEFORE_THE_FALL - 3_600_000;
const STILL = { speed: 0 };

/** A folder with links to some of the recorded candles, which stay where they are. */
function chosenCandles(folder: string): string {
  const chosen = join(folder, 'candles');
  mkdirSync(chosen);
  const others = readdirSync(DATA).filter((name) => /^[A-D][A-Z]+USDT\.csv\.gz$/.test(name));
  const names = new Set([...HELD.map((each) => `${each}.csv.gz`), ...others.slice(0, OTHERS)]);
  for (const name of names) symlinkSync(join(DATA, name), join(chosen, name));
  // The recorded weeks are too short for any signal before the fall: three more contracts, with 55 days, break down at each close of 4 h.
  writeRecording(chosen, { start: NOON, symbols: ['LINKUSDT', 'UNIUSDT', 'XRPUSDT'] });
  return chosen;
}

/** The first signal's card, and the clock stands still: the market waits for a machine that is slow. */
async function firstSignal(phone: Phone, controlUrl: string): Promise<UserMessage> {
  const card = await until(
    async () => {
      if ((await truthOf(controlUrl)).now > WAITS_FROM) await control(controlUrl, 'speed', STILL);
      return (await phone.heard()).find((each) =>
        /Signal: [A-Z0-9]+ (long|short)/.test(textOf(each)),
      );
    },
    { says: async () => (await phone.heard()).map(textOf).join('\n'), ms: 2 * PATIENCE_MS },
  );
  await control(controlUrl, 'speed', STILL);
  return card;
}

describe('the cascade of 10 October 2025', () => {
  beforeEach((context) => {
    if (!RECORDED) context.skip(`there are no recorded candles: ${DATA} is absent`);
  });
  afterAll(cleanUp);

  test('trips the stops and the emergency stop; after it no entry is accepted, and every figure is the venue’s own', async () => {
    const folder = newFolder();
    const market = ['--replay', chosenCandles(folder), '--from', '2025-10-10T02:05Z'];
    const port = String(await freePort());
    const demo = await startDemo({
      folder,
      args: ['--port', port, ...market, '--speed', String(SPEED)],
    });
    onTestFailed(() => console.error(demo.output()));
    const phone = await phoneAt(demo.chatUrl);
    await phone.ask(`/start ${demo.code ?? ''}`, 'Paired');
    const card = await firstSignal(phone, demo.controlUrl);
    const approve = buttonsOf(card).find((each) => each.text === 'Approve')?.data ?? '';

    await control(demo.controlUrl, 'clock', { now: BEFORE_THE_FALL });
    await openPositionsByHand(
      demo.controlUrl,
      HELD.map((symbol) => ({ symbol, side: 'long' })),
    );
    await control(demo.controlUrl, 'speed', { speed: SPEED });
    await until(
      async () => (await truthOf(demo.controlUrl)).account.closedPositions.length === HELD.length,
      { says: async () => JSON.stringify((await truthOf(demo.controlUrl)).account.positions) },
    );
    const halt = await phone.hears(/🔴 Trading is halted/);
    expect(textOf(halt)).toMatch(/Today's loss is [0-9.,]+ USDT = [0-9.]+ % of .*the limit is 3 %/);
    await phone.hears(/BTCUSDT long (stop filled|closed)/);

    const after = await phone.newest();
    await phone.press(card, approve);
    const refusal = await phone.hears(/Not possible now: /, { after });
    expect(textOf(refusal)).toMatch(/halted/i);
    expect(textOf(refusal)).toContain('Nothing was ordered.');

    await control(demo.controlUrl, 'speed', STILL);
    const balance = textOf(await phone.ask('/balance', /^Balance/));
    const { account } = await truthOf(demo.controlUrl);
    for (const line of balanceLines(account)) expect(balance).toContain(line);
    expect(balance).toContain('HALTED');
    expect(account.positions).toEqual([]);
    expect([...account.orders, ...account.orderHistory].filter((each) => each.clientId)).toEqual(
      [],
    );
    phone.hangUp();
  });
});
