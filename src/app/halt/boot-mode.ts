import type { ModeState } from '../../domain/trading-mode.ts';
import { reasonOf } from '../reading/reading.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * The trading mode at start. A stored one is kept as it is. Nothing stored: `normal` for a first start in demo or paper, else
 * `halted`, because then the risk state was lost (`knownBefore`) or real money waits for the owner's word. A mode that cannot be
 * read is replaced by `halted`, with the reason.
 */
export async function bootMode(
  ports: Pick<Ports, 'mode' | 'clock' | 'venueMode'>,
  knownBefore: boolean,
): Promise<ModeState> {
  const at = ports.clock.now();
  try {
    const stored = await ports.mode.read();
    if (stored !== undefined) return stored;
  } catch (error) {
    const evidence = `${reasonOf(error)}, so trading starts halted.`;
    const event = {
      kind: 'tighten',
      to: 'halted',
      reason: { trigger: 'memory-lost', evidence, at },
    } as const;
    return (await ports.mode.apply(event)).state;
  }
  return ports.mode.initialise(firstMode({ at, knownBefore, real: ports.venueMode === 'live' }));
}

function firstMode(start: { at: number; knownBefore: boolean; real: boolean }): ModeState {
  const { at, knownBefore, real } = start;
  if (!knownBefore && !real) return { mode: 'normal', reasons: [], since: at };
  const reason = knownBefore
    ? {
        trigger: 'memory-lost',
        evidence: 'The store was empty although Vigil has run before: what it knew is lost.',
        at,
      }
    : {
        trigger: 'first-start',
        evidence: 'First start with real money: entries wait for your /resume.',
        at,
      };
  return { mode: 'halted', reasons: [reason], since: at };
}
