import type { OwnAction } from '../../domain/own-action.ts';
import type { ActionLog } from '../ports/action-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Trading } from '../ports/trading.ts';
import { messageOf } from '../reading/reading.ts';

/** Each write without the moment at which it is sent. */
type Action<A = OwnAction> = A extends OwnAction ? Omit<A, 'at'> : never;

/**
 * The same trading, with a note of each action that another hand might also have done: so that a change at the exchange can be told
 * as Vigil's own or as somebody else's. Noting holds nothing up and stops nothing: a store that is away costs the note.
 */
export function logActions(
  trading: Trading,
  to: { readonly actions: ActionLog; readonly clock: Clock; readonly log: Log },
): Trading {
  const note = (action: Action): void => {
    to.actions.note({ ...action, at: to.clock.now() }).catch((error: unknown) => {
      to.log.warn('an own action could not be noted', {
        action: action.kind,
        reason: messageOf(error),
      });
    });
  };
  return {
    placeEntry: (...order) => trading.placeEntry(...order),
    cancelProtection: (symbol, id) => trading.cancelProtection(symbol, id),
    setLeverage(symbol, leverage) {
      note({ kind: 'leverage', symbol, leverage });
      return trading.setLeverage(symbol, leverage);
    },
    placeProtection(request) {
      const { positionId, stop, target } = request;
      const levels = {
        ...(stop === undefined ? {} : { stop }),
        ...(target === undefined ? {} : { target }),
      };
      note({ kind: 'protect', positionId, ...levels });
      return trading.placeProtection(request);
    },
    cancelOrders(symbol, orderIds) {
      for (const orderId of orderIds) note({ kind: 'cancel-order', orderId });
      return trading.cancelOrders(symbol, orderIds);
    },
    placePartial(position, legs) {
      note({ kind: 'protect', positionId: position.id, target: legs.target.price });
      return trading.placePartial(position, legs);
    },
    // Its note is kept before it is sent: by it a run after a crash knows that it may be at the exchange.
    reducePosition: (request) => trading.reducePosition(request),
    closePosition(reduce) {
      note({ kind: 'close', positionId: reduce.positionId });
      return trading.closePosition(reduce);
    },
  };
}
