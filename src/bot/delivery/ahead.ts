import type { Api } from 'grammy';
import type { Log } from '../../app/ports/log.ts';
import type { Ahead } from '../../app/ports/outbox.ts';
import type { Alert } from '../../domain/alert.ts';
import { numberAlert, type Outgoing } from './alert-message.ts';
import type { DeliveryMemory } from './delivery-memory.ts';
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
