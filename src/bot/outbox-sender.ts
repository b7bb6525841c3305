import type { Alert } from '../domain/alert.ts';
import { planCatchUp } from './catch-up.ts';
import { withDeadline } from './deadline.ts';
import { createDelivery, type DeliveryOptions } from './delivery.ts';
import type { OwnerCache } from './owner-cache.ts';
import { reviseSent } from './revise-sent.ts';
import { createWaker } from './waker.ts';

export interface OutboxSender {
  /**
   * The fast path for an alert that was just raised in this process: one request, started before this returns. Resolves when it
   * was sent and recorded, or left to the loop; never rejects.
   */
  sendNow(alert: Alert): Promise<void>;
}

export interface RunningSender extends OutboxSender {
  start(): void;
  /** Ends after the message that is on its way. */
  stop(): Promise<void>;
}

export interface SenderOptions extends DeliveryOptions {
  readonly owner: OwnerCache;
  /** Wall milliseconds between two looks into the outbox when nothing wakes it. */
  readonly pollMs: number;
}

/** Alerts looked at in one go. */
const BATCH = 100;
const STOP_MS = 3_000;

/** Takes what is in the outbox to the owner's chat: most important first, each claimed, sent and recorded. */
export function createOutboxSender(options: SenderOptions): RunningSender {
  const { outbox, owner, log } = options;
  const delivery = createDelivery(options);
  const waker = createWaker();
  /** Something may have piled up: at the start, and after failures. */
  let backlog = true;
  let storeFails = false;
  let stopping = false;
  let running: Promise<void> | undefined;

  async function sendEach(alerts: readonly Alert[], chatId: number): Promise<boolean> {
    for (const [index, alert] of alerts.entries()) {
      if (stopping || (index > 0 && waker.isAwake())) return false;
      if (!(await delivery.deliver(alert, chatId))) {
        backlog = true;
        return false;
      }
    }
    return true;
  }

  async function catchUp(pending: readonly Alert[], chatId: number): Promise<boolean> {
    for (const part of planCatchUp(pending, delivery.mayBeRepeat)) {
      if (stopping || !(await delivery.deliverCatchUp(part, chatId))) return false;
    }
    return true;
  }

  /** One look at the outbox; it ends early when something new came in or Telegram takes nothing. */
  async function round(): Promise<void> {
    await delivery.recordMissed();
    const chatId = await owner.find();
    if (chatId === undefined) return;
    const pending = await outbox.pending(BATCH);
    const critical = pending.filter((each) => each.severity === 'critical');
    if (!(await sendEach(critical, chatId))) return;
    if (backlog && !(await catchUp(pending, chatId))) return;
    if (!(await sendEach(pending, chatId))) return;
    if (pending.length < BATCH) backlog = false;
    for (const alert of await outbox.revised(BATCH)) {
      if (stopping || !(await reviseSent({ ...options, delivery }, alert))) return;
    }
  }

  async function guardedRound(): Promise<void> {
    try {
      await round();
      if (storeFails) log.info('the outbox can be read again');
      storeFails = false;
    } catch (error) {
      if (!storeFails) log.error('the outbox cannot be used', { error: options.safe(error) });
      storeFails = true;
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      waker.rest();
      if (delivery.patience.waitMs() === 0) await guardedRound();
      if (stopping) return;
      const wait = delivery.patience.waitMs();
      if (wait > 0) await waker.sleep(wait);
      else await waker.nap(options.pollMs);
    }
  }

  async function sendNow(alert: Alert): Promise<void> {
    const chatId = owner.known();
    const way = chatId === undefined || stopping ? undefined : delivery.deliverNow(alert, chatId);
    if (way === undefined || !(await way)) {
      backlog ||= way !== undefined;
      waker.wake();
    }
  }

  outbox.onNews(waker.wake);
  return {
    sendNow,
    start: () => {
      running ??= loop();
    },
    stop: async () => {
      stopping = true;
      waker.stop();
      await withDeadline(running ?? Promise.resolve(), STOP_MS).catch(() => undefined);
    },
  };
}
