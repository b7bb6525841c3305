/** The owner's phone as a picture: the chat page in Chromium, 390 x 844, light and dark. */
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { untilInPage } from '../../test/acceptance/wait.ts';
import { CHROMIUM_FLAGS, findChromium, NO_CHROMIUM } from '../../test/chromium.ts';

export const PHONE = { width: 390, height: 844 };
/** For one step in the browser. */
const PATIENCE_MS = 300_000;
export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** The most that a message may be high, in CSS px: what is answered at once is read at once. */
export const BUDGET = { idea: 420, confirm: 640, alert: 300 } as const;

/** A message as it was seen. */
export interface Seen {
  readonly name: string;
  /** CSS px with its buttons. */
  readonly height: number;
  /** The most that it may be; absent where it may be as long as it must. */
  readonly budget?: number;
}

export interface Shot {
  readonly name: string;
  readonly messageId: number;
  readonly budget?: number;
  /** In these alone: a picture has the colours that it was drawn in. */
  readonly schemes?: readonly Scheme[];
}

export interface Screen {
  /** Measures the message and takes its picture, whole, with the phone around it. */
  shoot(shot: Shot): Promise<Seen>;
  /** CSS px of a message with its buttons. */
  height(messageId: number): Promise<number>;
  /** The whole chat, screen by screen, once that message is there. */
  page(name: string, lastId: number): Promise<void>;
}

/** Throws where there is no Chromium. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
}

export const messageOf = (page: Page, id: number) =>
  page.locator(`[data-testid="message"][data-message-id="${id}"]`);

/** Runs in the browser: whether every picture of the message has been loaded. */
const loaded = (id: number): string =>
  `[...document.querySelectorAll('[data-message-id="${id}"] img')].every((each) => each.naturalWidth > 0)`;

/** Height of a message with its buttons in CSS px, once its pictures are there. */
export async function heightOf(page: Page, id: number): Promise<number> {
  const message = messageOf(page, id);
  for (;;) {
    await message.waitFor();
    await untilInPage(page, loaded(id), PATIENCE_MS);
    const box = await message.boundingBox();
    // A message that is edited just now is another node then.
    if (box !== null) return Math.round(box.height);
  }
}

export async function openScreen(browser: Browser, chatUrl: string, to: string): Promise<Screen> {
  const page = await browser.newPage({ viewport: PHONE, reducedMotion: 'reduce' });
  // A machine that does much else besides takes its pictures later, not never.
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(chatUrl);
  async function takePages(name: string, lastId: number): Promise<void> {
    await messageOf(page, lastId).waitFor();
    const log = page.getByTestId('log');
    const screens = await log.evaluate((node) => Math.ceil(node.scrollHeight / node.clientHeight));
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme });
      for (let screen = 0; screen < screens; screen += 1) {
        await log.evaluate((node, at) => node.scrollTo({ top: at * node.clientHeight }), screen);
        const file = `${name}-${String(screen + 1).padStart(2, '0')}.${scheme}.png`;
        await page.screenshot({ path: join(to, file), animations: 'disabled' });
      }
    }
  }
  return {
    height: (messageId) => heightOf(page, messageId),
    page: takePages,
    shoot: async ({ name, messageId, budget, schemes = SCHEMES }) => {
      const height = await heightOf(page, messageId);
      const log = page.getByTestId('log');
      const room = (await log.boundingBox())?.height ?? 0;
      // What is longer than a phone is shown on a longer one.
      const more = Math.max(0, Math.ceil(height + 24 - room));
      await page.setViewportSize({ width: PHONE.width, height: PHONE.height + more });
      for (const scheme of schemes) {
        await page.emulateMedia({ colorScheme: scheme });
        await messageOf(page, messageId).evaluate((node) => node.scrollIntoView({ block: 'end' }));
        await page.screenshot({ path: join(to, `${name}.${scheme}.png`), animations: 'disabled' });
      }
      await page.setViewportSize(PHONE);
      return { name, height, ...(budget === undefined ? {} : { budget }) };
    },
  };
}
