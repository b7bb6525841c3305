import { InlineKeyboard } from 'grammy';
import { halt as hold } from '../../app/halt/halt.ts';
import { readInFlight } from '../../app/reading/read-in-flight.ts';
import { callbackData } from '../callback-data.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { heldView, notStoredView } from '../views/halt.ts';
import type { Command } from './command.ts';

/** Holds entries first and asks how far to go afterwards. Words after it never stand in the way. */
export const halt: Command = {
  name: 'halt',
  description: 'pause new trades at once, then choose how far to go',
  access: 'owner',
  takes: 'any',
  when: 'at-once',
  aliases: ['stopentry', 'stopbuy', 'pause'],
  alsoMeant: ['kill', 'emergency', 'closeall', 'flatten'],
  handle: async ({ ctx, services: { ports }, words, said }) => {
    const held = await hold(ports, ctx.from?.id ?? 0);
    if (held.kind === 'not stored yet') {
      await reply(ctx, notStoredView(held.reason, said), howFar(ports.nonce()));
      return;
    }
    const { state } = held;
    const inFlight = await readInFlight(ports);
    const ignoredWords = words.slice(0, 100);
    const view = heldView({ state, inFlight, ignoredWords, said }, sceneOf(ports));
    await reply(ctx, view, howFar(ports.nonce()));
  },
};

const howFar = (id: string): InlineKeyboard =>
  new InlineKeyboard()
    .text('Pause new trades only', callbackData('o', id))
    .row()
    .text('Also cancel entry orders', callbackData('e', id))
    .row()
    .text('Also close all positions', callbackData('p', id));
