import { FormattedString } from '@grammyjs/parse-mode';
import { InlineKeyboard, type Api } from 'grammy';
import type { Redis } from 'ioredis';
import { DAY, MINUTE, SECOND } from '../../domain/time.ts';
import type { SendLane } from '../delivery/send-lane.ts';
import { rewriteIn } from '../reply.ts';
import type { OpenCard, OpenCards } from '../services.ts';
import { linesOf } from '../views/fit.ts';
import { countedView, type CountedView } from '../views/proposal.ts';

/** Below a minute the time left is said at these moments, above it once a minute: a chat takes about one message a second. */
const LAST_STEPS_MS = [30 * SECOND, 10 * SECOND, 0];
/** Just after a step, so that it is told once. */
const LATE_MS = 20;
/** A card from before a start is remembered for that long; it is dead long before. */
const KEEP_MS = DAY;

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

/** What is remembered of a card over a start. */
interface Stored {
  readonly messageId: number;
  /** The machine's clock at its end. */
  readonly until: number;
  readonly over: string;
  /** Of a card that counts: what stands over and under the time left, and its buttons. */
  readonly counting?: {
    readonly over: StoredText;
    readonly under: StoredText;
    readonly speed: number;
    readonly buttons: InlineKeyboard['inline_keyboard'];
  };
}

type StoredText = Pick<FormattedString, 'text' | 'entities'>;

const storedText = ({ text, entities }: StoredText): StoredText => ({ text, entities });

const storedCounting = (
  { over, under, speed }: CountedView,
  { inline_keyboard: buttons }: InlineKeyboard,
): NonNullable<Stored['counting']> => ({
  over: storedText(over),
  under: storedText(under),
  speed,
  buttons,
});

/** As it was, or nothing: then the card says the same until it is over. */
function countingOf(stored: Stored['counting']): Pick<OpenCard, 'counting'> {
  if (!Array.isArray(stored?.buttons)) return {};
  const { over, under, speed, buttons } = stored;
  const text = (of: StoredText) => new FormattedString(of.text, of.entities);
  const view = { over: text(over), under: text(under), speed };
  return { counting: { keyboard: InlineKeyboard.from(buttons), view } };
}

/** Undefined where none is kept, or what is kept is damaged: then a tap says that the card is dead. */
function storedOf(text: string | null): Stored | undefined {
  try {
    const { messageId, until, over, counting } = JSON.parse(text ?? '{}') as Partial<Stored>;
    return typeof messageId === 'number' && typeof until === 'number' && typeof over === 'string'
      ? { messageId, until, over, ...(counting === undefined ? {} : { counting }) }
      : undefined;
  } catch {
    return undefined;
  }
}

interface Parts {
  readonly api: Api;
  readonly lane: Pick<SendLane, 'waitMs'>;
  /** Remembers over a start which message is open. */
  readonly redis: Pick<Redis, 'get' | 'set' | 'del'>;
  readonly token: string;
}

/** Which card is open in a chat, kept over a start. Where the store is away, a tap after the next start says that the card is dead. */
function createMemory({ redis, token }: Pick<Parts, 'redis' | 'token'>) {
  // Several bots may share one store.
  const keyOf = (chatId: number): string => `vigil:card:${token.split(':', 1).join('')}:${chatId}`;
  return {
    keep: ({ chatId, messageId, leftMs, over, counting }: OpenCard): void => {
      const { keyboard, view } = counting ?? {};
      const stored: Stored = {
        messageId,
        until: Date.now() + leftMs(),
        over: over.text,
        ...(keyboard === undefined || view === undefined
          ? {}
          : { counting: storedCounting(view, keyboard) }),
      };
      redis.set(keyOf(chatId), JSON.stringify(stored), 'PX', KEEP_MS).catch(() => undefined);
    },
    find: async (chatId: number): Promise<OpenCard | undefined> => {
      const stored = storedOf(await redis.get(keyOf(chatId)).catch(() => null));
      if (stored === undefined) return undefined;
      const { messageId, until, over, counting } = stored;
      const leftMs = (): number => until - Date.now();
      return { chatId, messageId, leftMs, over: linesOf([over]), ...countingOf(counting) };
    },
    drop: (chatId: number): void => void redis.del(keyOf(chatId)).catch(() => undefined),
  };
}

async function edit(api: Api, kept: Kept, over: boolean): Promise<void> {
  const { chatId, messageId, counting, leftMs } = kept.card;
  const text = over ? kept.card.over : counting && countedView(counting.view, leftMs());
  if (text === undefined || text.text === kept.text) return;
  kept.text = text.text;
  const shown = over || counting === undefined ? { text } : { text, keyboard: counting.keyboard };
  // The next step says it again; what the buttons do does not hang on it.
  await rewriteIn(api, chatId, { messageId, ...shown }).catch(() => undefined);
}

export function createOpenCards(parts: Parts): OpenCards {
  const { api, lane } = parts;
  const open = new Map<number, Kept>();
  const memory = createMemory(parts);

  const wait = (card: OpenCard): NodeJS.Timeout => {
    const left = card.leftMs();
    const step = card.counting === undefined ? Math.max(0, left) : nextStep(left);
    return setTimeout(() => tell(card), step + LATE_MS).unref();
  };

  /** Where the chat is busy with what matters more, the next step tells it. */
  function tell(card: OpenCard): void {
    const { chatId } = card;
    const kept = open.get(chatId);
    if (kept?.card !== card) return;
    const over = card.leftMs() <= 0;
    if (over || lane.waitMs(String(chatId), 'news') === 0) kept.editing = edit(api, kept, over);
    if (over) lose(chatId);
    else kept.timer = wait(card);
  }

  function lose(chatId: number): void {
    open.delete(chatId);
    memory.drop(chatId);
  }

  async function takeOut(chatId: number | undefined): Promise<OpenCard | undefined> {
    const kept = chatId === undefined ? undefined : open.get(chatId);
    if (kept === undefined) return undefined;
    clearTimeout(kept.timer);
    lose(kept.card.chatId);
    await kept.editing;
    return kept.card;
  }

  async function retire(chatId: number | undefined): Promise<void> {
    const card = await takeOut(chatId);
    if (card === undefined) return;
    // Already gone, or too old to be edited: a tap says that it is dead.
    await api.editMessageReplyMarkup(card.chatId, card.messageId).catch(() => undefined);
  }

  function hold(card: OpenCard): void {
    void retire(card.chatId);
    open.set(card.chatId, { card, text: '', timer: wait(card) });
  }

  return {
    keep: (card) => {
      hold(card);
      memory.keep(card);
    },
    restore: async (chatId) => {
      const card = await memory.find(chatId);
      if (card !== undefined && !open.has(chatId)) hold(card);
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
