import { evidenceLines } from '../backtest/evidence.ts';
import type { FinishedSignal, OpenSignal } from '../backtest/ledger.ts';
import { FINDING } from '../backtest/measured.ts';
import type { Signal } from '../domain/signal.ts';
import type { Ports } from './ports.ts';
import { reasonOf } from './reading.ts';

/** What /evidence shows; a text stands for a ledger that could not be read. */
export interface Evidence {
  readonly finished: readonly FinishedSignal[] | string;
  readonly open: readonly OpenSignal[] | string;
}

/** Never rejects. */
export async function readEvidence({ ledger }: Pick<Ports, 'ledger'>): Promise<Evidence> {
  const none = 'signals are not followed here';
  const [finished, open] = await Promise.all([
    ledger?.finished().catch(reasonOf) ?? none,
    ledger?.open().catch(reasonOf) ?? none,
  ]);
  return { finished, open };
}

/** The lines on a signal's card: what such signals did before, and that no edge was found. Never rejects. */
export async function signalEvidence(
  ports: Pick<Ports, 'ledger'>,
  signal: Pick<Signal, 'score' | 'rewardRisk'>,
): Promise<readonly string[]> {
  const { finished } = await readEvidence(ports);
  return [
    `${FINDING} A score is a count, not a probability.`,
    ...evidenceLines(signal, typeof finished === 'string' ? undefined : finished),
  ];
}
