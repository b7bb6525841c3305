import { mkdirSync } from 'node:fs';

import { InlineKeyboard, InputFile, InputMediaBuilder } from 'grammy';
import type { Bot } from 'grammy';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Chat } from '../../../src/simulator/chat/chat.ts';
import {
  ALEX,
  botFor,
  call,
  chatFor,
  png,
  sentId,
  stopAll,
  user,
  venueStub,
} from './chat-fixture.ts';
import { CHROMIUM_FLAGS, findChromium, NO_CHROMIUM } from '../../chromium.ts';
import { untilInPage } from '../../acceptance/wait.ts';
import { PATIENCE_MS } from '../../patience.ts';

const executable = findChromium();

/** True when every picture in the conversation has been loaded. Runs in the browser. */
const PHOTOS_LOADED =
  "[...document.querySelectorAll('.photo img')].every((image) => image.naturalWidth > 0)";

const SHOTS = new URL('../../../test-output/chat/', import.meta.url).pathname;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

function demo(bot: Bot): void {
  bot.command('start', async (context) => {
    await context.reply(
      '<b>Vigil keeps watch.</b>\nMode: <code>demo</code>, nothing here is real money.\n\nSend /status or /alerts, or read the <a href="https://example.com/">guide</a>.',
      { parse_mode: 'HTML' },
    );
  });
  bot.command('status', async (context) => {
    await context.replyWithChatAction('upload_photo');
    await context.replyWithPhoto(new InputFile(png(900, 500), 'equity.png'), {
      caption: '*Equity* 10 482\\.13 USDT\nDay \\+1\\.24 %, drawdown 0\\.8 %',
      parse_mode: 'MarkdownV2',
      reply_markup: new InlineKeyboard().text('Positions', 'positions').text('Risk', 'risk'),
    });
  });
  bot.command('alerts', async (context) => {
    await context.reply(
      '🟠 <b>#14 Drawdown</b>\nBTCUSDT long is <u>−2.1 %</u> from its entry.\n<blockquote>Stop 61 480.0, distance 0.9 %</blockquote>\n<pre>entry  63 120.0\nmark   61 795.5\nsize   0.012 BTC</pre>Reason: <span class="tg-spoiler">funding turned</span>',
      {
        parse_mode: 'HTML',
        reply_parameters: { message_id: context.msg.message_id },
        reply_markup: {
          inline_keyboard: [
            [
              { text: 'Approve', callback_data: 'approve', style: 'success' },
              { text: 'Reject', callback_data: 'reject', style: 'danger' },
            ],
            [
              { text: 'Details', callback_data: 'details' },
              { text: 'Chart', url: 'https://example.com/chart' },
            ],
          ],
        },
      },
    );
  });
  bot.callbackQuery('approve', async (context) => {
    await context.answerCallbackQuery({ text: 'Approved: stop moved to 62 000.0' });
    await context.editMessageText('🟢 <b>#14 Drawdown</b>\nStop moved to 62 000.0', {
      parse_mode: 'HTML',
    });
  });
  bot.callbackQuery('details', (context) =>
    context.answerCallbackQuery({ text: 'Read back from the exchange 2 s ago.', show_alert: true }),
  );
}

