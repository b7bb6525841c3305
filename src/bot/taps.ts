import { notMe, previewWithdrawal } from '../app/account/answer-withdrawal.ts';
import { aboutStrategy, signalEvidence } from '../app/views/read-evidence.ts';
import { InlineKeyboard, type MiddlewareFn } from 'grammy';
import { reject, whyCardIsOld } from '../app/approval/decide-proposal.ts';
import { askToApprove, changeCard } from './dialogues/ask-to-approve.ts';
import { suggestStop } from '../app/account/suggest-stop.ts';
import { toText } from '../domain/money/money.ts';
import { askToClosePosition, askToFlatten } from './dialogues/ask-to-flatten.ts';
import {
  callbackData,
  parseCallbackData,
  parseCardId,
  type Tap,
  type Verb,
} from './callback-data.ts';
import { openDialogue } from './dialogues/dialogue.ts';
import { protectDialogue, type ProtectCard } from './dialogues/protect.ts';
import { WITHDRAWAL_GONE, withdrawalDialogue } from './dialogues/withdrawal.ts';
import { askForChoice, showPosition } from './menus/position-menu.ts';
import { turnAlertsPage } from './menus/alerts-menu.ts';
import { turnChart } from './menus/chart-menu.ts';
import { turnLimit } from './menus/limits-menu.ts';
import { turnOwnAlerts } from './menus/own-alerts-menu.ts';
import { runByTap } from './commands/by-tap.ts';
import { turnTradesPage } from './commands/trades.ts';
import { turnStrategies } from './menus/strategies-menu.ts';
import { answer, dropButtons, reply, rewrite } from './reply.ts';
import type { BotContext, Services } from './services.ts';
import { plain } from './views/fit.ts';
import { sceneOf } from './views/footer.ts';
import { detailsView } from './views/proposal.ts';
import { withoutMemoryView } from './views/store-away.ts';
import { withdrawalCardView } from './views/withdrawal.ts';
import { suggestedStopView } from './views/suggested-stop.ts';
import { answers } from './menus/menu.ts';

interface TapCall {
  readonly ctx: BotContext;
  readonly services: Services;
  readonly id: string;
}

const OLD_CARD = 'This question is no longer open, so nothing happened. Ask again from the start.';
const UNKNOWN = 'This button has expired. Nothing happened.';

const SEEN = 'Noted. While it lasts I tell you once more in 4 hours, and at once if it gets worse.';

/** What each button does outside a dialogue. Confirm and Back have a meaning only inside the one they belong to. */
const ACTIONS: Record<Verb, (call: TapCall) => Promise<void>> = {
  a: ({ ctx, services, id }) => askToApprove(ctx, services, id),
  r: rejectSignal,
  d: showDetails,
  c: closeOldCard,
  b: closeOldCard,
  w: closeOldCard,
  f: closeOldCard,
  o: holdOnly,
  e: (call) => flattenAfterHalt(call, false),
  p: (call) => flattenAfterHalt(call, true),
  t: askToProtect,
  y: askAboutWithdrawal,
  n: sayNotMe,
  x: askToClose,
  v: ({ ctx, services, id }) => showPosition(services, ctx, id),
  h: ({ ctx, services, id }) => askForChoice(services, ctx, id),
  s: ({ ctx }) => answer(ctx, SEEN),
  k: ({ ctx, services, id }) => turnAlertsPage(services, ctx, id),
  q: ({ ctx, services, id }) => turnOwnAlerts(services, ctx, id),
  l: ({ ctx, services, id }) => turnTradesPage(services, ctx, id),
  g: ({ ctx, services, id }) => turnStrategies(services, ctx, id),
  i: ({ ctx, services, id }) => turnChart(services, ctx, id),
  j: ({ ctx, services, id }) => turnLimit(services, ctx, id),
  m: ({ ctx, services, id }) => changeCard(ctx, services, id),
  u: ({ ctx, services, id }) => runByTap(services, ctx, id),
};

/** These taps begin something new, so an open question is closed first. */
const ENDS_DIALOGUE: readonly Verb[] = ['a', 'o', 'e', 'p', 't', 'y', 'n', 'x', 'h', 'j'];

/** What these come to may be a short text over the chat. */
const SAYS: readonly Verb[] = ['a', 'r', 'd', 'c', 'b', 'w', 'f', 'y', 'n', 's', 'k', 'g', 'm'];

/** Every other tap is acknowledged as it comes, before it waits for what is still being worked on. */
export const acknowledge: MiddlewareFn<BotContext> = (ctx, next) => {
  const tap = tapOf(ctx);
  // Not waited for: taps and words stay in their order.
  if (tap !== undefined && !SAYS.includes(tap.verb)) void answer(ctx);
  return next();
};

/** What these ask for could not be remembered, though it may still be read. */
const NEEDS_STORE: readonly Verb[] = ['a', 'r', 't', 'y', 'k', 'g', 'h', 'q', 'm', 'j'];

export const tapOf = (ctx: BotContext): Tap | undefined =>
  parseCallbackData(ctx.callbackQuery?.data ?? '');

export function tapEndsDialogue(ctx: BotContext): boolean {
  const tap = tapOf(ctx);
  return tap !== undefined && ENDS_DIALOGUE.includes(tap.verb);
}

