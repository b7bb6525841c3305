import { Api, Context } from 'grammy';
import { describe, expect, it } from 'vitest';
import type { BotContext } from '../../src/bot/services.ts';
import { commandOf } from '../../src/bot/commands/dispatch.ts';

const FROM = { id: 1001, is_bot: false, first_name: 'Olga' };
const CHAT = { id: 1001, type: 'private', first_name: 'Olga' } as const;
const BASE = { message_id: 7, date: 1_760_000_000, from: FROM, chat: CHAT };

function commandIn(kind: 'message' | 'edited_message', over: object): string | undefined {
  const update = { update_id: 1, [kind]: { ...BASE, ...over } };
  const me = { ...FROM, id: 9, is_bot: true, username: 'bot' };
  const ctx = new Context(update as never, new Api('9:x'), me as never);
  return commandOf(ctx as BotContext)?.name;
}

const origin = { forward_origin: { type: 'hidden_user', sender_user_name: 'Sam', date: 1 } };
const NOTES = {
  'as a reply': { reply_to_message: { ...BASE, message_id: 1, text: 'x' } },
  'as a reply elsewhere': { external_reply: { origin: origin.forward_origin } },
  'under a quote': { quote: { text: 'x', position: 0 } },
  'passed on': origin,
  'by another bot': { via_bot: { ...FROM, is_bot: true } },
};

describe.each(['message', 'edited_message'] as const)('a word for stopping in a %s', (kind) => {
  it.each(['text', 'caption'])('is /halt as %s', (field) => {
    for (const word of [
      'STOP',
      'halt!',
      '/halt',
      '/halt now',
      '/HALT@bot',
      '/stop',
      'с т о п',
      '🛑',
    ])
      expect([word, commandIn(kind, { [field]: word })]).toEqual([word, 'halt']);
    for (const word of ['stop loss', 'go on', 'resume', 'go', ''])
      expect([word, commandIn(kind, { [field]: word })]).toEqual([word, undefined]);
  });

  it.each(Object.keys(NOTES) as (keyof typeof NOTES)[])('is none %s', (note) => {
    for (const field of ['text', 'caption'])
      expect(commandIn(kind, { ...NOTES[note], [field]: 'stop' })).toBeUndefined();
  });
});

describe('a command that does more than halt', () => {
  it('is read in a plain message alone', () => {
    for (const word of ['/panic', '/resume', '/policy off', '/status']) {
      expect(commandIn('message', { text: word })).toBe(word.split(' ')[0]?.slice(1));
      expect(commandIn('message', { caption: word })).toBeUndefined();
      expect(commandIn('edited_message', { text: word })).toBeUndefined();
    }
  });
});