describe('the page', () => {
  let browser: Browser | undefined;
  beforeEach((context) => {
    if (executable === undefined) context.skip(NO_CHROMIUM);
  });
  beforeAll(async () => {
    if (executable === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    browser = await chromium.launch({ executablePath: executable, args: CHROMIUM_FLAGS });
  });
  afterEach(stopAll);
  afterAll(() => browser?.close());

  function launched(): Browser {
    if (browser === undefined) throw new Error('the browser was not started');
    return browser;
  }
  async function open(chat: Chat, viewport = DESKTOP, dark = false): Promise<Page> {
    const page = await launched().newPage({ viewport, colorScheme: dark ? 'dark' : 'light' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(chat.url) && !request.url().startsWith('data:'))
        problems.push(request.url());
    });
    await page.goto(chat.url);
    await page.locator('[data-testid="typing"][data-state="bot"]').waitFor();
    return page;
  }
  const problems: string[] = [];

  /** A picture for the eye, with every animation at its end. */
  async function shoot(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: `${SHOTS}${name}.png`, animations: 'disabled' });
  }

  async function write(page: Page, text: string): Promise<void> {
    await page.getByTestId('composer').fill(text);
    await page.getByTestId('send').click();
  }

  async function conversation(page: Page): Promise<void> {
    await page.getByTestId('start').click();
    await page.getByText('Vigil keeps watch.').waitFor();
    await write(page, '/status');
    await page.locator('.photo img').waitFor();
    await write(page, '/alerts');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await untilInPage(page, PHOTOS_LOADED);
    expect(problems).toEqual([]);
  }

  test.each([
    ['light', DESKTOP, false],
    ['dark', DESKTOP, true],
    ['phone-light', PHONE, false],
    ['phone-dark', PHONE, true],
  ])('shows a conversation in %s', async (name, viewport, dark) => {
    const venue = await venueStub();
    const chat = await chatFor({ controlUrl: venue.url });
    await botFor(chat, demo);
    const page = await open(chat, viewport, dark);
    await shoot(page, `${name}-empty`);
    await conversation(page);
    await shoot(page, name);
    const background = await page.evaluate(
      "getComputedStyle(document.querySelector('.bubble')).backgroundColor",
    );
    expect(background).toBe(dark ? 'rgb(43, 82, 120)' : 'rgb(228, 251, 211)');
    await page.close();
  });

  test('sends, taps, shows the toast and takes the edited text', async () => {
    const chat = await chatFor();
    await botFor(chat, demo);
    const page = await open(chat);
    await conversation(page);
    await page.locator('[data-callback="details"]').click();
    await page.getByTestId('alert').getByText('Read back from the exchange').waitFor();
    await shoot(page, 'alert');
    await page.getByRole('button', { name: 'OK' }).click();
    await page.locator('[data-callback="approve"]').click();
    await page.getByTestId('toast').getByText('Approved: stop moved').waitFor();
    await page.getByText('🟢').waitFor();
    const edited = page.locator('[data-testid="message"]', { hasText: '🟢' });
    expect(await edited.locator('.meta').textContent()).toMatch(/^edited \d\d:\d\d$/);
    expect(await edited.locator('.key').count()).toBe(0);
    await shoot(page, 'toast');
    await page.close();
  });

  test('keeps a button busy until the bot answers', async () => {
    const chat = await chatFor();
    const id = await sentId(chat, {
      reply_markup: { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] },
    });
    const page = await open(chat);
    const key = page.locator(`[data-message-id="${id}"] [data-callback="go"]`);
    await key.click();
    await page.locator('[data-callback="go"][aria-busy="true"]').waitFor();
    const updates = await call(chat, 'getUpdates', { timeout: 5 });
    const [update] = updates.result as { callback_query: { id: string } }[];
    await call(chat, 'answerCallbackQuery', { callback_query_id: update?.callback_query.id });
    await page.locator('[data-callback="go"]:not([aria-busy])').waitFor();
    await page.close();
  });

  test('shows that the bot is typing until its message comes', async () => {
    const chat = await chatFor();
    await sentId(chat, { text: 'first' });
    const page = await open(chat);
    await call(chat, 'sendChatAction', { chat_id: ALEX, action: 'typing' });
    await page.locator('[data-testid="typing"][data-state="typing"]').waitFor();
    await shoot(page, 'typing');
    await sentId(chat, { text: 'second' });
    await page.locator('[data-testid="typing"][data-state="bot"]').waitFor();
    await page.close();
  });

  test('slides a banner in when scrolled up, counts what is unread, and stays quiet for silent messages', async () => {
    const chat = await chatFor();
    for (let number = 1; number <= 40; number += 1) await sentId(chat, { text: `line ${number}.` });
    const page = await open(chat, PHONE);
    await page.getByText('line 40.').waitFor();
    await page.getByTestId('log').evaluate((log) => log.scrollTo(0, 0));
    await page.getByTestId('to-bottom').waitFor();
    await sentId(chat, { text: 'quiet', disable_notification: true });
    await page.getByTestId('unread').getByText('1').waitFor();
    expect(await page.getByTestId('banner').isVisible()).toBe(false);
    await sentId(chat, { text: '<b>Liquidation</b> is 4 % away', parse_mode: 'HTML' });
    await page.getByTestId('banner').getByText('Liquidation is 4 % away').waitFor();
    await shoot(page, 'banner');
    await page.getByTestId('to-bottom').click();
    await page.getByTestId('unread').waitFor({ state: 'hidden' });
    await page.close();
  });

  test('offers the commands while one is typed and sends the chosen one', async () => {
    const chat = await chatFor();
    await call(chat, 'setMyCommands', {
      commands: [
        { command: 'status', description: 'Equity, positions and margin' },
        { command: 'stop', description: 'Hold new entries at once' },
        { command: 'help', description: 'Every command' },
      ],
    });
    const page = await open(chat, PHONE);
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu').getByText('/help').waitFor();
    await shoot(page, 'menu');
    await page.getByTestId('composer').pressSequentially('/st');
    await page.getByTestId('menu').getByText('/help').waitFor({ state: 'detached' });
    await page.getByTestId('composer').press('ArrowDown');
    await page.getByTestId('composer').press('ArrowDown');
    await page.getByTestId('composer').press('Enter');
    await page.locator('[data-testid="message"]', { hasText: '/stop' }).waitFor();
    await page.close();
  });

  test('enlarges a photo, lays out an album and offers a document', async () => {
    const chat = await chatFor();
    const bot = await botFor(chat);
    await bot.api.sendMediaGroup(ALEX, [
      InputMediaBuilder.photo(new InputFile(png(600, 400), 'a.png'), { caption: 'Three charts' }),
      InputMediaBuilder.photo(new InputFile(png(500, 500), 'b.png')),
      InputMediaBuilder.photo(new InputFile(png(400, 600), 'c.png')),
    ]);
    await bot.api.sendDocument(ALEX, new InputFile(Buffer.from('a,b\n1,2\n'), 'journal.csv'), {
      caption: 'Your journal',
    });
    await bot.api.sendPhoto(ALEX, new InputFile(png(900, 500), 'plain.png'));
    const page = await open(chat);
    await page.locator('.album .photo').nth(2).waitFor();
    await page.locator('.message.plain img').waitFor();
    await untilInPage(page, PHOTOS_LOADED);
    await shoot(page, 'album');
    expect(await page.locator('.document-name').textContent()).toBe('journal.csv');
    await page.locator('.album .photo').first().click();
    await page.locator('#viewer[open] img').waitFor();
    await untilInPage(page, "document.querySelector('#viewer-image').naturalWidth === 600");
    await shoot(page, 'viewer');
    await page.keyboard.press('Escape');
    await page.locator('#viewer[open]').waitFor({ state: 'detached' });
    await page.close();
  });

  test('moves the market from its drawer', async () => {
    const venue = await venueStub();
    const chat = await chatFor({ controlUrl: venue.url });
    const page = await open(chat, PHONE, true);
    await page.getByRole('button', { name: 'Market', exact: true }).click();
    await page.getByTestId('market-drawer').getByText('×60').waitFor();
    await page.getByTestId('market-crash').click();
    await page.getByText('Every price moved by −10 %').waitFor();
    await shoot(page, 'market');
    await page
      .getByTestId('market-drawer')
      .getByRole('button', { name: 'Open', exact: true })
      .click();
    await page.getByText('long BTCUSDT opened by hand').waitFor();
    expect(venue.asked).toContain('POST /sim/price {"symbol":"*","percent":-10}');
    expect(venue.asked).toContain(
      'POST /sim/position {"symbol":"BTCUSDT","side":"LONG","notional":1000}',
    );
    await page.close();
  });

  test('comes back by itself after the server was away, with what it missed', async () => {
    const chat = await chatFor();
    await sentId(chat, { text: 'before' });
    const page = await open(chat);
    await page.getByText('before').waitFor();
    const { port } = new URL(chat.url);
    await chat.stop();
    await page.locator('[data-state="connecting"]').waitFor();
    const again = await chatFor({ port: Number(port) });
    await sentId(again, { text: 'after the restart' });
    await page.getByText('after the restart').waitFor();
    await page.getByText('before').waitFor({ state: 'detached' });
    await page.close();
  });

  test('switches the theme by hand and shows a blocked bot', async () => {
    const chat = await chatFor();
    await sentId(chat);
    const page = await open(chat);
    await page.getByTestId('theme').click();
    const scheme = await page.evaluate('getComputedStyle(document.documentElement).colorScheme');
    expect(scheme).toBe('dark');
    await user(chat, 'block', { chat: ALEX, blocked: true });
    await page.getByTestId('unblock').click();
    await page.getByTestId('composer').waitFor();
    await page.close();
  });
});
