import { setTimeout as pause } from 'node:timers/promises';
import { HttpError, type Api } from 'grammy';
import { SECOND } from '../../domain/time.ts';
import type { SendLane, Turn } from './send-lane.ts';

/** What Telegram counts: whatever puts something on the phone. */
const COUNTED = /^(?:send(?!ChatAction)|editMessage)/;
const PICTURES = /^send(?:Photo|Document|MediaGroup)/;
/** Waits before an answer whose request failed is sent again. */
const WAITS_MS = [200, 500, 1_000, 3_000];
/** An upload that takes longer is given up. */
const UPLOAD_MS = 3_000;
/** So often Telegram may ask to wait before an answer is given up. */
const FLOODS = 5;

/** The chat that a counted request goes to; undefined for one that is not counted. */
function chatOf(method: string, payload: object): string | undefined {
  if (!COUNTED.test(method) || !('chat_id' in payload)) return undefined;
  const { chat_id: id } = payload;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : undefined;
}

/** A picture that hangs is given up: its text is there already. Node's own signal works in place of the package's that grammY's types name. */
export const uploadLimit = () => AbortSignal.timeout(UPLOAD_MS) as Parameters<Api['sendPhoto']>[3];

/** Keeps the books for a sender that waits for its turn itself, and notes what Telegram asks for. */
export function noteSpending(api: Api, lane: SendLane): void {
  api.config.use(async (...args) => {
    const [call, method, payload, signal] = args;
    const chat = chatOf(method, payload);
    if (chat === undefined) return call(method, payload, signal);
    lane.spend(chat, 'urgent');
    const answer = await call(method, payload, signal);
    if (!answer.ok && answer.error_code === 400) lane.giveBack(chat, 'urgent');
    if (!answer.ok && answer.error_code === 429)
      lane.flooded(chat, answer.parameters?.retry_after ?? 1);
    return answer;
  });
}

/**
 * Answers to the owner go before everything that Vigil says of its own accord; their pictures go last. What Telegram asks to wait is
 * waited for, however long; server errors and lost connections are tried again a few times. An answer may then arrive twice, which is
 * harmless. Polling is left alone: the runner repeats it.
 */
export function answerFirst(api: Api, lane: SendLane): void {
  api.config.use(async (...args) => {
    const [call, method, payload, signal] = args;
    const chat = chatOf(method, payload);
    const turn: Turn = PICTURES.test(method) ? 'news' : 'reply';
    const calm = async (seconds: number): Promise<void> => {
      if (chat === undefined) await pause(seconds * SECOND);
      else lane.flooded(chat, seconds);
    };
    let floods = 0;
    let failures = 0;
    for (;;) {
      if (chat !== undefined) {
        await lane.ready(chat, turn);
        lane.spend(chat, turn);
      }
      try {
        const limit = turn === 'news' ? uploadLimit() : signal;
        const answer = await call(method, payload, limit);
        if (answer.ok || method === 'getUpdates') return answer;
        if (answer.error_code === 429 && floods < FLOODS) {
          floods += 1;
          await calm(answer.parameters?.retry_after ?? 1);
          continue;
        }
        const last = failures >= WAITS_MS.length || turn === 'news';
        if (answer.error_code < 500 || last) return answer;
      } catch (error) {
        const last = failures >= WAITS_MS.length || method === 'getUpdates';
        if (!(error instanceof HttpError) || last || turn === 'news') throw error;
      }
      await pause(WAITS_MS[failures] ?? 0);
      failures += 1;
    }
  });
}
