import { InputFile } from 'grammy';
import type { Picture } from '../../app/ports.ts';
import { withDeadline } from '../deadline.ts';
import { CAPTION_LIMIT, fit, plain } from '../views/fit.ts';
import type { CommandCall } from './command.ts';

const PICTURE_MS = 5_000;

/** Sends a picture after its text twin. The figures are already there, so one that cannot be drawn is only logged. */
export async function sendPicture(
  { ctx, services }: CommandCall,
  name: string,
  draw: () => Promise<Picture>,
): Promise<void> {
  try {
    const picture = await withDeadline(draw(), PICTURE_MS);
    await ctx.replyWithPhoto(new InputFile(picture.png, `${name}.png`), {
      caption: fit(plain(picture.caption), CAPTION_LIMIT).text,
    });
  } catch (error) {
    services.log.warn('a picture was not sent', { name, error: services.safe(error) });
  }
}
