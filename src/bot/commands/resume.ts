import { InlineKeyboard } from 'grammy';
import { previewResume, type ResumePreview } from '../../app/halt/resume.ts';
import { callbackData } from '../callback-data.ts';
import { openDialogue } from '../dialogues/dialogue.ts';
import { resumeDialogue } from '../dialogues/resume.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { resumeView } from '../views/resume.ts';
import type { Command } from './command.ts';

/** Shows what would be allowed and asks; only the confirmation loosens anything. */
export const resume: Command = {
  name: 'resume',
  description: 'allow new entries again, after a question',
  access: 'owner',
  takes: 'nothing',
  when: 'ends-dialogue',
  handle: async ({ ctx, services }) => {
    const { ports, wallNow } = services;
    const shownAt = wallNow();
    const preview = await previewResume(ports);
    const view = resumeView(preview, sceneOf(ports));
    const possible = preview.standing.length === 0;
    if (!possible && !preview.needsRebase) {
      await reply(ctx, view);
      return;
    }
    const id = ports.nonce();
    // What a confirmation lifts is what is shown here, and nothing that comes later.
    const seen = (preview.mode?.reasons ?? []).map(({ trigger, at }) => ({ trigger, at }));
    const messageId = await reply(ctx, view, keyboard(preview, id));
    await openDialogue({ ctx, services }, resumeDialogue, {
      id,
      messageId,
      shownAt,
      choices: possible ? ['c', 'b'] : ['w', 'b'],
      about: JSON.stringify(seen),
    });
  },
};

function keyboard(preview: ResumePreview, id: string): InlineKeyboard {
  const keys = new InlineKeyboard();
  if (preview.standing.length === 0) keys.text('Confirm: resume', callbackData('c', id));
  else
    keys.text("Resume and set the high-water mark to today's equity", callbackData('w', id)).row();
  return keys.text('Cancel', callbackData('b', id));
}