/** Carries out a tap that no open dialogue took. */
export async function handleTap(services: Services, ctx: BotContext): Promise<void> {
  const tap = tapOf(ctx);
  const away = services.ports.storeAway?.();
  if (tap === undefined) await answer(ctx, UNKNOWN);
  else if (away !== undefined && NEEDS_STORE.includes(tap.verb)) {
    await answer(ctx);
    await reply(ctx, withoutMemoryView(away));
  } else await ACTIONS[tap.verb]({ ctx, services, id: tap.id });
}

async function rejectSignal({ ctx, services, id }: TapCall): Promise<void> {
  const result = await reject(services.ports, { nonce: id, by: ctx.from?.id ?? 0 });
  if (result.kind === 'rejected') {
    await answer(ctx, 'Rejected. Nothing was ordered.');
    await services.cards.retire(ctx.chatId);
    return;
  }
  await answer(ctx, result.reason);
  await dropButtons(ctx);
}

async function showDetails({ ctx, services, id }: TapCall): Promise<void> {
  const { ports } = services;
  const proposal = await ports.proposals.byNonce(id);
  if (proposal === undefined) {
    await answer(ctx, UNKNOWN);
    await dropButtons(ctx);
    return;
  }
  await answer(ctx);
  const { signal } = proposal;
  const [{ lines }, digits] = await Promise.all([signalEvidence(ports, signal), services.digits()]);
  const evidence = [...aboutStrategy(signal), ...lines];
  await reply(ctx, detailsView({ proposal, evidence }, digits, sceneOf(ports)));
}

async function closeOldCard({ ctx, services, id }: TapCall): Promise<void> {
  const card = parseCardId(id);
  const why = card === undefined ? undefined : await whyCardIsOld(services.ports, card);
  await answer(ctx, why ?? OLD_CARD);
  // Another card may stand in the same message by now.
  const messageId = ctx.callbackQuery?.message?.message_id;
  if (services.cards.shownIn(ctx.chatId) !== messageId) await dropButtons(ctx);
}

async function holdOnly({ ctx }: TapCall): Promise<void> {
  await answer(ctx);
  const messageId = ctx.callbackQuery?.message?.message_id;
  if (messageId === undefined) return;
  await rewrite(ctx, {
    messageId,
    text: plain(
      'New trades are paused. Orders and positions were left as they are. To resume, send /resume.',
    ),
  });
}

async function askToProtect({ ctx, services, id: positionId }: TapCall): Promise<void> {
  const { ports } = services;
  await answer(ctx);
  const [found, digits] = await Promise.all([suggestStop(ports, positionId), services.digits()]);
  if (found.kind === 'none') {
    await reply(ctx, plain(found.reason));
    return;
  }
  const shownAt = services.wallNow();
  const id = ports.nonce();
  const keyboard = answers(
    InlineKeyboard.text('Confirm', callbackData('c', id)),
    InlineKeyboard.text('Cancel', callbackData('b', id)),
  );
  const view = suggestedStopView(found, digits, sceneOf(ports));
  const messageId = await reply(ctx, view, keyboard);
  const { stop, target, position } = found;
  const about: ProtectCard = {
    positionId,
    symbol: position.symbol,
    stop: toText(stop),
    ...(target === undefined ? {} : { target: toText(target) }),
  };
  const card = { id, messageId, shownAt, choices: ['c', 'b'] as const };
  await openDialogue({ ctx, services }, protectDialogue, { ...card, about: JSON.stringify(about) });
}

async function askAboutWithdrawal({ ctx, services, id: about }: TapCall): Promise<void> {
  const { ports } = services;
  const preview = await previewWithdrawal(ports, about);
  if (preview === undefined) {
    await answer(ctx, WITHDRAWAL_GONE);
    await dropButtons(ctx);
    return;
  }
  await answer(ctx);
  const shownAt = services.wallNow();
  const id = ports.nonce();
  const keyboard = answers(
    InlineKeyboard.text('Confirm: it was me', callbackData('c', id)),
    InlineKeyboard.text('Cancel', callbackData('b', id)),
  );
  const messageId = await reply(ctx, withdrawalCardView(preview, sceneOf(ports)), keyboard);
  const card = { id, messageId, shownAt, choices: ['c', 'b'] as const, about };
  await openDialogue({ ctx, services }, withdrawalDialogue, card);
}

/** Asks before it closes the one position that an alert is about. */
async function askToClose({ ctx, services, id }: TapCall): Promise<void> {
  await answer(ctx);
  await askToClosePosition(ctx, services, id);
}

/** Tightening never asks twice. */
async function sayNotMe({ ctx, services: { ports }, id }: TapCall): Promise<void> {
  const halted = await notMe(ports, id);
  await answer(ctx, halted ? 'Trading is halted. Read the message that follows.' : WITHDRAWAL_GONE);
  if (!halted) await dropButtons(ctx);
}

async function flattenAfterHalt(
  { ctx, services }: TapCall,
  closePositions: boolean,
): Promise<void> {
  await answer(ctx);
  await askToFlatten(ctx, services, closePositions);
}
