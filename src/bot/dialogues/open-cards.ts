import type { Api } from 'grammy';
import type { Ports } from '../../app/ports/ports.ts';
import { MINUTE, SECOND } from '../../domain/time.ts';
import type { SendLane } from '../delivery/send-lane.ts';
import { rewriteIn } from '../reply.ts';
import type { OpenCard, OpenCards } from '../services.ts';
import { plain } from '../views/fit.ts';

/** Below a minute the time left is said at these moments, above it once a minute: a chat takes about one message a second. */
const LAST_STEPS_MS = [30 * SECOND, 10 * SECOND, 0];
/** Just after a step, so that it is told once. */
const LATE_MS = 20;
const TOO_LATE = 'Too late: this signal has expired. Nothing was ordered.';

/** Milliseconds of the reader's clock until what is left is told anew. */
export function nextStep(left: number): number {
  const step =
    left > MINUTE
      ? Math.ceil(left / MINUTE - 1) * MINUTE
      : (LAST_STEPS_MS.find((each) => each < left) ?? 0);
  return Math.max(0, left - step);
}

interface Kept {
  readonly card: OpenCard;
  timer: NodeJS.Timeout;
  /** What its message says. */
  text: string;
  /** The edit that is on its way. */
  editing?: Promise<void>;
}

export function createOpenCards(parts: {
  readonly api: Api;
  readonly lane: Pick<SendLane, 'waitMs'>;
  readonly clock: Pick<Ports['clock'], 'now' | 'speed'>;
}): OpenCards {
  const { api, lane, clock } = parts;
  const open = new Map<number, Kept>();

  const leftOf = ({ deadline }: OpenCard): number =>
    (deadline - clock.now()) / Math.max(1, clock.speed);

  const wait = (card: OpenCard): NodeJS.Timeout =>
    setTimeout(() => tell(card), nextStep(leftOf(card)) + LATE_MS).unref();

  /** Where the chat is busy with what matters more, the next step tells it. */
  function tell(card: OpenCard): void {
    const { chatId } = card;
    const kept = open.get(chatId);
    if (kept?.card !== card) return;
    const over = leftOf(card) <= 0;
    if (over || lane.waitMs(String(chatId), 'news') === 0) kept.editing = edit(kept, over);
    if (over) open.delete(chatId);
    else kept.timer = wait(card);
  }

  async function edit(kept: Kept, over: boolean): Promise<void> {
    const { chatId, messageId, keyboard, textAt } = kept.card;
    const text = over ? plain(TOO_LATE) : textAt(clock.now());
    if (text.text === kept.text) return;
    kept.text = text.text;
    const shown = over ? { text } : { text, keyboard };
    // The next step says it again; what the buttons do does not hang on it.
    await rewriteIn(api, chatId, { messageId, ...shown }).catch(() => undefined);
  }

  async function takeOut(chatId: number | undefined): Promise<OpenCard | undefined> {
    const kept = chatId === undefined ? undefined : open.get(chatId);
    if (kept === undefined) return undefined;
    clearTimeout(kept.timer);
    open.delete(kept.card.chatId);
    await kept.editing;
    return kept.card;
  }

  async function retire(chatId: number | undefined): Promise<void> {
    const card = await takeOut(chatId);
    if (card === undefined) return;
    // Already gone, or too old to be edited: a tap says that it is dead.
    await api.editMessageReplyMarkup(card.chatId, card.messageId).catch(() => undefined);
  }

  return {
    keep: (card) => {
      void retire(card.chatId);
      const { text } = card.textAt(clock.now());
      open.set(card.chatId, { card, text, timer: wait(card) });
    },
    shownIn: (chatId) => (chatId === undefined ? undefined : open.get(chatId)?.card.messageId),
    forget: async (chatId) => void (await takeOut(chatId)),
    retire,
    stop: () => {
      for (const { timer } of open.values()) clearTimeout(timer);
      open.clear();
    },
  };
}
