import { tookItOut } from '../../app/account/answer-withdrawal.ts';
import { whyNotLoosen } from '../../app/halt/live-guard.ts';
import { readMode } from '../../app/views/read-status.ts';
import { rewrite } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { CARD_VALID_MS, type Decision, type Dialogue } from './dialogue.ts';
import { WITHDRAWAL } from './names.ts';

/** Confirm or Cancel under money that left and that the owner says they took. No word stands for a tap: it must be meant. */
export const withdrawalDialogue: Dialogue = {
  name: WITHDRAWAL,
  typed: {},
  validMs: CARD_VALID_MS,
  tooOld: 'That is more than 5 minutes old, so nothing was changed. Tap "I took it out" again.',
  carryOut: async (decision) => {
    const { ctx, card, choice } = decision;
    const text =
      choice === 'b'
        ? 'Cancelled. Until you answer it counts as a loss.'
        : await confirmed(decision);
    await rewrite(ctx, { messageId: card.messageId, text: plain(text) });
  },
};

async function confirmed({ services: { ports }, card }: Decision): Promise<string> {
  const unguarded = await whyNotLoosen(ports);
  if (unguarded !== undefined) return `${unguarded} Nothing was changed.`;
  if (!(await tookItOut(ports, card.about ?? ''))) return WITHDRAWAL_GONE;
  const mode = await readMode(ports);
  const held = typeof mode === 'string' || mode.mode !== 'normal';
  return `Recorded as a withdrawal, not a loss.${held ? ' New trades are still paused; /resume shows whether anything stands in the way.' : ''}`;
}

/** The question is no longer open. */
export const WITHDRAWAL_GONE =
  'This question is closed: it was answered, or what I knew of it is lost. Nothing was changed. If money is missing, send /halt.';
