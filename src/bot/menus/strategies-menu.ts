import { InlineKeyboard } from 'grammy';
import { putStrategy } from '../../app/scan/places.ts';
import { readStrategies, type StrategyStanding } from '../../app/scan/read-strategies.ts';
import { isRealAccount } from '../../app/ports/venue-mode.ts';
import { isPushed, PLACES, type Place } from '../../domain/signal.ts';
import { answers } from './menu.ts';
import { callbackData } from '../callback-data.ts';
import { answer, reply, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { pushCardView, strategiesView, strategyView } from '../views/strategies.ts';

const button = (text: string, id: string) => InlineKeyboard.text(text, callbackData('g', id));
const MARK: Record<Place, string> = {
  push: '🔔 push',
  clean: '✨ clean only',
  watch: '👁 watch',
  off: '⛔ off',
};

/** A button a strategy, with where it stands: a tap leads to the other places. */
export const strategiesKeyboard = (
  strategies: readonly StrategyStanding[] | string,
): InlineKeyboard =>
  InlineKeyboard.from(
    (typeof strategies === 'string' ? [] : strategies).map(({ name, place }) => [
      button(`${name}: ${MARK[place]} ▸`, name),
    ]),
  );

/** The places where a strategy does not stand. */
const placesKeyboard = ({ name, place, hasClean }: StrategyStanding): InlineKeyboard =>
  InlineKeyboard.from([
    ...PLACES.filter((each) => each !== place && (each !== 'clean' || hasClean)).map((each) => [
      button(`${name}: ${MARK[each]}`, `${name}_${each}`),
    ]),
    [button('Back', 'back')],
  ]);

/** With real money pushing is confirmed once, under the record; everything else tightens or costs nothing. */
const asksFirst = ({ ports }: Services, place: Place): boolean =>
  isPushed(place) && isRealAccount(ports.venueMode);

const isPlace = (word: string | undefined): word is Place => PLACES.some((each) => each === word);

/** "breakdown push": changes, or asks to confirm. Without words, or with others, it shows how things stand. */
export async function tellStrategies(
  services: Services,
  ctx: BotContext,
  words: string,
): Promise<void> {
  const { ports } = services;
  const [name = '', place, ...rest] = words.toLowerCase().split(/[\s,]+/);
  if (words !== '' && (!isPlace(place) || rest.length > 0)) {
    await reply(
      ctx,
      plain(
        `I do not know "${words.slice(0, 60)}", so nothing was changed. Write for example /strategies breakdown watch; the places are ${PLACES.join(', ')}.`,
      ),
    );
    return;
  }
  if (isPlace(place)) {
    if (asksFirst(services, place)) return askToPush(services, ctx, { name, place });
    const refused = await putStrategy(ports, name, place);
    if (refused !== undefined) {
      await reply(ctx, plain(refused));
      return;
    }
  }
  const strategies = await readStrategies(ports);
  await reply(ctx, strategiesView(strategies, sceneOf(ports)), strategiesKeyboard(strategies));
}

async function askToPush(
  { ports }: Services,
  ctx: BotContext,
  {
    name,
    place,
    messageId,
  }: { readonly name: string; readonly place: Place; readonly messageId?: number },
): Promise<void> {
  const strategies = await readStrategies(ports);
  const found =
    typeof strategies === 'string' ? undefined : strategies.find((each) => each.name === name);
  if (found === undefined || (place === 'clean' && !found.hasClean)) {
    await reply(ctx, strategiesView(strategies, sceneOf(ports)), strategiesKeyboard(strategies));
    return;
  }
  const text = pushCardView(found, sceneOf(ports));
  const keyboard = answers(
    button(
      place === 'clean' ? 'Confirm: push clean ones' : 'Confirm: push',
      `${name}_${place}_yes`,
    ),
    button('Back', 'back'),
  );
  if (messageId === undefined) await reply(ctx, text, keyboard);
  else await rewrite(ctx, { messageId, text, keyboard });
}

/** A tap under /strategies. */
export async function turnStrategies(
  services: Services,
  ctx: BotContext,
  id: string,
): Promise<void> {
  const { ports } = services;
  const [name = '', place, sure] = id.split('_');
  const messageId = ctx.callbackQuery?.message?.message_id;
  if (isPlace(place) && sure === undefined && asksFirst(services, place)) {
    await answer(ctx);
    return askToPush(services, ctx, {
      name,
      place,
      ...(messageId === undefined ? {} : { messageId }),
    });
  }
  const refused = isPlace(place) ? await putStrategy(ports, name, place) : undefined;
  await answer(ctx, refused);
  if (messageId === undefined) return;
  const strategies = await readStrategies(ports);
  const scene = sceneOf(ports);
  // The one that was tapped; after a change, and on the way back, all of them.
  const chosen =
    typeof strategies === 'string' || place !== undefined
      ? undefined
      : strategies.find((each) => each.name === name);
  const shown =
    chosen === undefined
      ? { text: strategiesView(strategies, scene), keyboard: strategiesKeyboard(strategies) }
      : { text: strategyView(chosen, scene), keyboard: placesKeyboard(chosen) };
  await rewrite(ctx, { messageId, ...shown });
}
