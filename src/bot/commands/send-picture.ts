import { InputFile, type Api } from 'grammy';
import type { Picture } from '../charts/chart.ts';
import { firstSentence } from '../charts/plain-text.ts';
import { groundOf, type ThemeName } from '../charts/theme.ts';
import { withDeadline } from '../deadline.ts';
import { isAnsweredInPlace } from '../reply.ts';
import type { Services } from '../services.ts';
import type { CommandCall } from './command.ts';

const PICTURE_MS = 5_000;

/**
 * Sends a picture after its text twin, beside whatever comes next. The figures are already there, so one that cannot be drawn is only
 * logged.
 */
export function sendPicture(
  { ctx, services }: CommandCall,
  name: string,
  draw: (theme: ThemeName) => Picture,
): void {
  // A message that is only looked at again keeps its picture.
  if (ctx.chatId === undefined || isAnsweredInPlace(ctx)) return;
  void sendPictureTo({ ...services, api: ctx.api, chatId: ctx.chatId }, { name, draw });
}

/** The same where no message is being answered. */
export async function sendPictureTo(
  to: Pick<Services, 'charts' | 'voice' | 'log' | 'safe'> & {
    readonly api: Api;
    readonly chatId: number;
  },
  { name, draw }: { readonly name: string; readonly draw: (theme: ThemeName) => Picture },
): Promise<void> {
  try {
    const { config, caption } = draw(groundOf(to.voice.settings()));
    const png = await withDeadline(to.charts.render(config), PICTURE_MS);
    await to.api.sendPhoto(to.chatId, new InputFile(png, `${name}.png`), {
      // The figures stand in the message above it.
      caption: firstSentence(caption),
    });
  } catch (error) {
    to.log.warn('a picture was not sent', { name, error: to.safe(error) });
  }
}
