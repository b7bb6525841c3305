/** The owner's way through the page, in a real browser, from pairing to an open position and a halt. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import { CHROMIUM_FLAGS, findChromium, NO_CHROMIUM } from '../chromium.ts';
import { PATIENCE_MS } from '../patience.ts';
import { cleanUp, freePort, newFolder, startDemo, type Demo } from './demo-process.ts';
import { marketIn } from './recording.ts';
import { balanceLines, control, truthOf } from './venue-truth.ts';
import { until, untilInPage } from './wait.ts';

const executablePath = findChromium();

/** So long the answer to a tap is waited for before it is tapped again. */
const SHOTS = new URL('../../test-output/acceptance/', import.meta.url).pathname;
/** Runs in the browser: true when there is a picture and every one has been loaded. */
const PHOTOS_LOADED =
  "((all) => all.length > 0 && all.every((image) => image.naturalWidth > 0))([...document.querySelectorAll('.photo img')])";
const PICTURE_MS = 15_000;
const PHONE = { width: 430, height: 880 };

describe('the page of the demo', () => {
  let demo: Demo;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeEach((context) => {
    if (executablePath === undefined) context.skip(NO_CHROMIUM);
  });
  beforeAll(async () => {
    if (executablePath === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    const folder = newFolder();
    const args = ['--port', String(await freePort()), ...marketIn(folder), '--speed', '60'];
    demo = await startDemo({ folder, args });
    browser = await chromium.launch({
      executablePath,
      args: CHROMIUM_FLAGS,
    });
    page = await browser.newPage({ viewport: PHONE, colorScheme: 'light' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      const own = request.url().startsWith(demo.chatUrl) || request.url().startsWith('data:');
      if (!own) faults.push(`asked for ${request.url()}`);
    });
    await page.goto(demo.chatUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await cleanUp();
  });

  const shoot = (name: string): Promise<Buffer> =>
    page.screenshot({ path: join(SHOTS, `${name}.png`), animations: 'disabled' });
  const fromBot = (words: string | RegExp): Locator =>
    page.locator('[data-testid="message"][data-from="bot"]').filter({ hasText: words }).last();
  const buttonUnder = (message: Locator, label: string): Locator =>
    message.getByTestId('button').filter({ hasText: label });

  async function write(text: string): Promise<void> {
    await page.getByTestId('composer').fill(text);
    await page.getByTestId('send').click();
  }
  /** Sends a command and gives back its own answer, not one from before. */
  async function ask(text: string, words: string | RegExp): Promise<Locator> {
    const all = page.locator('[data-testid="message"][data-from="bot"]').filter({ hasText: words });
    const before = await all.count();
    await write(text);
    await until(async () => (await all.count()) > before, {
      says: () => `the answer to ${text} with ${String(words)}`,
    });
    return all.last();
  }

  test('pairs with the code from the console', async () => {
    onTestFailed(() => console.error(demo.output()));
    await page.getByTestId('composer').waitFor();
    await shoot('1-empty');
    expect(demo.code).toBeDefined();
    await write(`/start ${demo.code ?? ''}`);
    await fromBot('Paired: from now on I listen to you alone.').waitFor();
    await shoot('2-paired');
  });

  let speed = 60;
  const setSpeed = (to: number): Promise<unknown> =>
    control(demo.controlUrl, 'speed', { speed: to });

  /** /balance at a stopped clock has the venue's own figures, to the cent. */
  async function compareBalance(): Promise<void> {
    await setSpeed(0);
    const answer = await ask('/balance', /Balance\s*Equity:/);
    const { account } = await truthOf(demo.controlUrl);
    const text = await answer.innerText();
    for (const line of balanceLines(account)) expect(text).toContain(line);
    expect(text).toContain('live');
    await setSpeed(speed);
  }

  test('/balance shows the figures of the venue at a stopped clock', async () => {
    await compareBalance();
    await shoot('3-balance');
  });

  test('a signal is pushed and opens a position with a resting stop after Approve and Confirm', async () => {
    const card = fromBot(/Signal: [A-Z]+ short/);
    await card.waitFor();
    // A decision allows readings of a few seconds: a busy machine has time for it at the venue's own pace only.
    speed = 1;
    await setSpeed(speed);
    const symbol = /Signal: ([A-Z]+) short/.exec(await card.innerText())?.[1] ?? '';
    const mine = fromBot(new RegExp(`Signal: ${symbol} short`));
    await mine.scrollIntoViewIfNeeded();
    await shoot('4-signal');
    await buttonUnder(mine, 'Details').click();
    await fromBot(`Details: ${symbol} short`).waitFor();
    await shoot('5-details');
    const question = fromBot(`Confirm: ${symbol} short?`);
    await buttonUnder(mine, 'Approve').click();
    await question.waitFor();
    await question.scrollIntoViewIfNeeded();
    await shoot('6-confirm');
    expect((await truthOf(demo.controlUrl)).account.positions).toHaveLength(0);
    const shown = /Sell ([0-9.,]+) /.exec(await question.innerText())?.[1] ?? '0';
    await buttonUnder(question, 'Confirm').click();
    const done = fromBot(/stop resting at [0-9.,]+/);
    await done.waitFor();
    const { positions, tpsl } = (await truthOf(demo.controlUrl)).account;
    expect(positions.map((each) => each.symbol)).toEqual([symbol]);
    expect(tpsl.length).toBeGreaterThan(0);
    // What is ordered is never more than what was confirmed.
    expect(Number(positions[0]?.qty)).toBeLessThanOrEqual(Number(shown.replaceAll(',', '')));
    await shoot('7-open');
    await done.scrollIntoViewIfNeeded();
    await shoot('7-open-card');
  });

  test('/balance shows the figures of the venue with a position open', async () => {
    await compareBalance();
    await shoot('7-balance-open');
  });

  test('/positions, /pnl, /signals, /status and /help are answered', async () => {
    await ask('/positions', /Positions\s*\w+ short/);
    await shoot('8-positions');
    await ask('/status', /Status\s*Trading:/);
    await shoot('9-status');
    await ask('/signals', /Signals\s*Waiting/);
    await shoot('10-signals');
    // On a busy machine a message does not wait for its picture: then it is asked for again.
    await until(
      async () => {
        await ask('/pnl', 'Profit and loss');
        const shown = untilInPage(page, PHOTOS_LOADED, PICTURE_MS);
        return shown.then(
          () => true,
          () => false,
        );
      },
      { says: () => 'every picture is loaded' },
    );
    await shoot('11-pnl');
    await ask('/help', 'What I can do');
    await shoot('12-help');
  });

  test('/halt holds entries at once and takes the choice to close everything', async () => {
    const held = await ask('/halt', 'New trades are paused as of now.');
    await held.scrollIntoViewIfNeeded();
    await shoot('13-halt');
    await buttonUnder(held, 'Also close all positions').click();
    const question = fromBot('Close all positions?');
    await question.waitFor();
    await shoot('14-halt-question');
    await buttonUnder(question, 'Confirm: close all').click();
    await until(async () => (await truthOf(demo.controlUrl)).account.positions.length === 0, {
      says: () => 'every position is closed at the venue',
    });
    await fromBot('Done: ').waitFor();
    const status = await ask('/status', /Trading: HALTED/);
    expect(await status.innerText()).toContain('Halted by you');
    await shoot('15-halted');
  });

  test('the page is readable in the dark and on a wide screen, and asks nobody else for anything', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot('16-dark');
    await page.setViewportSize({ width: 1280, height: 860 });
    await shoot('17-wide-dark');
    expect(faults).toEqual([]);
  });
});
