import type { ModeState } from '../../domain/trading-mode.ts';
import { formatUtc } from '../../domain/time.ts';
import { howLifted } from '../../app/halt/how-lifted.ts';

const MEANING: Record<ModeState['mode'], string> = {
  normal: 'normal: new entries are possible after your approval',
  reduceOnly: 'new trades are paused; closing stays possible',
  halted: 'HALTED: no new trades; closing stays possible',
};

/** The trading mode and every reason for it, one line each, with what lifts it; `lifts` false where the owner is just resuming. */
export function modeLines(
  mode: ModeState | string | undefined,
  { lifts = true }: { readonly lifts?: boolean } = {},
): readonly string[] {
  if (mode === undefined) return ['Trading: not stored, so new trades are paused'];
  if (typeof mode === 'string') return [`Trading: unavailable (${mode}); new trades are paused`];
  return [
    `Trading: ${MEANING[mode.mode]}`,
    ...mode.reasons.flatMap((each) => [
      `• ${each.evidence} (${formatUtc(each.at)})`,
      ...(lifts ? [`  ${howLifted(each.trigger)}`] : []),
    ]),
    ...(mode.coolOffUntil === undefined
      ? []
      : [`• Cool-off: new trades wait until ${formatUtc(mode.coolOffUntil)}, also after /resume`]),
  ];
}
