import type { ModeState } from '../../domain/trading-mode.ts';
import { formatUtc } from '../../domain/time.ts';
import { howLifted } from '../../domain/trigger.ts';

const MEANING: Record<ModeState['mode'], string> = {
  normal: 'normal: new entries are possible after your approval',
  reducing: 'reducing: no new entries; closing stays possible',
  halted: 'HALTED: no new entries; closing stays possible',
};

/** The trading mode and every reason for it, one line each. */
export function modeLines(mode: ModeState | string | undefined): readonly string[] {
  if (mode === undefined) return ['Trading: not stored, so entries are held'];
  if (typeof mode === 'string') return [`Trading: unavailable (${mode}); entries are held`];
  return [
    `Trading: ${MEANING[mode.mode]}`,
    ...mode.reasons.flatMap((each) => [
      `• ${each.evidence} (${formatUtc(each.at)})`,
      `  Lifted by: ${howLifted(each.trigger)}`,
    ]),
    ...(mode.coolOffUntil === undefined
      ? []
      : [`• Pause: entries wait until ${formatUtc(mode.coolOffUntil)}, also after /resume`]),
  ];
}
