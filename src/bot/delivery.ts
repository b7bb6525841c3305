import type { Api } from 'grammy';
import type { Log, OutboxQueue } from '../app/ports.ts';
import type { Alert } from '../domain/alert.ts';
import { sendAlert, sendBareAlert, type Outgoing } from './alert-message.ts';
import { drawPicture, type PictureSources } from './alert-picture.ts';
import type { CatchUp } from './catch-up.ts';
import { createDeliveryMemory } from './delivery-memory.ts';
import { MINUTE } from '../domain/time.ts';
import { createPatience, type Patience } from './patience.ts';
import { classifyFailure } from './telegram-failure.ts';

export interface DeliveryOptions extends PictureSources {
  readonly api: Api;
  readonly outbox: OutboxQueue;
  /** Last words of each alert: whose money it is. */
  readonly venue: string;
  /** First wait after a failure, in milliseconds. */
  readonly retryMs: number;
  readonly log: Log;
}

/** One alert from the outbox to the phone: claimed, sent, recorded. */
export interface Delivery {
  readonly patience: Patience;
  /** For the loop. False: Telegram does not take messages now. Rejects when the outbox cannot be read or written. */
  deliver(alert: Alert, chatId: number): Promise<boolean>;
  /** The fast path: the request starts before this returns. Undefined when it is on its way or was sent already. */
  deliverNow(alert: Alert, chatId: number): Promise<boolean> | undefined;
  /** Several alerts in one message. False as for `deliver`. */
  deliverCatchUp(part: CatchUp, chatId: number): Promise<boolean>;
  readonly mayBeRepeat: (alert: Alert) => boolean;
  /** Whether it was sent with a picture; undefined when another process sent it. */
  hadPicture(number: number): boolean | undefined;
  /** Writes down what was sent while the store did not answer. */
  recordMissed(): Promise<void>;
}

interface Sent {
  readonly chatId: number;
  readonly messageId: number;
}

/** Message id of an alert that was told in a catch-up: it has no message of its own to edit. */
export const NO_MESSAGE = 0;
/** A message that Telegram refuses in every form is tried again after that. */
const REFUSED_WAIT_MS = 10 * MINUTE;

export function createDelivery(options: DeliveryOptions): Delivery {
  const { api, outbox, log, venue } = options;
  const clock = (): number => performance.now();
  const memory = createDeliveryMemory(clock);
  const patience = createPatience(options.retryMs, clock);
  const pictures = new Map<number, boolean>();
  const unrecorded = new Map<number, Sent>();

  const mayBeRepeat = (alert: Alert): boolean => memory.mayBeRepeat(alert.number, alert.attempts);

  const outgoing = (alert: Alert, chatId: number): Outgoing => ({
    alert,
    chatId,
    venue,
    repeat: mayBeRepeat(alert),
  });

  async function record(number: number, sent: Sent): Promise<void> {
    memory.sent(number);
    patience.worked();
    try {
      await outbox.markSent(number, sent);
    } catch (error) {
      unrecorded.set(number, sent);
      log.warn('a sent alert could not be recorded yet', {
        alert: number,
        error: options.safe(error),
      });
    }
  }

  async function giveBack(number: number, outcome: { delivered: boolean; waitMs: number }) {
    memory.failed(number, outcome);
    try {
      await outbox.release(number);
    } catch (error) {
      log.warn('an alert could not be released', { alert: number, error: options.safe(error) });
    }
  }

  async function settle(out: Outgoing, request: Promise<{ message_id: number }>): Promise<boolean> {
    try {
      const { message_id: messageId } = await request;
      pictures.set(out.alert.number, out.picture !== undefined);
      await record(out.alert.number, { chatId: out.chatId, messageId });
      return true;
    } catch (error) {
      return afterFailure(out, error);
    }
  }

  async function afterFailure(out: Outgoing, error: unknown): Promise<boolean> {
    const { number } = out.alert;
    const failure = classifyFailure(error);
    log.warn('an alert was not sent', { alert: number, error: failure.text });
    if (failure.kind === 'bad-message') return sendBare(out);
    const delivered = failure.kind === 'unreachable' && failure.delivered;
    patience.failed(failure);
    await giveBack(number, { delivered, waitMs: 0 });
    return false;
  }

  async function sendBare(out: Outgoing): Promise<boolean> {
    const { alert, chatId } = out;
    try {
      const { message_id: messageId } = await sendBareAlert(api, out);
      pictures.set(alert.number, false);
      await record(alert.number, { chatId, messageId });
      return true;
    } catch (error) {
      const failure = classifyFailure(error);
      log.error('an alert was refused in every form', { alert: alert.number, error: failure.text });
      patience.failed(failure);
      const delivered = failure.kind === 'unreachable' && failure.delivered;
      const hopeless = failure.kind === 'bad-message';
      await giveBack(alert.number, { delivered, waitMs: hopeless ? REFUSED_WAIT_MS : 0 });
      return hopeless;
    }
  }

  /** Takes it in memory and in the store; false when somebody else has it. */
  async function claim(number: number): Promise<boolean> {
    if (!memory.take(number)) return false;
    try {
      if (await outbox.claim(number)) return true;
    } catch (error) {
      memory.letGo(number);
      throw error;
    }
    memory.letGo(number);
    return false;
  }

  async function deliver(alert: Alert, chatId: number): Promise<boolean> {
    if (!(await claim(alert.number))) return true;
    const picture = await drawPicture(options, alert);
    const out = { ...outgoing(alert, chatId), picture };
    return settle(out, sendAlert(api, out));
  }

  function deliverNow(alert: Alert, chatId: number): Promise<boolean> | undefined {
    if (patience.flooded() || !memory.take(alert.number)) return undefined;
    const out = outgoing(alert, chatId);
    const request = sendAlert(api, out);
    return besideClaim(out, request);
  }

  async function besideClaim(out: Outgoing, request: Promise<{ message_id: number }>) {
    const claimed = outbox.claim(out.alert.number).catch(() => false);
    const [settled] = await Promise.all([settle(out, request), claimed]);
    return settled;
  }

  async function deliverCatchUp(part: CatchUp, chatId: number): Promise<boolean> {
    const mine: Alert[] = [];
    for (const alert of part.alerts) if (await claim(alert.number)) mine.push(alert);
    if (mine.length === 0) return true;
    const { text, entities } = part.text;
    try {
      await api.sendMessage(chatId, text, {
        entities,
        link_preview_options: { is_disabled: true },
      });
    } catch (error) {
      const failure = classifyFailure(error);
      log.warn('a catch-up was not sent', { alerts: mine.length, error: failure.text });
      patience.failed(failure);
      const delivered = failure.kind === 'unreachable' && failure.delivered;
      for (const { number } of mine) await giveBack(number, { delivered, waitMs: 0 });
      return false;
    }
    for (const { number } of mine) await record(number, { chatId, messageId: NO_MESSAGE });
    return true;
  }

  async function recordMissed(): Promise<void> {
    for (const [number, sent] of unrecorded) {
      await outbox.markSent(number, sent);
      unrecorded.delete(number);
    }
  }

  return {
    patience,
    deliver,
    deliverNow,
    deliverCatchUp,
    mayBeRepeat,
    hadPicture: (number) => pictures.get(number),
    recordMissed,
  };
}
