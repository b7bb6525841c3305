import type { Tpsl, TpslStatus } from '../account.ts';
import type { Desk } from '../context.ts';
import { remember } from '../remember.ts';

/** Puts a TP/SL in force and says so. The system may take it away at once. */
export function armTpsl(desk: Desk, tpsl: Tpsl): void {
  const { ctx, account } = desk;
  account.tpsl.set(tpsl.id, tpsl);
  ctx.emit(account, { kind: 'tpsl', event: 'CREATE', tpsl });
  if (ctx.faults.happens('tpsl-system-cancel')) endTpsl(desk, tpsl, 'SYSTEM_CANCELED');
}

/** Moves a TP/SL that has reached its last status into the history and says so. */
export function endTpsl(desk: Desk, tpsl: Tpsl, status: TpslStatus): void {
  const { ctx, account } = desk;
  tpsl.status = status;
  tpsl.mtime = ctx.time;
  if (status === 'FILLED' || status === 'FAILED') tpsl.triggerTime = ctx.time;
  account.tpsl.delete(tpsl.id);
  remember(account.tpslHistory, tpsl);
  ctx.emit(account, { kind: 'tpsl', event: 'CLOSE', tpsl });
}
