import { decideToSend, type SendContext, type SendDecision } from './decide-to-send.ts';
import { lookAgain, type Look } from './judge-proposal.ts';
import type { Ports } from '../ports/ports.ts';

/** One, and one more where something has grown too old. */
const LOOKS = 2;

/**
 * The last look before an order, after everything else: the price anew, then the store; the account too where it has grown too
 * old meanwhile. What is still too old after being read once more refuses.
 */
export async function lastLook(
  ports: Ports,
  seen: { readonly id: string; readonly look: Look; readonly context: SendContext },
): Promise<Exclude<SendDecision, { kind: 'read again' }>> {
  const { id, context } = seen;
  let { look } = seen;
  let decision: SendDecision = { kind: 'read again', account: false, reasons: [] };
  for (let left = LOOKS; left > 0 && decision.kind === 'read again'; left -= 1) {
    look = await lookAgain(ports, look, { account: decision.account, exceptId: id });
    decision = decideToSend(context, look, ports.clock.now());
  }
  return decision.kind === 'read again' ? { ...decision, kind: 'refuse' } : decision;
}
