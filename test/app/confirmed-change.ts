import { offerChange } from '../../src/app/manage/read-change.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { changeAsText, manageRequest, type ManageRequest } from '../../src/app/ports/work.ts';
import type { ChangeRequest } from '../../src/domain/own-action.ts';
import type { Position } from '../../src/domain/position.ts';

let cards = 0;

/** A change of a position as the owner confirms it, on a card of its own; throws with the reason where none is offered. */
export async function confirmedChange(
  ports: Ports,
  { id: positionId, symbol }: Pick<Position, 'id' | 'symbol'>,
  request: ChangeRequest,
): Promise<ManageRequest> {
  const offer = await offerChange(ports, positionId, request);
  if (offer.kind === 'refused') throw new Error(offer.reason);
  cards += 1;
  return manageRequest.parse({
    id: `card-${cards}`,
    positionId,
    symbol,
    change: changeAsText(offer.change),
    by: 1,
    at: ports.clock.now(),
  });
}
