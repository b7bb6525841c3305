import { InlineKeyboard } from 'grammy';
import { answerSize, type SizeReply } from '../../app/views/answer-size.ts';
import { SIDES } from '../../domain/position.ts';
import { coinButtons, sayButton } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { sizeView } from '../views/size.ts';
import type { Command } from './command.ts';

export const size: Command = {
  name: 'size',
  description: 'how large a trade may be: /size BTC 65000 63900',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  handle: async ({ ctx, services: { ports, digits }, words, page }) => {
    const [result, list] = await Promise.all([answerSize(ports, words), digits()]);
    await reply(ctx, sizeView({ result, page }, list, sceneOf(ports)), choices(result, page));
  },
};

/** How far away a stop may be by one tap, as shares of the price in %. */
const STOPS = ['1', '2', '3'] as const;

/** What is left to be said, as buttons; undefined where nothing is. */
function choices(result: SizeReply, page: number | undefined): InlineKeyboard | undefined {
  if (result.kind === 'which') return coinButtons('size', result.symbols, page);
  if (result.kind !== 'how') return undefined;
  const { symbol } = result;
  return InlineKeyboard.from(
    SIDES.map((side) =>
      STOPS.map((away, index) =>
        sayButton(
          index === 0 ? `${side} ${away} %` : `${away} %`,
          'size',
          `${symbol} ${side} ${away}%`,
        ),
      ),
    ),
  );
}
