import { formatDec, type Dec } from '../../decimal.ts';
import type { Tpsl, ConditionalOrder } from '../../engine/account.ts';
import { instrumentAt, type Desk, type EngineContext } from '../../engine/context.ts';
import { count, legRow, type Row } from './rows.ts';

/** The TP/SL list of an account, oldest first. */
export function tpslRows({ ctx, account }: Desk): Row[] {
  const whole = ctx.quirks.positionTpslQty === 'whole';
  return [...account.tpsl.values()].map((tpsl) =>
    tpslRow(ctx, tpsl, whole ? account.positions.get(tpsl.positionId)?.qty : undefined),
  );
}

/** A TP/SL. `whole` is the position's quantity, printed for a position's own TP/SL where the venue is set to. */
function tpslRow(ctx: EngineContext, tpsl: Tpsl, whole?: Dec): Row {
  const qtyOf = (leg: ConditionalOrder | undefined): string | null => {
    const qty = leg === undefined ? undefined : (leg.qty ?? whole);
    return qty === undefined ? null : formatDec(qty);
  };
  return {
    id: tpsl.id,
    positionId: tpsl.positionId,
    symbol: tpsl.symbol,
    base: instrumentAt(ctx, tpsl.index).base,
    quote: 'USDT',
    ...legRow('tp', tpsl.tp),
    ...legRow('sl', tpsl.sl),
    tpQty: qtyOf(tpsl.tp),
    slQty: qtyOf(tpsl.sl),
  };
}

export function closedTpslRow(ctx: EngineContext, tpsl: Tpsl): Row {
  return {
    ...tpslRow(ctx, tpsl),
    status: tpsl.status,
    ctime: count(ctx, tpsl.ctime),
    triggerTime: tpsl.triggerTime === undefined ? null : count(ctx, tpsl.triggerTime),
  };
}
