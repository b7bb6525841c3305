import { setImmediate } from 'node:timers/promises';
import type { Api } from 'grammy';
import type { Log } from '../../app/ports/log.ts';
import type { Voice } from '../../app/telling/voice.ts';
import type { OutboxAhead, OutboxQueue } from '../../app/ports/outbox.ts';
import type { Alert, Finding } from '../../domain/alert.ts';
import { sendAlert } from './alert-message.ts';
import { createPictureAdder, drawPicture, type PictureSources } from './alert-picture.ts';
import {
  claimAll,
  createOwnNews,
  mayGoNow,
  settleAhead,
  showNumber,
  type Numbered,
  type Request,
} from './ahead.ts';
import type { CatchUp } from './catch-up.ts';
import { createDeliveryMemory, isSameWord, type Sent, type Told } from './delivery-memory.ts';
import { turnOf, type SendLane } from './send-lane.ts';
import { createPatience } from './patience.ts';
import { classifyFailure, type TelegramFailure } from './telegram-failure.ts';

export interface DeliveryOptions extends PictureSources {
  readonly api: Api;
  readonly lane: SendLane;
  readonly outbox: OutboxQueue;
  readonly voice: Pick<Voice, 'loudness' | 'settings'>;
  /** Last words of each alert: whose money it is. */
  readonly venue: string;
  /** First wait after a failure, in milliseconds. */
  readonly retryMs: number;
  readonly log: Log;
}

/** Message id of an alert that was told in a catch-up: it has no message of its own to edit. */
export const NO_MESSAGE = 0;

const NEVER_SENT: TelegramFailure = { kind: 'unreachable', delivered: false, text: 'not sent' };

const clock = (): number => performance.now();

const countedIn = (alert: Alert, times: number): Alert => ({
  ...alert,
  lines: [...alert.lines, `I have found it so ${times} times by now.`],
});

