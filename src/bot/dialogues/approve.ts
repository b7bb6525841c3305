import { approve } from '../../app/approval/decide-proposal.ts';
import { reasonOf } from '../../app/reading/reading.ts';
import { parseCardId } from '../callback-data.ts';
import { rewrite } from '../reply.ts';
import { linesOf, plain } from '../views/fit.ts';
import { approvedView } from '../views/proposal.ts';
import type { Decision, Dialogue } from './dialogue.ts';
import { APPROVE } from './names.ts';

/** Confirm or Back under the card of a signal. Its deadline is the signal's own, kept by the store, not by the dialogue. */
export const approveDialogue: Dialogue = {
  name: APPROVE,
  typed: {},
  tooOld: 'Too late: this signal has expired. Nothing was ordered.',
  carryOut: async (decision) => {
    const { ctx, card, choice } = decision;
    const text =
      choice === 'c'
        ? await confirmed(decision)
        : plain('Not approved. The signal above can still be approved until its deadline.');
    await rewrite(ctx, { messageId: card.messageId, text });
  },
};

const FROM_BEFORE =
  'This message is from before an update of Vigil, so nothing was ordered. Tap Approve again for a new one.';

async function confirmed({ services, card, by }: Decision): Promise<ReturnType<typeof plain>> {
  const shown = parseCardId(card.id);
  if (shown === undefined) return plain(FROM_BEFORE);
  try {
    const result = await approve(services.ports, { ...shown, by });
    return result.kind === 'approved' ? approvedView(result.proposal) : plain(result.reason);
  } catch (error) {
    services.log.error('an approval could not be recorded', { error: services.safe(error) });
    return linesOf([
      `I cannot tell whether your approval was recorded (${reasonOf(error)}).`,
      'If an order is placed, a message will say so. Look at /status before you try again.',
    ]);
  }
}
