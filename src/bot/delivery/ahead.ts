import type { Api } from 'grammy';
import type { Log } from '../../app/ports/log.ts';
import type { Ahead } from '../../app/ports/outbox.ts';
import type { Voice } from '../../app/telling/voice.ts';
import type { Alert, Finding } from '../../domain/alert.ts';
import { numberAlert, type Outgoing } from './alert-message.ts';
import type { DeliveryMemory } from './delivery-memory.ts';
import { turnOf, type SendLane } from './send-lane.ts';
import { classifyFailure } from './telegram-failure.ts';

export type Numbered = Outgoing & { readonly alert: Alert };

export type Request = Promise<{ message_id: number }>;

/**
 * Ends what went out while it was stored. Under another number than was shown, or as a repeat, the message is brought to what the store
 * says. Rejects when it was not stored: what reached the phone is then known by its key, and what did not is free again.
 */
export async function settleAhead(
  out: Numbered,
  {
    request,
    stored,
    memory,
    settle,
    renumber,
  }: {
    readonly request: Request;
    readonly stored: Ahead['stored'];
    readonly memory: Pick<DeliveryMemory, 'take' | 'letGo' | 'sent'>;
    /** Records it, or gives it back; whether it was taken. */
    readonly settle: (out: Numbered, request: Request) => Promise<boolean>;
    /** Shows the number, and whether it may be a repeat, under the message. */
    readonly renumber: (out: Numbered) => Promise<void>;
  },
): Promise<boolean> {
  const { key, number } = out.alert;
  // Heard when the store has answered.
  request.catch(() => undefined);
  const got = await stored.catch(async (error: unknown) => {
    const message = await request.catch(() => undefined);
    if (message !== undefined)
      memory.sent({ key }, { chatId: out.chatId, messageId: message.message_id });
    memory.letGo(out.alert);
    throw error;
  });
  if (got.number === number && !got.again) return settle(out, request);
  memory.letGo(out.alert);
  const now = {
    ...out,
    alert: { ...out.alert, number: got.number },
    repeat: out.repeat || got.again,
  };
  memory.take(now.alert);
  const settled = await settle(now, request);
  if (settled) await renumber(now);
  return settled;
}

/** Brings a message that was told before it had its number to the one that it has in the store. */
export async function showNumber(
  out: Numbered,
  { api, log }: { readonly api: Api; readonly log: Log },
  memory: Pick<DeliveryMemory, 'sentAs'>,
): Promise<void> {
  const { number, key } = out.alert;
  const messageId = memory.sentAs(key)?.messageId;
  if (messageId === undefined) return;
  try {
    await numberAlert(api, out, messageId);
  } catch (error) {
    const fields = { alert: number, error: classifyFailure(error).text };
    log.warn('a message that was told before it had its number does not show it', fields);
  }
}

/** Whether it may go out at this moment: it is not held back, and the chat takes one more. */
export function mayGoNow(
  finding: Finding,
  chatId: number,
  { voice, lane }: { readonly voice: Pick<Voice, 'loudness'>; readonly lane: SendLane },
): boolean {
  const how = voice.loudness(finding);
  return how !== 'held' && how !== 'off' && lane.waitMs(String(chatId), turnOf(finding)) === 0;
}

/** News that never come are forgotten then. */
const NEWS_KEPT = 1_000;

export interface OwnNews {
  add(number: number): void;
  delete(number: number): void;
  /** Whether it is one of them; asked once. */
  take(number: number): boolean;
}

export function createOwnNews(): OwnNews {
  const numbers = new Set<number>();
  return {
    add: (number) => void numbers.add(number),
    delete: (number) => void numbers.delete(number),
    take: (number) => {
      if (numbers.size > NEWS_KEPT) numbers.clear();
      return numbers.delete(number);
    },
  };
}

/** What can be claimed; when the store fails on the way, what was claimed so far is given back. */
export async function claimAll(
  alerts: readonly Alert[],
  {
    claim,
    giveBack,
  }: {
    readonly claim: (alert: Alert) => Promise<boolean>;
    readonly giveBack: (alert: Alert) => Promise<void>;
  },
): Promise<readonly Alert[]> {
  const mine: Alert[] = [];
  try {
    for (const alert of alerts) if (await claim(alert)) mine.push(alert);
  } catch (error) {
    for (const each of mine) await giveBack(each);
    throw error;
  }
  return mine;
}
