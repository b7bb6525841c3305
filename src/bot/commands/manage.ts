import {
  CHANGE_FORM,
  changeRequest,
  typedChange,
  type ChangeName,
} from '../../app/manage/change-words.ts';
import { endTrail } from '../../app/manage/follow-trails.ts';
import { endScaleOut } from '../../app/manage/scale-out.ts';
import { endTimeStop } from '../../app/manage/time-stops.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { openPositionsOf } from '../../app/manage/read-change.ts';
import { reasonOf } from '../../app/reading/reading.ts';
import { resolveSymbol } from '../../app/reading/resolve-symbol.ts';
import type { Position } from '../../domain/position.ts';
import { askToChange } from '../dialogues/manage.ts';
import { managePositions } from '../menus/position-menu.ts';
import { reply } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { openText } from '../views/position.ts';
import type { Command } from './command.ts';

const changing = (name: ChangeName, description: string, aliases: readonly string[]): Command => ({
  name,
  description,
  access: 'owner',
  takes: 'any',
  when: 'ends-dialogue',
  aliases,
  handle: ({ ctx, services, words, page }) => ask(ctx, services, { name, words, page }),
});

export const close = changing('close', 'close a position or a part of it: /close BTC 50 %', [
  'forceexit',
  'forcesell',
  'fx',
  'exit',
]);
export const stop = changing('stop', 'move a stop: /stop BTC 64000 or 1.5 % (alone: halt)', ['sl']);
export const target = changing('target', 'move a target: /target BTC 70000 or 3 %', ['tp']);
export const trail = changing('trail', 'let a stop follow the price: /trail BTC 2 % or 3 ATR', [
  'trailing',
]);
export const breakeven = changing('breakeven', 'stop to where nothing is lost: /breakeven BTC', [
  'be',
]);

export const scaleout = changing(
  'scaleout',
  'close a part further on: /scaleout BTC (half at 1R)',
  ['scale', 'partial'],
);
export const timestop = changing('timestop', 'be asked about it later: /timestop BTC 8 h', [
  'timer',
]);

interface Asked {
  readonly name: ChangeName;
  readonly words: string;
  /** Of the positions to choose from. */
  readonly page: number | undefined;
}

async function ask(ctx: BotContext, services: Services, about: Asked): Promise<void> {
  const { ports } = services;
  const { name, words } = about;
  const open = await openPositionsOf(ports).catch(reasonOf);
  if (typeof open === 'string') {
    await reply(
      ctx,
      plain(`Your positions cannot be read right now (${open}), so nothing was done.`),
    );
    return;
  }
  const { coin, side, rest } = typedChange(words);
  const symbol = resolveSymbol(coin, [...new Set(open.map((each) => each.symbol))]);
  const meant = open.filter(
    (each) => each.symbol === symbol && (side === undefined || each.side === side),
  );
  const [position, another] = meant;
  const choose = (text: string, of: readonly Position[]): Promise<number> =>
    reply(ctx, plain(text), managePositions(of, about));
  if (position === undefined) {
    await choose(notFound(about, side === undefined ? coin : `${coin} ${side}`, open), open);
    return;
  }
  if (another !== undefined) {
    await choose(`${symbol} is open long and short. Which one? Add long or short, or tap.`, meant);
    return;
  }
  if (rest === '' && name in ASKS) {
    await choose(`${ASKS[name] ?? ''} ${CHANGE_FORM[name]}`, [position]);
    return;
  }
  const end = rest.toLowerCase() === 'off' ? ENDS[name] : undefined;
  if (end !== undefined) {
    await reply(ctx, plain(await end(ports, position).catch(notReadable)));
    return;
  }
  const tickers = await ports.market.tickers().catch(() => []);
  const mark = tickers.find((each) => each.symbol === symbol)?.mark;
  const request = changeRequest(name, rest, mark);
  if (typeof request === 'string') await reply(ctx, plain(request));
  else await askToChange(ctx, services, { positionId: position.id, request });
}

/** How a plan is ended. */
const ENDS: Readonly<
  Partial<Record<ChangeName, (ports: Ports, position: Position) => Promise<string>>>
> = {
  trail: (ports, { id }) => endTrail(ports, id),
  scaleout: endScaleOut,
  timestop: (ports, { id }) => endTimeStop(ports, id),
};

const notReadable = (error: unknown): string =>
  `That could not be ended right now: ${reasonOf(error)}.`;

/** What is asked back where nothing says how much. */
const ASKS: Readonly<Partial<Record<ChangeName, string>>> = {
  stop: 'Where shall its stop be?',
  target: 'Where shall its target be?',
  trail: 'How far behind the price shall its stop follow?',
  timestop: 'In how many hours shall I ask?',
};

function notFound({ name, page }: Asked, coin: string, open: readonly Position[]): string {
  if (open.length === 0) return 'No position is open, so there is nothing to change.';
  const asked = coin === '' ? 'Which one?' : `No position is open in "${coin.slice(0, 30)}".`;
  return `${asked} ${openText(open, page)} ${CHANGE_FORM[name]}`;
}
