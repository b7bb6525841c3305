import { InlineKeyboard, InputFile, InputMediaBuilder } from 'grammy';
import { readChart, type ChartReading } from '../../app/views/read-chart.ts';
import type { Interval } from '../../domain/candle.ts';
import type { Side } from '../../domain/position.ts';
import { chartPicture } from '../charts/position-chart.ts';
import { groundOf } from '../charts/theme.ts';
import { callbackData } from '../callback-data.ts';
import { withDeadline } from '../deadline.ts';
import { classifyFailure, isThereAlready } from '../delivery/telegram-failure.ts';
import { answer, reply } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { chartView } from '../views/chart.ts';
import { CAPTION_LIMIT, fit, plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';

type Chart = Extract<ChartReading, { kind: 'chart' }>;

const PICTURE_MS = 5_000;
/** Candle lengths that are offered as buttons; any other one may be typed. */
const OFFERED = ['15m', '1h', '4h', '1d'] as const;

/** A button that shows the chart of that symbol, with the position of that side where both are open. */
export const chartButton = (symbol: string, label = `Chart ${symbol}`, side?: Side) =>
  InlineKeyboard.text(
    label,
    callbackData('i', `${symbol}-1h${side === undefined ? '' : `-${side}`}`),
  );

function keyboardOf({ symbol, interval, trade }: Chart): InlineKeyboard {
  const button = (label: string, length: Interval, side = trade?.side) =>
    InlineKeyboard.text(
      label,
      callbackData('i', `${symbol}-${length}${side === undefined ? '' : `-${side}`}-in`),
    );
  const other = trade?.side === 'long' ? 'short' : 'long';
  return InlineKeyboard.from([
    OFFERED.map((each) => button(each, each)),
    [
      button('Refresh', interval),
      ...(trade?.otherToo === true ? [button(`Show the ${other}`, interval, other)] : []),
    ],
  ]);
}

/** The chart as a message of its own; its words alone where it cannot be drawn. */
export async function showChart(services: Services, ctx: BotContext, words: string): Promise<void> {
  const found = await readChart(services.ports, words);
  if (found.kind === 'refused') {
    await reply(ctx, plain(found.reason));
    return;
  }
  const { text, picture } = await made(services, found);
  const keyboard = keyboardOf(found);
  if (picture === undefined) {
    await reply(ctx, text, keyboard);
    return;
  }
  await ctx.replyWithPhoto(new InputFile(picture, 'chart.png'), {
    ...captionOf(text),
    reply_markup: keyboard,
  });
}

/** A tap on a chart's button: a message of its own, or in place where it stands under a chart. */
export async function turnChart(services: Services, ctx: BotContext, id: string): Promise<void> {
  const inPlace = id.endsWith('-in');
  const words = id.replace(/-in$/, '').replaceAll('-', ' ');
  await answer(ctx);
  if (!inPlace || ctx.callbackQuery?.message?.photo === undefined) {
    await showChart(services, ctx, words);
    return;
  }
  const found = await readChart(services.ports, words);
  if (found.kind === 'refused') {
    await reply(ctx, plain(found.reason));
    return;
  }
  const { text, picture } = await made(services, found);
  if (picture === undefined) {
    await reply(ctx, text, keyboardOf(found));
    return;
  }
  const media = InputMediaBuilder.photo(new InputFile(picture, 'chart.png'), captionOf(text));
  try {
    await ctx.editMessageMedia(media, { reply_markup: keyboardOf(found) });
  } catch (error) {
    if (!isThereAlready(classifyFailure(error))) throw error;
  }
}

async function made(
  services: Services,
  found: Chart,
): Promise<{ text: ReturnType<typeof chartView>; picture: Uint8Array | undefined }> {
  const { charts, digits, log, ports, safe, voice } = services;
  const text = chartView(found, await digits(), sceneOf(ports));
  try {
    const config = chartPicture(found, groundOf(voice.settings()));
    return { text, picture: await withDeadline(charts.render(config), PICTURE_MS) };
  } catch (error) {
    log.warn('a chart is shown as text', { symbol: found.symbol, error: safe(error) });
    return { text, picture: undefined };
  }
}

function captionOf(text: ReturnType<typeof chartView>) {
  const { caption, caption_entities } = fit(text, CAPTION_LIMIT);
  return { caption, caption_entities };
}
