import { isUrgent, type Alert, type Finding } from '../../domain/alert.ts';
import { alertParts } from '../views/alert.ts';
import { TEXT_LIMIT } from '../views/fit.ts';
import { editAlert } from './alert-message.ts';
import {
  BURST,
  MORNING,
  OUTAGE,
  planCatchUp,
  beforeThat,
  planTogether,
  type CatchUp,
} from './catch-up.ts';
import { createExplained } from './explained.ts';
import { asOfNow, mayHaveChanged } from '../../app/telling/as-of-now.ts';
import { createGathering, createHeldBack } from './held-back.ts';
import type { AccountSnapshot } from '../../app/ports/account-store.ts';
import type { OutboxAhead } from '../../app/ports/outbox.ts';
import type { Voice } from '../../app/telling/voice.ts';
import { withDeadline } from '../deadline.ts';
import { Delivery, type DeliveryOptions } from './delivery.ts';
import type { Sent } from './delivery-memory.ts';
import type { OwnerCache } from '../access/owner-cache.ts';
import { endInPlace, reviseSent } from './revise-sent.ts';
import { turnOf, type Turn } from './send-lane.ts';
import { classifyFailure, isThereAlready } from './telegram-failure.ts';
import { createWaker } from './waker.ts';

export interface OutboxSender {
  /**
   * The fast path for an alert that was just raised in this process: one request, started before this returns. Resolves when it
   * was sent and recorded, or left to the loop; never rejects.
   */
  sendNow(alert: Alert): Promise<void>;
  /**
   * The shortest way: the request goes out while `ahead` stores it. Resolves when it is stored, and sent or left to the loop; rejects when
   * it was not stored. Undefined, and nothing done, where it cannot go out at once or is not known to be new.
   */
  tellAhead(finding: Finding, ahead: Pick<OutboxAhead, 'raise'>): Promise<void> | undefined;
  /** Past the outbox, while the store takes nothing. Rejects when it was not sent. What is told so is not told again from the outbox. */
  tellUnstored(finding: Finding): Promise<Sent>;
  /** Brings such a message to a new text. */
  editUnstored(finding: Finding, sent: Sent): Promise<void>;
}

export interface SenderOptions extends DeliveryOptions {
  readonly owner: OwnerCache;
  readonly voice: Voice;
  /** The account as it was read last; undefined where that cannot be known now. Never rejects. */
  readonly lastReading: () => Promise<AccountSnapshot | undefined>;
  /** Wall milliseconds between two looks into the outbox when nothing wakes it. */
  readonly pollMs: number;
}

/** Alerts looked at in one go. */
const BATCH = 100;
const STOP_MS = 3_000;
/** What another message explains, or what has no haste, waits for more of it as long as so many first retries. */
const GATHER_TRIES = 30;
/** So long a look at the outbox counts: what was refused, or in the hands of a process that died, is free again some time after it. */
const LOOK_MS = 2_000;
/** How long the loop leaves a new alert to the fast path. */
const NEWS_MS = 20;

/** Takes what is in the outbox to the owner's chat: most important first, each claimed, sent and recorded. */
export class RunningSender implements OutboxSender {
  readonly #options: SenderOptions;
  readonly #delivery: Delivery;
  readonly #waker = createWaker();
  readonly #heldBack;
  readonly #gathering;
  readonly #explained;
  /** Something may have piled up: at the start, and after failures. */
  #backlog = true;
  #lookedAt = 0;
  #storeFails = false;
  #stopping = false;
  #running: Promise<void> | undefined;
  #drawing: Promise<void> | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#delivery = new Delivery(options);
    this.#heldBack = createHeldBack(options.voice);
    const gatherMs = GATHER_TRIES * options.retryMs;
    this.#gathering = createGathering(() => performance.now(), gatherMs);
    this.#explained = createExplained(() => performance.now(), gatherMs);
    // Not at once: what was just raised is often on its fast way already, and looking would only slow it down.
    const look = (number: number): void => {
      if (!this.#delivery.ownNews.take(number)) this.#waker.wake();
    };
    options.outbox.onNews((number) => void setTimeout(look, NEWS_MS, number));
  }

  start(): void {
    this.#running ??= this.#loop();
  }

