import type { Account, PositionMode } from '../../domain/account.ts';
import { add, usd, ZERO_USD } from '../../domain/money/money.ts';
import type { MarginMode } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { mapRow, type Mapped, type OnUnknown } from './mapped.ts';
import { accountRow, leverageRow } from './schemas.ts';

export const POSITION_MODES: Readonly<Record<string, PositionMode>> = {
  HEDGE: 'hedge',
  ONE_WAY: 'one-way',
};

/** BitUnix's fields in plain meanings: `frozen` is what open orders lock; `bonus` is trial money, already counted in `available`. */
export const toAccount = (row: unknown, at: Timestamp, onUnknown: OnUnknown): Mapped<Account> =>
  mapRow(accountRow, row, (wire) => {
    const positionMode = POSITION_MODES[wire.positionMode ?? ''];
    // The balance is worth reading all the same; whoever places an order refuses.
    if (positionMode === undefined) onUnknown('positionMode', wire.positionMode ?? 'missing');
    return {
      value: {
        marginCoin: wire.marginCoin,
        available: usd(wire.available),
        frozen: usd(wire.frozen),
        margin: usd(wire.margin),
        unrealisedPnl: add(usd(wire.crossUnrealizedPNL), usd(wire.isolationUnrealizedPNL)),
        bonus: wire.bonus === undefined ? ZERO_USD : usd(wire.bonus),
        positionMode: positionMode ?? 'unknown',
        at,
      },
    };
  });

/** A word that is not known counts as cross: the whole balance is then taken to be at risk. */
export function marginModeOf(word: string | undefined, onUnknown: OnUnknown): MarginMode {
  if (word === 'ISOLATION' || word === 'ISOLATED') return 'isolated';
  if (word !== 'CROSS') onUnknown('marginMode', word ?? 'missing');
  return 'cross';
}

export const toLeverage = (
  row: unknown,
  onUnknown: OnUnknown,
): Mapped<{ leverage: number; marginMode: MarginMode }> =>
  mapRow(leverageRow, row, (wire) => ({
    value: { leverage: wire.leverage, marginMode: marginModeOf(wire.marginMode, onUnknown) },
  }));
