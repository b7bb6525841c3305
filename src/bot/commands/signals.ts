import { InlineKeyboard } from 'grammy';
import { reasonOf } from '../../app/reading/reading.ts';
import { chartButton } from '../menus/chart-menu.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { signalsView } from '../views/signals.ts';
import type { Command } from './command.ts';

/** Signals that wait are few: each closes by itself. */
const MOST_BUTTONS = 8;

export const signals: Command = {
  name: 'signals',
  description: 'what the last scan found and what waits for you',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async ({ ctx, services: { ports } }) => {
    const [scan, pending] = await Promise.all([
      ports.scans.latest().catch(reasonOf),
      ports.proposals.withStatus('pending').catch(reasonOf),
    ]);
    const shown = typeof pending === 'string' ? [] : pending.slice(0, MOST_BUTTONS);
    const charts = InlineKeyboard.from(shown.map(({ signal }) => [chartButton(signal.symbol)]));
    const view = signalsView({ scan, pending }, sceneOf(ports));
    await reply(ctx, view, withRefresh('signals', charts));
  },
};
