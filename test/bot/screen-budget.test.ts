/** What must be read before a tap fits on the phone with its buttons: heights in a real browser at 390 x 844. */
import { Api, InputFile, type InlineKeyboard } from 'grammy';
import type { FormattedString } from '@grammyjs/parse-mode';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUDGET, heightOf, PHONE } from '../../scripts/screens/screen.ts';
import { sendExample } from '../../scripts/screens/gallery.ts';
import { examplesOf } from '../../scripts/texts/examples.ts';
import { USUAL, type Example } from '../../scripts/texts/words.ts';
import { signalFound } from '../../src/alerts/rules/signal.ts';
import { recordLine } from '../../src/backtest/study/evidence.ts';
import { keyboardOf } from '../../src/bot/dialogues/ask-to-approve.ts';
import { signalPicture } from '../../src/bot/charts/position-chart.ts';
import { alertParts } from '../../src/bot/views/alert.ts';
import { CAPTION_LIMIT } from '../../src/bot/views/fit.ts';
import { confirmView, countedView, type Offered } from '../../src/bot/views/proposal.ts';
import { createLocalRenderer } from '../../src/charts/local-renderer.ts';
import { percent, price, qty, toText, usd } from '../../src/domain/money/money.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { CHROMIUM_FLAGS, findChromium, NO_CHROMIUM } from '../chromium.ts';
import { PATIENCE_MS } from '../patience.ts';
import { candles } from './charts/samples.ts';
import { textOf } from './phone.ts';
import { openRedis, openRig } from './rig.ts';
import { NONCE, NOW, PROPOSAL } from './samples.ts';

const executablePath = findChromium();
const OWNER = 1001;
const DEMO = 'demo, no real money, 20x speed';

/** What is higher where everything about two positions is unknown at once: it may not grow. */
const TALLER: Readonly<Record<string, number>> = { 'risk-state-rebuilt': 391 };

/** With the longest name, many digits and a record that speaks against it. */
const LONG: Proposal = {
  ...PROPOSAL,
  signal: {
    ...PROPOSAL.signal,
    symbol: '1000000BABYDOGEUSDT',
    side: 'long',
    strategy: 'agreement',
    entry: price('0.0012345'),
    stop: price('0.0012103'),
    target: price('0.0012901'),
  },
  plan: {
    ...PROPOSAL.plan,
    entry: price('0.0012345'),
    qty: qty('1234567'),
    notional: usd('1524.07'),
    rewardRisk: percent('219'),
  },
  band: { low: price('0.0012201'), high: price('0.0012488') },
};
const DIGITS = new Map([['1000000BABYDOGEUSDT', { price: 7, qty: 0 }]]);
const OFFERED: Offered = {
  proposal: LONG,
  figures: {
    shareOfDayBudget: percent('16.58'),
    dayBudget: usd('12345.67'),
    heatAfter: percent('4.5'),
    heatLimit: percent('5'),
    jumpAfter: { loss: usd('1433.33'), fraction: percent('14.33') },
    jumpMove: percent('10'),
    jumpLimit: percent('15'),
    liquidationAway: percent('99'),
    moved: percent('0.1'),
    funding: undefined,
    stress: undefined,
    evidence: { line: recordLine(LONG.signal, []), lines: [] },
  },
};
/** A button of one line, px. */
const ONE_LINE = 40;
const SCENE = { now: NOW, venueMode: 'demo', speed: 20 } as const;

const OPENING: Readonly<Record<string, string>> = {
  limits: 'Limits with their use',
  strategies: 'Strategies',
  evidence: 'Evidence',
};

