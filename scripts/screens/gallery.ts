/** What Vigil says of its own accord, an example or more of each rule, as it stands on the phone. */
import { Api } from 'grammy';
import type { Browser } from 'playwright-core';
import { sendAlert } from '../../src/bot/delivery/alert-message.ts';
import { createSendLane } from '../../src/bot/delivery/send-lane.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { OWNER } from '../../test/acceptance/owner.ts';
import { NOW } from '../../test/alerts/fixtures.ts';
import { examplesOf } from '../texts/examples.ts';
import { USUAL, type Example } from '../texts/words.ts';
import { BUDGET, openScreen, type Seen } from './screen.ts';

const VENUE = 'demo, no real money';

/** Sends the example as an alert and returns the id of its message. */
export async function sendExample(chat: Chat, example: Example): Promise<number> {
  const api = new Api(chat.token, { apiRoot: chat.apiRoot });
  const lane = createSendLane(() => performance.now());
  const usual = { key: '', kind: 'notice', severity: 'info', at: NOW, number: 128 } as const;
  const alert = { ...usual, ...example };
  const outgoing = { chatId: OWNER, alert, repeat: false, silent: true, venue: VENUE };
  return (await sendAlert({ api, lane }, outgoing)).message_id;
}

/** Takes the alerts into the folder, as many as a screen shows in one picture, and gives what was seen. */
export async function takeAlerts(browser: Browser, to: string): Promise<readonly Seen[]> {
  const chat = await startChat({ rateLimits: false });
  try {
    const sent: { readonly name: string; readonly messageId: number }[] = [];
    for (const [rule, examples] of Object.entries(examplesOf(USUAL))) {
      for (const [index, example] of examples.entries()) {
        const name = `alert-${rule}${index === 0 ? '' : `-${index + 1}`}`;
        sent.push({ name, messageId: await sendExample(chat, example) });
      }
    }
    const screen = await openScreen(browser, chat.url, to);
    await screen.page('alerts', sent.at(-1)?.messageId ?? 0);
    const seen: Seen[] = [];
    for (const { name, messageId } of sent) {
      seen.push({ name, height: await screen.height(messageId), budget: BUDGET.alert });
    }
    return seen;
  } finally {
    await chat.stop();
  }
}
