import { price, qty } from '../../domain/money/money.ts';
import type { ProtectionEnd, ProtectiveOrder } from '../../domain/position.ts';
import { mapRow, type Mapped, type OnUnknown } from './mapped.ts';
import { protectionRow } from './schemas.ts';

/** What a level can be reached by; samples of the documentation shorten the words. */
const STOP_TYPES = new Set(['MARK_PRICE', 'MARK', 'LAST_PRICE', 'LAST']);

/** A resting TP/SL. Without a quantity it covers the whole position. */
export const toProtection = (row: unknown, onUnknown: OnUnknown): Mapped<ProtectiveOrder> =>
  mapRow(protectionRow, row, (wire) => {
    const id = wire.id ?? wire.orderId;
    if (id === undefined) return { problem: 'a stop or target without an id' };
    if (wire.slPrice === undefined && wire.tpPrice === undefined) {
      return { problem: `${id} is neither a stop nor a target` };
    }
    for (const word of [wire.slStopType, wire.tpStopType]) {
      if (word !== undefined && !STOP_TYPES.has(word)) onUnknown('stop type', word);
    }
    return {
      value: {
        id,
        positionId: wire.positionId,
        symbol: wire.symbol,
        ...(wire.slPrice === undefined ? {} : { stopPrice: price(wire.slPrice) }),
        ...(wire.tpPrice === undefined ? {} : { targetPrice: price(wire.tpPrice) }),
        ...(wire.slQty === undefined ? {} : { stopQty: qty(wire.slQty) }),
        ...(wire.tpQty === undefined ? {} : { targetQty: qty(wire.tpQty) }),
      },
    };
  });

const PROTECTION_ENDS: Readonly<Record<string, ProtectionEnd>> = {
  FILLED: 'filled',
  CANCELED: 'cancelled',
  SYSTEM_CANCELED: 'cancelled by the exchange',
  FAILED: 'failed',
};

/** How a TP/SL of the history ended. */
export const toProtectionEnd = (row: unknown, onUnknown: OnUnknown): Mapped<ProtectionEnd> =>
  mapRow(protectionRow, row, (wire) => {
    const end = PROTECTION_ENDS[wire.status ?? ''];
    if (end === undefined) onUnknown('TP/SL status', wire.status ?? 'missing');
    return { value: end ?? 'unknown' };
  });
