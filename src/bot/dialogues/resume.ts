import { resume } from '../../app/halt/resume.ts';
import type { SeenReason } from '../../domain/trading-mode.ts';
import { rewrite } from '../reply.ts';
import { bold, linesOf, plain } from '../views/fit.ts';
import { footer, sceneOf } from '../views/footer.ts';
import { modeLines } from '../views/mode.ts';
import { CARD_VALID_MS, TYPED, type Dialogue } from './dialogue.ts';
import { RESUME } from './names.ts';

/** Confirm or Cancel under what resuming would allow. */
export const resumeDialogue: Dialogue = {
  name: RESUME,
  typed: TYPED,
  validMs: CARD_VALID_MS,
  tooOld: 'That is more than 5 minutes old, so nothing was changed. Send /resume for a fresh look.',
  carryOut: async ({ ctx, services: { ports }, card, choice, by }) => {
    if (choice === 'b') {
      await rewrite(ctx, {
        messageId: card.messageId,
        text: plain('Cancelled. The trading mode stays as it was.'),
      });
      return;
    }
    const seen = JSON.parse(card.about ?? '[]') as readonly SeenReason[];
    const result = await resume(ports, { by, rebase: choice === 'w', seen });
    const lines =
      result.kind === 'resumed'
        ? [bold('Resumed.'), ...modeLines(result.state)]
        : [bold('Not resumed.'), ...result.reasons.map((each) => `• ${each}`)];
    await rewrite(ctx, {
      messageId: card.messageId,
      text: linesOf([...lines, footer(sceneOf(ports))]),
    });
  },
};
