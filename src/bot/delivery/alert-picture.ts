import { InputFile, type Api } from 'grammy';
import type { Bars } from '../../app/report/read-report.ts';
import { readClosedTrade } from '../../app/telling/closed-trade.ts';
import type { MarketData } from '../../app/ports/market-data.ts';
import type { CandleStore } from '../../app/ports/candle-store.ts';
import type { Log } from '../../app/ports/log.ts';
import type { ChartRenderer } from '../../app/ports/chart-renderer.ts';
import type { ProposalStore } from '../../app/ports/proposal-store.ts';
import type { Alert } from '../../domain/alert.ts';
import { HOUR } from '../../domain/time.ts';
import type { Voice } from '../../app/telling/voice.ts';
import { barsPicture } from '../charts/bars-chart.ts';
import type { Picture } from '../charts/chart.ts';
import { firstSentence } from '../charts/plain-text.ts';
import { signalPicture, tradePicture } from '../charts/position-chart.ts';
import { groundOf } from '../charts/theme.ts';
import { withDeadline } from '../deadline.ts';
import { alertParts } from '../views/alert.ts';
import { CAPTION_LIMIT } from '../views/fit.ts';
import type { SendLane } from './send-lane.ts';

export interface PictureSources {
  readonly market: Pick<MarketData, 'candles'>;
  readonly charts: ChartRenderer;
  readonly proposals: Pick<ProposalStore, 'byId'>;
  readonly candles: Pick<CandleStore, 'since'>;
  readonly voice: Pick<Voice, 'settings'>;
  readonly log: Log;
  readonly safe: (error: unknown) => string;
}

const PICTURE_MS = 3_000;
/** For candles from the exchange. */
const CANDLES_MS = 10_000;
/** Candles before the signal that the chart shows. */
const HOURS_SHOWN = 96;

/** The picture of a signal's alert, or undefined: the text never waits longer than three seconds for it. */
export async function drawPicture(
  sources: PictureSources,
  alert: Alert,
): Promise<Uint8Array | undefined> {
  if (alert.chart?.kind !== 'proposal') return undefined;
  try {
    return await withDeadline(draw(sources, alert.chart.id), PICTURE_MS);
  } catch (error) {
    sources.log.warn('an alert goes without its picture', {
      alert: alert.number,
      error: sources.safe(error),
    });
    return undefined;
  }
}

async function draw(sources: PictureSources, id: string): Promise<Uint8Array | undefined> {
  const proposal = await sources.proposals.byId(id);
  if (proposal === undefined) return undefined;
  const { symbol, candleClosedAt } = proposal.signal;
  const candles = await sources.candles.since(symbol, '1h', candleClosedAt - HOURS_SHOWN * HOUR);
  return sources.charts.render(
    signalPicture(proposal, candles, groundOf(sources.voice.settings())).config,
  );
}

/** Where a message is that was told as text. */
interface ToldAs {
  readonly chatId: number;
  readonly messageId: number;
  readonly venue: string;
  readonly repeat: boolean;
}

/** Gives messages their picture after their text, one after the other beside everything else. */
export interface PictureAdder {
  /** Nothing for an alert without one. Resolves to whether the message has it now; never rejects. */
  add(alert: Alert, told: ToldAs): Promise<boolean>;
}

/** So many wait at most; what comes on top goes without. */
const WAITING = 10;

/**
 * For what must not wait for a picture. Where the text fits under it the message gets it without being pushed again; else it comes below
 * without a sound. One that fails is left out: `/why` draws a trade at any time.
 */
export function createPictureAdder(
  sources: PictureSources,
  { api, lane }: { readonly api: Api; readonly lane: SendLane },
): PictureAdder {
  let line: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function show(picture: Picture, alert: Alert, told: ToldAs): Promise<boolean> {
    const { chatId, messageId } = told;
    const png = await withDeadline(sources.charts.render(picture.config), PICTURE_MS);
    await lane.ready(String(chatId), 'news');
    const file = new InputFile(png, 'chart.png');
    const [text, ...more] = alertParts(alert, told, CAPTION_LIMIT);
    if (more.length === 0) {
      const { caption, caption_entities } = text;
      const media = { type: 'photo', media: file, caption, caption_entities } as const;
      await api.editMessageMedia(chatId, messageId, media);
      return true;
    }
    const caption = firstSentence(picture.caption);
    const reply_parameters = { message_id: messageId, allow_sending_without_reply: true };
    await api.sendPhoto(chatId, file, { caption, disable_notification: true, reply_parameters });
    return false;
  }

  async function addTo(alert: Alert, told: ToldAs): Promise<boolean> {
    try {
      const picture = await pictureAfter(sources, alert);
      return picture !== undefined && (await show(picture, alert, told));
    } catch (error) {
      const fields = { alert: alert.number, error: sources.safe(error) };
      sources.log.warn('a message stays without its picture', fields);
      return false;
    } finally {
      waiting -= 1;
    }
  }

  return {
    add: (alert, told) => {
      const has = ['positionClosed', 'morningReport'].includes(alert.basis?.rule ?? '');
      if (!has || waiting >= WAITING) return Promise.resolve(false);
      waiting += 1;
      const added = line.then(() => addTo(alert, told));
      line = added;
      return added;
    },
  };
}

async function pictureAfter(
  { market, voice }: Pick<PictureSources, 'market' | 'voice'>,
  alert: Alert,
): Promise<Picture | undefined> {
  const ground = groundOf(voice.settings());
  if (alert.basis?.rule === 'morningReport') {
    const [{ shown }] = alert.basis.inputs as readonly [{ readonly shown?: Bars }];
    return shown === undefined ? undefined : barsPicture(shown, ground);
  }
  const trade = await withDeadline(readClosedTrade({ market }, alert), CANDLES_MS);
  return trade === undefined ? undefined : tradePicture(trade, ground);
}
