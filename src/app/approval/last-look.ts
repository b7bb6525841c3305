import { decideToSend, type SendContext, type SendDecision } from './decide-to-send.ts';
import { lookAgain, type Look } from './judge-proposal.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * The last look before an order, after everything else: the price anew, then the store; the account too where it has grown too
 * old meanwhile. What is still too old after being read once more refuses.
 */
export async function lastLook(
  ports: Ports,
  seen: { readonly id: string; readonly look: Look; readonly context: SendContext },
): Promise<Exclude<SendDecision, { kind: 'read again' }>> {
  const { id, context } = seen;
  let look = await lookAgain(ports, seen.look, { account: false, exceptId: id });
  let decision = decideToSend(context, look, ports.clock.now());
  if (decision.kind !== 'read again') return decision;
  look = await lookAgain(ports, look, { account: decision.account, exceptId: id });
  decision = decideToSend(context, look, ports.clock.now());
  return decision.kind === 'read again' ? { ...decision, kind: 'refuse' } : decision;
}
