/** Every text of every rule, as `npm run texts` lists them. */
import { readdirSync } from 'node:fs';
import { Api } from 'grammy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplesOf } from '../../scripts/texts/examples.ts';
import { USUAL, type Words } from '../../scripts/texts/words.ts';
import { sendAlert } from '../../src/bot/delivery/alert-message.ts';
import { createSendLane } from '../../src/bot/delivery/send-lane.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { pickUp, textOf, type Phone } from '../bot/phone.ts';
import { faultsOf } from '../plain-words.ts';
import { finding } from './fixtures.ts';

const OWNER = 1001;
/** What helps rules and makes no message itself. */
const HELPERS = ['closed-result', 'not-ours'];
/** Words that no ear takes for English, and that say nothing. */
const AWKWARD = /\bis no\b(?! longer| more)|\bin some (seconds|minutes)\b/i;

const HOSTILE: Readonly<Record<string, Words>> = {
  'signs of markup': {
    ...USUAL,
    symbol: '<b>*_[x](y)`~|',
    text: '</b><script>*a* _b_ [c](tg://d) ```e```',
  },
  'emoji, right to left and what is not seen': {
    ...USUAL,
    symbol: '👨‍👩‍👧\u202EUSDT\u200B',
    text: 'שלום عليكم \u202Eab\u2066c\u2069 🇺🇦👩🏽‍🚀e\u0301',
  },
  'six thousand characters': { ...USUAL, text: '😀שx '.repeat(1_200) },
  'two hundred positions': { ...USUAL, symbol: '1000000LONGUSDT', many: 200 },
};

describe('every rule', () => {
  const rules = readdirSync(new URL('../../src/alerts/rules', import.meta.url))
    .map((each) => each.replace('.ts', ''))
    .filter((each) => !HELPERS.includes(each));

  it.each(rules)('%s is listed', (rule) => {
    expect(examplesOf(USUAL)[rule]?.length).toBeGreaterThan(0);
  });

  it('speaks plain English', () => {
    for (const [rule, examples] of Object.entries(examplesOf(USUAL)))
      for (const { title, lines } of examples)
        for (const line of [title, ...lines]) {
          expect(faultsOf(line.replaceAll(/\bVIGIL_[A-Z_]+/g, '')), rule).toEqual([]);
          expect(line, rule).not.toMatch(AWKWARD);
        }
  });
});

describe('hostile words in every field of every rule', () => {
  let chat: Chat;
  let phone: Phone;
  beforeAll(async () => {
    chat = await startChat({ users: [{ id: OWNER, first_name: 'Olga' }], rateLimits: false });
    phone = await pickUp(chat, OWNER);
    await phone.send('/start');
  });
  afterAll(async () => {
    await phone.hangUp();
    await chat.stop();
  });

  it.each(Object.entries(HOSTILE))('%s: delivered whole', async (_name, words) => {
    const api = new Api(chat.token, { apiRoot: chat.apiRoot });
    let now = 0;
    const lane = createSendLane(() => (now += 10_000));
    const before = (await phone.messages()).length;
    const sent = Object.entries(examplesOf(words)).flatMap(([rule, examples]) =>
      examples.map(({ title, lines }) => ({ rule, title, lines })),
    );
    for (const [index, { title, lines }] of sent.entries()) {
      const alert = { ...finding(), title, lines, number: index + 1 };
      const way = { chatId: OWNER, alert, repeat: false, silent: false, venue: 'live account' };
      await sendAlert({ api, lane }, way);
    }
    const texts = (await phone.messages()).slice(before).map(textOf);
    for (const [index, { rule, title, lines }] of sent.entries()) {
      const footer = new RegExp(`\\n#${index + 1} · .* · live account( \\(\\d+ of \\d+\\))?$`);
      const parts = texts.filter((text) => footer.test(text));
      expect(Math.max(...parts.map((text) => text.length)), rule).toBeLessThanOrEqual(4_096);
      const told = withoutSpace(parts.map((text) => text.replace(footer, '')).join(''));
      expect(told.endsWith(withoutSpace([title, ...lines].join(''))), `${rule}: ${title}`).toBe(
        true,
      );
    }
  });
});

const withoutSpace = (text: string): string => text.replaceAll(/\s/g, '');