describe('on a phone of 390 x 844', () => {
  let chat: Chat;
  let browser: Browser;
  let api: Api;

  beforeEach((context) => {
    if (executablePath === undefined) context.skip(NO_CHROMIUM);
  });
  beforeAll(async () => {
    if (executablePath === undefined) return;
    chat = await startChat({ rateLimits: false });
    api = new Api(chat.token, { apiRoot: chat.apiRoot });
    browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await chat?.stop();
  });

  /** Heights of the messages, in their order. */
  async function heights(ids: readonly number[]): Promise<readonly number[]> {
    const page = await browser.newPage({ viewport: PHONE });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(chat.url);
    const all: number[] = [];
    for (const id of ids) all.push(await heightOf(page, id));
    await page.close();
    return all;
  }
  /** What the chat has of the phone between its head and the place for the input. */
  async function room(): Promise<number> {
    const page = await browser.newPage({ viewport: PHONE });
    await page.goto(chat.url);
    const box = await page.getByTestId('log').boundingBox();
    await page.close();
    return box?.height ?? 0;
  }
  async function send(text: FormattedString, reply_markup: InlineKeyboard): Promise<number> {
    const first = await api.sendMessage(OWNER, 'Signal');
    const reply_parameters = { message_id: first.message_id };
    const { entities } = text;
    const sent = await api.sendMessage(OWNER, text.text, {
      entities,
      reply_markup,
      reply_parameters,
    });
    return sent.message_id;
  }

  it.each([
    ['with the longest name, of a live account', LONG, 'live account', 1],
    ['with a usual name, of a demo that runs faster', PROPOSAL, DEMO, 20],
  ])('an idea %s is at most 420 px high with its picture', async (_what, card, venue, speed) => {
    const found = signalFound(card, { speed, evidence: [recordLine(card.signal, [])] });
    if (found === undefined) throw new Error('no card');
    const series = candles(96, Number(toText(card.plan.entry))).map((each) => ({
      ...each,
      volume: 1,
    }));
    const { config } = signalPicture(card, series, 'light');
    const picture = await createLocalRenderer().render(config);
    const alert = { ...found, number: 1234, status: 'sent', attempts: 1 } as const;
    const note = { venue, repeat: false };
    const [{ caption, caption_entities }, ...more] = alertParts(alert, note, CAPTION_LIMIT);
    expect(more).toEqual([]);
    const sent = await api.sendPhoto(OWNER, new InputFile(picture, 'chart.png'), {
      caption,
      caption_entities,
      reply_markup: {
        inline_keyboard: [
          ['Approve', 'Reject', 'Details'].map((text) => ({ text, callback_data: text })),
        ],
      },
    });
    expect((await heights([sent.message_id]))[0]).toBeLessThanOrEqual(BUDGET.idea);
  });

  it('the card that is confirmed is at most 640 px high', async () => {
    const left = (LONG.deadline - NOW) / SCENE.speed;
    const text = countedView(confirmView({ offer: OFFERED, form: 'short' }, DIGITS, SCENE), left);
    const id = await send(text, keyboardOf(`${NONCE}${NONCE}`, 'short'));
    expect((await heights([id]))[0]).toBeLessThanOrEqual(BUDGET.confirm);
  });

  it.each([
    ['/alerts', /What rings|Alarms|alarm/],
    ['/panic', /Close all|close every/i],
  ])('every button under %s stands on one line', async (command, opening) => {
    const redisRig = await openRedis();
    const rig = await openRig({ redis: redisRig.redis });
    try {
      await rig.phone.send(command);
      const { keyboard = [] } = await rig.phone.hears(
        (each) => each.keyboard !== undefined && opening.test(textOf(each)),
      );
      // However little stands above them.
      const inline_keyboard = keyboard.map((row) => [...row]) as never;
      const sent = await api.sendMessage(OWNER, 'Sure?', { reply_markup: { inline_keyboard } });
      const page = await browser.newPage({ viewport: PHONE });
      await page.goto(chat.url);
      await heightOf(page, sent.message_id);
      const keys = page.locator(`[data-message-id="${sent.message_id}"] .key`);
      const heights = (await keys.all()).map(async (key) => (await key.boundingBox())?.height);
      expect(await Promise.all(heights)).toEqual(keyboard.flat().map(() => ONE_LINE));
      await page.close();
    } finally {
      await rig.close();
      await redisRig.close();
    }
  });

  it.each(['limits', 'strategies', 'evidence'])(
    '/%s fits on the screen, beside the place for the input',
    async (command) => {
      const redisRig = await openRedis();
      const rig = await openRig({
        redis: redisRig.redis,
        before: (world) => {
          const { account, positions, protections, openOrders, now } = world;
          world.snapshot = { account, positions, protections, openOrders, at: now };
        },
      });
      try {
        await rig.phone.send(`/${command}`);
        const { text, caption, keyboard } = await rig.phone.hears(OPENING[command] ?? '');
        const sent = await api.sendMessage(OWNER, text ?? caption ?? '', {
          reply_markup: { inline_keyboard: (keyboard ?? []).map((row) => [...row]) as never },
        });
        const [height = Infinity] = await heights([sent.message_id]);
        expect(height).toBeLessThanOrEqual(await room());
      } finally {
        await rig.close();
        await redisRig.close();
      }
    },
  );

  it('an alert is at most 300 px high, but for those that are named', async () => {
    const sent: { rule: string; id: number }[] = [];
    const all: [string, readonly Example[]][] = Object.entries(examplesOf(USUAL));
    for (const [rule, examples] of all) {
      for (const each of examples) sent.push({ rule, id: await sendExample(chat, each) });
    }
    const measured = await heights(sent.map(({ id }) => id));
    const over = sent.flatMap(({ rule }, index) => {
      const height = measured[index] ?? 0;
      return height > (TALLER[rule] ?? BUDGET.alert) ? [`${rule}: ${height} px`] : [];
    });
    expect(over).toEqual([]);
  });
});
