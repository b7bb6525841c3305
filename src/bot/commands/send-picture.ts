import { InputFile, type Api } from 'grammy';
import type { Picture } from '../../app/ports/pictures.ts';
import { withDeadline } from '../deadline.ts';
import type { Services } from '../services.ts';
import { CAPTION_LIMIT, fit, plain } from '../views/fit.ts';
import type { CommandCall } from './command.ts';

const PICTURE_MS = 5_000;

/** Sends a picture after its text twin. The figures are already there, so one that cannot be drawn is only logged. */
export async function sendPicture(
  { ctx, services }: CommandCall,
  name: string,
  draw: () => Promise<Picture>,
): Promise<void> {
  if (ctx.chatId === undefined) return;
  const { log, safe } = services;
  await sendPictureTo({ api: ctx.api, chatId: ctx.chatId, log, safe }, { name, draw });
}

/** The same where no message is being answered. */
export async function sendPictureTo(
  to: Pick<Services, 'log' | 'safe'> & { readonly api: Api; readonly chatId: number },
  { name, draw }: { readonly name: string; readonly draw: () => Promise<Picture> },
): Promise<void> {
  try {
    const picture = await withDeadline(draw(), PICTURE_MS);
    await to.api.sendPhoto(to.chatId, new InputFile(picture.png, `${name}.png`), {
      caption: fit(plain(picture.caption), CAPTION_LIMIT).text,
    });
  } catch (error) {
    to.log.warn('a picture was not sent', { name, error: to.safe(error) });
  }
}