  /** Ends after the message that is on its way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#waker.stop();
    const ends = Promise.all([this.#running, this.#drawing]);
    await withDeadline(ends, STOP_MS).catch(() => undefined);
  }

  async sendNow(alert: Alert): Promise<void> {
    const chatId = this.#stopping ? undefined : this.#options.owner.known();
    const way = chatId === undefined ? undefined : this.#delivery.deliverNow(alert, chatId);
    if (way !== undefined) {
      if (await way) return;
      this.#backlog = true;
    }
    this.#waker.wake();
  }

  tellAhead(finding: Finding, ahead: Pick<OutboxAhead, 'raise'>): Promise<void> | undefined {
    const chatId = this.#stopping ? undefined : this.#options.owner.known();
    if (chatId === undefined) return undefined;
    const way = this.#delivery.deliverAhead(finding, { chatId, ahead });
    return way?.then((taken) => {
      if (taken) return;
      this.#backlog = true;
      this.#waker.wake();
    });
  }

  async tellUnstored(finding: Finding): Promise<Sent> {
    const chatId = this.#stopping ? undefined : this.#options.owner.known();
    if (chatId === undefined) throw new Error('nobody can be told');
    return this.#delivery.deliverUnstored(finding, chatId);
  }

  async editUnstored(finding: Finding, sent: Sent): Promise<void> {
    const { api, venue } = this.#options;
    const parts = alertParts(finding, { venue, repeat: false }, TEXT_LIMIT);
    const text = parts.at(-1) ?? parts[0];
    await editAlert(api, { ...sent, text, picture: false }).catch((error: unknown) => {
      if (!isThereAlready(classifyFailure(error))) throw error;
    });
  }

  async #loop(): Promise<void> {
    const { patience } = this.#delivery;
    while (!this.#stopping) {
      this.#waker.rest();
      if (patience.waitMs() === 0) await this.#guardedRound();
      const wait = patience.waitMs();
      if (wait > 0) await this.#waker.sleep(wait);
      else await this.#waker.nap(this.#options.pollMs);
    }
  }

  async #guardedRound(): Promise<void> {
    const { log, safe } = this.#options;
    try {
      await this.#round();
      if (this.#storeFails) log.info('the outbox can be read again');
      this.#storeFails = false;
    } catch (error) {
      if (!this.#storeFails) log.error('the outbox cannot be used', { error: safe(error) });
      this.#storeFails = true;
    }
  }

  /** One look at the outbox; it ends early when something new came in or Telegram takes nothing. */
  async #round(): Promise<void> {
    const { outbox, owner, voice } = this.#options;
    const chatId = await owner.find();
    if (chatId === undefined) return;
    await voice.refresh();
    this.#lookedAt = performance.now();
    const waiting = await outbox.pending(BATCH);
    const fresh = await this.#delivery.recordKnown(waiting);
    const { due: all, morning, off } = this.#heldBack.sort(fresh);
    for (const each of off) await this.#delivery.passOver(each, chatId);
    const { due: gathered, overtaken } = this.#gathering(await this.#asOfNow(all, chatId));
    await this.#keepWords(gathered, all);
    const { free: due, lists } = this.#explained.sort(gathered);
    if (!(await this.#sendEach(due.filter(isUrgent), chatId))) return;
    const piledUp = this.#backlog ? OUTAGE : this.#isFull(chatId) ? BURST : undefined;
    if (piledUp !== undefined && !(await this.#list(due, piledUp, chatId))) return;
    const night = new Set(morning.map(({ number }) => number));
    const held = due.filter(({ number }) => night.has(number));
    if (!(await this.#list(held, MORNING, chatId))) return;
    if (!(await this.#together(due, chatId))) return;
    if (!(await this.#sendEach(await this.#withoutEnds(due, held), chatId))) return;
    for (const { alerts, occasion } of lists)
      if (!(await this.#list(alerts, occasion, chatId))) return;
    if (overtaken !== undefined) {
      const { by, alerts } = overtaken;
      if (!(await this.#list(alerts, beforeThat(by), chatId))) return;
    }
    if (waiting.length < BATCH) this.#backlog = false;
    for (const alert of await outbox.revised(BATCH)) {
      const reviser = { ...this.#options, delivery: this.#delivery };
      if (!(await this.#turn(chatId, 'warning')) || !(await reviseSent(reviser, alert))) return;
    }
  }

  /** What waited is judged once more at the moment in which it is told: with the figures of now, or not told at all. */
  async #asOfNow(waiting: readonly Alert[], chatId: number): Promise<readonly Alert[]> {
    if (!waiting.some(mayHaveChanged)) return waiting;
    const { due, over, passed } = asOfNow(waiting, await this.#options.lastReading());
    for (const each of over) await this.#delivery.withdraw(each, chatId);
    for (const each of passed) await this.#delivery.passOver(each, chatId);
    return due;
  }

  /** So that /alerts and /why say what was told. */
  async #keepWords(told: readonly Alert[], raised: readonly Alert[]): Promise<void> {
    for (const each of told) if (!raised.includes(each)) await this.#options.outbox.reword(each);
  }

  /** What ends an earlier message without a sound is told there. */
  async #withoutEnds(due: readonly Alert[], held: readonly Alert[]): Promise<readonly Alert[]> {
    const ends = due.filter((each) => each.revises !== undefined && !held.includes(each));
    if (ends.length === 0) return due;
    const revised = await this.#options.outbox.revised(BATCH);
    const reviser = { ...this.#options, delivery: this.#delivery };
    const told: Alert[] = [];
    for (const each of ends) if (await endInPlace(reviser, each, revised)) told.push(each);
    return due.filter((each) => !told.includes(each));
  }

  async #sendEach(alerts: readonly Alert[], chatId: number): Promise<boolean> {
    for (const [index, alert] of alerts.entries()) {
      if (index > 0 && this.#isOld()) return false;
      if (!(await this.#turn(chatId, turnOf(alert)))) return false;
      if (alert.chart?.kind === 'proposal') {
        this.#sendWithPicture(alert, chatId);
        continue;
      }
      if (!(await this.#delivery.deliver(alert, chatId))) {
        this.#backlog = true;
        return false;
      }
    }
    return true;
  }

  /** One at a time and beside everything else: drawing and uploading hold nothing up. */
  #sendWithPicture(alert: Alert, chatId: number): void {
    if (this.#drawing !== undefined) return;
    this.#drawing = this.#delivery
      .deliver(alert, chatId)
      .then((taken) => void (this.#backlog ||= !taken))
      .catch((error: unknown) => {
        const { log, safe } = this.#options;
        log.warn('an alert with a picture was not sent', { error: safe(error) });
      })
      .finally(() => {
        this.#drawing = undefined;
        this.#waker.wake();
      });
  }

  readonly #repeat = (each: Alert): boolean => this.#delivery.mayBeRepeat(each);

  #list(
    pending: readonly Alert[],
    occasion: Parameters<typeof planCatchUp>[2],
    chatId: number,
  ): Promise<boolean> {
    return this.#inLists(pending, chatId, (listed) => planCatchUp(listed, this.#repeat, occasion));
  }

  #together(pending: readonly Alert[], chatId: number): Promise<boolean> {
    const { venue } = this.#options;
    return this.#inLists(pending, chatId, (listed) => planTogether(listed, this.#repeat, venue));
  }

  /** What Telegram has refused in a list goes by itself. */
  async #inLists(
    pending: readonly Alert[],
    chatId: number,
    plan: (listed: readonly Alert[]) => readonly CatchUp[],
  ): Promise<boolean> {
    const isAlone = (each: Alert): boolean => this.#delivery.goesAlone(each);
    const parts = plan(pending.filter((each) => !isAlone(each)));
    return (
      (await this.#sendLists(parts, chatId)) && this.#sendEach(pending.filter(isAlone), chatId)
    );
  }

  async #sendLists(parts: readonly CatchUp[], chatId: number): Promise<boolean> {
    for (const [index, part] of parts.entries()) {
      // What came in meanwhile may be more important than the next list.
      if (index > 0 && this.#isOld()) return false;
      if (!(await this.#turn(chatId, 'warning'))) return false;
      if (!(await this.#delivery.deliverCatchUp(part, chatId))) return false;
    }
    return true;
  }

  /** Something came in since the outbox was looked at, or may be free again: it may be more important than what is next. */
  #isOld(): boolean {
    if (performance.now() - this.#lookedAt >= LOOK_MS) this.#waker.wake();
    return this.#waker.isAwake();
  }

  /** More than the chat takes now waits for it. */
  #isFull(chatId: number): boolean {
    return this.#options.lane.waitMs(String(chatId), 'news') > 0;
  }

  /** Waits until the chat takes one more of that kind. False when something else came up meanwhile, which may be more important. */
  async #turn(chatId: number, turn: Turn): Promise<boolean> {
    const { lane } = this.#options;
    for (;;) {
      if (this.#stopping) return false;
      const ms = lane.waitMs(String(chatId), turn);
      if (ms === 0) return true;
      await this.#waker.nap(ms);
      if (this.#isOld()) return false;
    }
  }
}