/** One alert from the outbox to the phone: claimed, sent, recorded. */
export class Delivery {
  /** When Telegram may be tried again. */
  readonly patience;
  readonly #options: DeliveryOptions;
  readonly #memory = createDeliveryMemory(clock);
  readonly #pictures = new Map<number, boolean>();
  readonly #adder;
  /** Numbers that go the fast way: the news that they are there says nothing new. */
  readonly ownNews = createOwnNews();
  readonly #alone = new Set<number>();
  /** Their picture has failed once. */
  readonly #withoutPicture = new Set<number>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#adder = createPictureAdder(options, options);
    this.patience = createPatience(options.retryMs, clock);
  }

  /** For the loop. False: Telegram does not take messages now. Rejects when the outbox cannot be read or written. */
  async deliver(alert: Alert, chatId: number): Promise<boolean> {
    if (!(await this.#claim(alert))) return true;
    const bare = this.#withoutPicture.has(alert.number);
    const picture = bare ? undefined : await drawPicture(this.#options, alert);
    const out = { ...this.#outgoing(alert, chatId), picture };
    return this.#settle(out, sendAlert(this.#options, out));
  }

  /** The fast path: the request starts before this returns. Undefined when it is on its way or was sent already. */
  deliverNow(alert: Alert, chatId: number): Promise<boolean> | undefined {
    if (!mayGoNow(alert, chatId, this.#options) || !this.#memory.take(alert)) return undefined;
    this.ownNews.add(alert.number);
    const out = this.#outgoing(alert, chatId);
    return this.#besideClaim(out, sendAlert(this.#options, out));
  }

  /**
   * The same for what is not stored yet: it is on its way into the store before the request is on its way to the phone. Rejects when it was
   * not stored; where it was told all the same it is known by its key.
   */
  deliverAhead(
    finding: Finding,
    { chatId, ahead }: { readonly chatId: number; readonly ahead: Pick<OutboxAhead, 'raise'> },
  ): Promise<boolean> | undefined {
    if (!mayGoNow(finding, chatId, this.#options)) return undefined;
    if (this.#memory.sentAs(finding.key) !== undefined) return undefined;
    const raised = ahead.raise(finding);
    if (raised === undefined) return undefined;
    this.#memory.take(raised.alert);
    this.ownNews.add(raised.alert.number);
    const out = this.#outgoing(raised.alert, chatId);
    return settleAhead(out, {
      request: sendAlert(this.#options, out),
      stored: raised.stored,
      memory: this.#memory,
      settle: (now, request) => this.#settle(now, request),
      renumber: (now) => {
        this.ownNews.delete(raised.alert.number);
        return showNumber(now, this.#options, this.#memory);
      },
    });
  }

  /** Several alerts in one message. False as for `deliver`. */
  async deliverCatchUp(part: CatchUp, chatId: number): Promise<boolean> {
    const { api, log } = this.#options;
    const mine = await claimAll(part.alerts, {
      claim: (each) => this.#claim(each),
      giveBack: (each) => this.#giveBack(each, NEVER_SENT),
    });
    if (mine.length === 0) return true;
    const { text, entities } = part.text;
    try {
      const silent = part.silent || !mine.some((each) => this.#rings(each));
      await api.sendMessage(chatId, text, { entities, disable_notification: silent });
    } catch (error) {
      const failure = classifyFailure(error);
      log.warn('a catch-up was not sent', { alerts: mine.length, error: failure.text });
      const refused = failure.kind === 'bad-message';
      if (refused) for (const { number } of mine) this.#alone.add(number);
      this.patience.failed(failure);
      for (const each of mine) await this.#giveBack(each, refused ? NEVER_SENT : failure);
      return refused;
    }
    for (const each of mine) await this.#record(each, { chatId, messageId: NO_MESSAGE });
    return true;
  }

  /** Whether a list with it was refused: from then on it is told by itself, so that the one which Telegram does not want isolates itself. */
  goesAlone({ number }: Alert): boolean {
    return this.#alone.has(number);
  }

  /**
   * What the store does not take: told now, without a number. When the same happening stands in the outbox later it is known as told.
   * Rejects when it was not sent.
   */
  async deliverUnstored(finding: Finding, chatId: number): Promise<Sent> {
    const { lane, venue } = this.#options;
    const known = this.#memory.sentAs(finding.key);
    if (known !== undefined) return known;
    await lane.ready(String(chatId), turnOf(finding));
    const { message_id: messageId } = await sendAlert(this.#options, {
      alert: finding,
      chatId,
      venue,
      repeat: false,
      silent: !this.#rings(finding),
    });
    const sent = { chatId, messageId };
    this.#memory.sent(finding, sent);
    return sent;
  }

  /**
   * Records those that were told already, while the store did not answer or under another number; gives back the others. What was
   * told without a number shows it from now on, so that no number is missing in the chat.
   */
  async recordKnown(alerts: readonly Alert[]): Promise<readonly Alert[]> {
    const fresh: Alert[] = [];
    for (const alert of alerts) {
      const sent = this.#memory.sentAs(alert.key);
      const again = sent === undefined ? this.#memory.lastWord(alert) : undefined;
      if (sent !== undefined) await this.#recordTold(alert, sent);
      else if (again !== undefined) await this.#recordTold(countedIn(alert, again.times), again);
      // What says the same as one before it waits until that one is told.
      else if (!fresh.some((each) => isSameWord(each, alert))) fresh.push(alert);
    }
    return fresh;
  }

  async #recordTold(
    alert: Alert,
    { number, chatId, messageId }: Partial<Told> & Sent,
  ): Promise<void> {
    const { number: now, key } = alert;
    await this.#record({ number: now, key }, { chatId, messageId });
    if (number === undefined && messageId !== NO_MESSAGE)
      await showNumber(
        { ...this.#outgoing(alert, chatId), repeat: false },
        this.#options,
        this.#memory,
      );
  }

  /** It leaves the outbox, is not sent, and counts as never told: where it is so again it is told. */
  async withdraw(alert: Alert, chatId: number): Promise<void> {
    if (!(await this.#claim(alert))) return;
    this.#memory.letGo(alert);
    await this.#options.outbox.withdraw(alert, { chatId, messageId: NO_MESSAGE });
  }

  /** It was told by an edit of that message. */
  async toldIn(alert: Alert, sent: Sent): Promise<void> {
    await this.#record(alert, sent);
    const { venue } = this.#options;
    this.#addPicture({ ...sent, alert, venue, repeat: false, silent: true }, sent.messageId);
  }

  /** It leaves the outbox and is not sent: the owner has turned its kind off. */
  async passOver(alert: Alert, chatId: number): Promise<void> {
    const { number, key } = alert;
    if (await this.#claim(alert))
      await this.#record({ number, key }, { chatId, messageId: NO_MESSAGE });
  }

  #rings(finding: Finding): boolean {
    return this.#options.voice.loudness(finding) === 'rings';
  }

  mayBeRepeat(alert: Alert): boolean {
    return this.#memory.mayBeRepeat(alert, alert.attempts);
  }

  /** Whether it was sent with a picture; undefined when another process sent it. */
  hadPicture(number: number): boolean | undefined {
    return this.#pictures.get(number);
  }

  #outgoing(alert: Alert, chatId: number): Numbered {
    const { venue } = this.#options;
    const silent = !this.#rings(alert);
    return { alert, chatId, venue, repeat: this.mayBeRepeat(alert), silent };
  }

  /** Takes it in memory and in the store; false when somebody else has it. */
  async #claim(alert: Told): Promise<boolean> {
    if (!this.#memory.take(alert)) return false;
    let mine = false;
    try {
      mine = await this.#options.outbox.claim(alert.number);
    } finally {
      if (!mine) this.#memory.letGo(alert);
    }
    return mine;
  }

  /**
   * A claim that is lost changes nothing: one process alone sends, and memory keeps its two ways apart. It leaves after the request,
   * which would wait for it to be written otherwise.
   */
  async #besideClaim(out: Numbered, request: Request): Promise<boolean> {
    const claimed = setImmediate()
      .then(() => this.#options.outbox.claim(out.alert.number))
      .catch(() => false);
    const [settled] = await Promise.all([this.#settle(out, request), claimed]);
    return settled;
  }

  async #settle(out: Numbered, request: Request): Promise<boolean> {
    const { number } = out.alert;
    try {
      const { message_id: messageId } = await request;
      this.#pictures.set(number, out.picture !== undefined);
      await this.#record(out.alert, { chatId: out.chatId, messageId });
      if (out.picture === undefined) this.#addPicture(out, messageId);
      return true;
    } catch (error) {
      const failure = classifyFailure(error);
      this.#options.log.warn('an alert was not sent', { alert: number, error: failure.text });
      if (failure.kind === 'bad-message') return this.#sendBare(out);
      if (out.picture !== undefined) return this.#sendWithoutPicture(out, failure);
      this.patience.failed(failure);
      await this.#giveBack(out.alert, failure);
      return false;
    }
  }

  #addPicture({ alert, chatId, venue, repeat }: Numbered, messageId: number): void {
    void this.#adder
      .add(alert, { chatId, messageId, venue, repeat })
      .then((added) => added && this.#pictures.set(alert.number, true));
  }

  /** One failure is enough for a picture; what Telegram asks to wait is waited for all the same. */
  async #sendWithoutPicture(out: Numbered, failure: TelegramFailure): Promise<boolean> {
    this.#withoutPicture.add(out.alert.number);
    if (failure.kind === 'wait' || failure.kind === 'blocked') {
      this.patience.failed(failure);
      await this.#giveBack(out.alert, failure);
      return false;
    }
    const { picture: _left, ...text } = out;
    const maybe = failure.kind === 'unreachable' && failure.delivered;
    const again = { ...text, repeat: out.repeat || maybe };
    return this.#settle(again, sendAlert(this.#options, again));
  }

  async #sendBare(out: Numbered): Promise<boolean> {
    const { number } = out.alert;
    try {
      const { message_id: messageId } = await sendAlert(this.#options, { ...out, bare: true });
      this.#pictures.set(number, false);
      await this.#record(out.alert, { chatId: out.chatId, messageId });
      return true;
    } catch (error) {
      const failure = classifyFailure(error);
      const fields = { alert: number, error: failure.text };
      this.#options.log.error('an alert was refused in its barest form too', fields);
      this.patience.failed(failure);
      await this.#giveBack(out.alert, failure);
      return failure.kind === 'bad-message';
    }
  }

  async #record(alert: Told & Partial<Finding>, sent: Sent): Promise<void> {
    const { number } = alert;
    this.#memory.sent(alert, sent);
    this.#alone.delete(number);
    this.patience.worked();
    try {
      await this.#options.outbox.markSent(number, sent);
    } catch (error) {
      const fields = { alert: number, error: this.#options.safe(error) };
      this.#options.log.warn('a sent alert could not be recorded yet', fields);
    }
  }

  async #giveBack({ number, key }: Told, failure: TelegramFailure): Promise<void> {
    this.#memory.failed(
      { number, key },
      {
        delivered: failure.kind === 'unreachable' && failure.delivered,
        refused: failure.kind === 'bad-message',
      },
    );
    try {
      await this.#options.outbox.release(number);
    } catch (error) {
      const fields = { alert: number, error: this.#options.safe(error) };
      this.#options.log.warn('an alert could not be released', fields);
    }
  }
}
