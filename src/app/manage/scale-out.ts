import { numberText } from '../../alerts/phrase.ts';
import { stopsOf, type Position, type ProtectionEnd } from '../../domain/position.ts';
import type { ScaleOut } from '../../risk/gate/scale-out.ts';
import type { Ports } from '../ports/ports.ts';
import type { Trading } from '../ports/trading.ts';
import type { ManageRequest } from '../ports/work.ts';
import { messageOf } from '../reading/reading.ts';
import { waitFor } from '../reading/wait-for.ts';
import { READ_BACK_MS } from './place-levels.ts';
import { tellEnd } from './tell-end.ts';

/** Wall time that the exchange has to show that it is gone, while its owner waits for the answer. */
const ENDED_MS = 5_000;

/** One change under way, and what its order is called. */
interface Run {
  readonly ports: Ports;
  readonly trading: Trading;
  readonly request: ManageRequest;
  readonly clientId: string;
}

/** Places the target of a part. Noted first: by it a run after a crash looks for it and never places a second one. */
export async function placePart(
  { ports, trading, request, clientId }: Run,
  { qty, target: price }: ScaleOut,
): Promise<void> {
  const { positionId, symbol } = request;
  await ports.actions.note({ kind: 'reduce', positionId, clientId, at: ports.clock.now() });
  const position = { id: positionId, symbol };
  const outcome = await trading.placePartial(position, { target: { price, qty } });
  if (outcome.kind === 'rejected')
    return tellEnd(ports, request, { kind: 'refused', why: outcome.reason });
  return settlePart(ports, request);
}

/** Tells what became of it, as the exchange shows it. */
export async function settlePart(ports: Ports, request: ManageRequest): Promise<void> {
  const rests = await waitFor(ports, () => restsNow(ports, request), {
    deadlineMs: READ_BACK_MS,
    until: (seen) => seen,
  });
  await ports.work.refreshAccount();
  const { change } = request;
  if (!rests || change.kind !== 'scale-out') {
    const why = 'the exchange does not show its target';
    return tellEnd(ports, request, { kind: 'unknown', why });
  }
  const words = `a target for ${numberText(change.qty)} of it rests at ${numberText(change.target)}; the rest keeps its stop and target`;
  return tellEnd(ports, request, { kind: 'rests', words });
}

async function restsNow(
  { account }: Pick<Ports, 'account'>,
  { positionId, change }: ManageRequest,
): Promise<boolean> {
  if (change.kind !== 'scale-out') return false;
  const all = await account.protections().catch(() => []);
  return all.some(
    (each) =>
      each.positionId === positionId &&
      each.targetPrice === change.target &&
      each.targetQty === change.qty,
  );
}

/** Takes away the targets of parts; what covers all of the position stays. Whatever the exchange answers, says what it shows then. */
export async function endScaleOut(
  ports: Pick<Ports, 'account' | 'actions' | 'trading' | 'clock' | 'pause'>,
  position: Position,
): Promise<string> {
  const { account, actions, clock, trading } = ports;
  await actions.note({
    kind: 'revoke',
    positionId: position.id,
    what: 'scale-out',
    at: clock.now(),
  });
  const { partTargets: planned } = stopsOf(position, await account.protections());
  if (planned.length === 0) return 'No part of it has a target of its own.';
  if (trading === undefined) {
    return "This is watch mode: take the target of the part away in the exchange's app.";
  }
  const cannot: string[] = [];
  for (const { id } of planned) {
    const outcome = await trading
      .cancelProtection(position.symbol, id)
      .catch((error: unknown) => ({ kind: 'unknown', reason: messageOf(error) }) as const);
    if (outcome.kind !== 'accepted') cannot.push(outcome.reason);
  }
  const ends = await waitFor(ports, () => endsOf(ports, planned, position), {
    deadlineMs: ENDED_MS,
    until: (seen) => !seen.some((each) => each === 'rests' || each === 'unseen'),
  });
  const why = cannot[0] ?? 'the exchange has accepted that and still shows it';
  if (ends.includes('rests')) return `It could not be taken away and still rests: ${why}.`;
  if (ends.includes('unseen')) {
    return `I asked the exchange to take it away and cannot see whether it is gone: ${cannot[0] ?? 'its history does not say'}. /position ${position.symbol} shows what rests.`;
  }
  return ends.includes('filled')
    ? 'Its price was reached before it could be taken away. /positions shows what is open.'
    : 'The part has no target of its own any more. The stop and target of the position stay.';
}

/** How each of the targets ended, by the exchange's history: that one is not listed says nothing. */
async function endsOf(
  { account }: Pick<Ports, 'account'>,
  planned: readonly { readonly id: string }[],
  { symbol }: Position,
): Promise<readonly (ProtectionEnd | 'rests' | 'unseen')[]> {
  const resting = await account.protections().catch(() => undefined);
  return Promise.all(
    planned.map(async ({ id }) => {
      if (resting?.some((each) => each.id === id) === true) return 'rests';
      return (await account.protectionEnd({ id, symbol }).catch(() => undefined)) ?? 'unseen';
    }),
  );
}
