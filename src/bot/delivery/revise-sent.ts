import type { Api } from 'grammy';
import type { Log } from '../../app/ports/log.ts';
import type { Voice } from '../../app/telling/voice.ts';
import type { OutboxQueue } from '../../app/ports/outbox.ts';
import type { Alert } from '../../domain/alert.ts';
import { formatUtc } from '../../domain/time.ts';
import { editAlert, sendAlert, sendBelow } from './alert-message.ts';
import { NO_MESSAGE, type Delivery } from './delivery.ts';
import {
  classifyFailure,
  isThereAlready,
  PartlySent,
  type TelegramFailure,
} from './telegram-failure.ts';
import type { SendLane } from './send-lane.ts';
import { alertParts } from '../views/alert.ts';
import { CAPTION_LIMIT, TEXT_LIMIT } from '../views/fit.ts';

export interface Reviser {
  readonly api: Api;
  readonly lane: SendLane;
  readonly outbox: OutboxQueue;
  readonly delivery: Delivery;
  readonly voice: Pick<Voice, 'loudness'>;
  readonly venue: string;
  readonly log: Log;
}

/** Brings the message of an alert to its new text. False: Telegram takes nothing now. */
export async function reviseSent(reviser: Reviser, alert: Alert): Promise<boolean> {
  const { chatId, messageId } = alert;
  if (chatId === undefined || messageId === undefined) return true;
  // The end of what lasts is told by itself, and that of a cause with it.
  const listed = messageId === NO_MESSAGE;
  if (listed && (alert.state !== undefined || alert.cause !== undefined)) {
    await reviser.outbox.markRevised(alert.number);
    return true;
  }
  const failure = listed
    ? await tellAgain(reviser, alert, chatId)
    : await edit(reviser, alert, { chatId, messageId });
  if (failure === undefined || failure.kind === 'bad-message') {
    if (failure !== undefined)
      reviser.log.warn('a message could not be edited', { error: failure.text });
    await reviser.outbox.markRevised(alert.number);
    return true;
  }
  reviser.delivery.patience.failed(failure);
  return false;
}

/**
 * What ends something that was told takes the place of that message, where it needs no sound: one happening, one message. False, and nothing
 * done, where none of what it makes old has a message of its own, or it does not fit into that.
 */
export async function endInPlace(
  reviser: Reviser,
  alert: Alert,
  revised: readonly Alert[],
): Promise<boolean> {
  const { outbox, delivery, voice, venue } = reviser;
  const keys = (alert.revises ?? []).map(({ key }) => key);
  const begun = revised.findLast(
    ({ key, messageId }) => keys.includes(key) && messageId !== NO_MESSAGE,
  );
  if (begun?.chatId === undefined || begun.messageId === undefined) return false;
  if (voice.loudness(alert) !== 'silent') return false;
  const { chatId, messageId, number, at } = begun;
  const whole = {
    ...alert,
    lines: [...alert.lines, `It began with #${number}, ${formatUtc(at)}.`],
  };
  if (alertParts(whole, { venue, repeat: false }, CAPTION_LIMIT).length > 1) return false;
  if ((await edit(reviser, whole, { chatId, messageId })) !== undefined) return false;
  await outbox.markRevised(number);
  await delivery.toldIn(whole, { chatId, messageId });
  return true;
}

/** An alert that was only listed in a catch-up gets its news as a message of its own. */
async function tellAgain(
  { api, lane, venue, voice }: Reviser,
  alert: Alert,
  chatId: number,
): Promise<TelegramFailure | undefined> {
  try {
    const silent = voice.loudness(alert) !== 'rings';
    await sendAlert({ api, lane }, { alert, chatId, venue, repeat: false, silent });
    return undefined;
  } catch (error) {
    return classifyFailure(error);
  }
}

/** Edits text or caption, whichever the message has; what is already as it shall be is fine. */
async function edit(
  { api, lane, delivery, venue, log }: Reviser,
  alert: Alert,
  at: { chatId: number; messageId: number },
): Promise<TelegramFailure | undefined> {
  const guess = delivery.hadPicture(alert.number) ?? alert.chart !== undefined;
  let failure: TelegramFailure | undefined;
  for (const picture of [guess, !guess]) {
    const limit = picture ? CAPTION_LIMIT : TEXT_LIMIT;
    const [text, ...more] = alertParts(alert, { venue, repeat: false }, limit);
    try {
      await editAlert(api, { ...at, text, picture });
      await sendBelow({ api, lane }, more, { ...at, alert });
      return undefined;
    } catch (error) {
      failure = classifyFailure(error);
      if (error instanceof PartlySent) {
        log.warn('the rest of an edited message was not sent', { error: failure.text });
        return undefined;
      }
      if (isThereAlready(failure)) return undefined;
      if (!/no (text|caption) in the message/i.test(failure.text)) return failure;
    }
  }
  return failure;
}
