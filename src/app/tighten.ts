import { modeChanged } from '../alerts/rules/halt.ts';
import type { ModeEvent } from '../domain/trading-mode.ts';
import type { Ports } from './ports.ts';

/**
 * An automatic tightening: stored at once together with its alert, then entry orders are cancelled where it halts. Never
 * closes a position.
 */
export async function tighten(
  ports: Pick<Ports, 'mode' | 'work' | 'clock'>,
  event: Extract<ModeEvent, { kind: 'tighten' }>,
): Promise<void> {
  const { state, changed } = await ports.mode.apply(event, (before, after) => {
    const finding = modeChanged(before, after);
    return finding === undefined ? [] : [finding];
  });
  if (!changed || state.mode !== 'halted') return;
  await ports.work.flatten({
    id: `halt-${event.reason.at}`,
    by: 'emergency-stop',
    closePositions: false,
    at: event.reason.at,
  });
}
