import type { AlertKind, Finding } from '../domain/alert.ts';
import type { TradingMode } from '../domain/trading-mode.ts';

/** What is already known to be wrong. */
export interface Situation {
  readonly mode: TradingMode;
  /** A feed of the exchange is lost at the moment. */
  readonly connectionLost: boolean;
}

/** A greater trouble makes these lesser alerts pointless: whoever reads it knows why they would come. */
const INHIBITIONS: readonly {
  readonly by: AlertKind;
  readonly active: (situation: Situation) => boolean;
  readonly silences: readonly AlertKind[];
}[] = [
  { by: 'halt', active: ({ mode }) => mode === 'halted', silences: ['signal', 'limit-warning'] },
  { by: 'halt', active: ({ mode }) => mode === 'reducing', silences: ['signal'] },
  {
    by: 'connection-lost',
    active: ({ connectionLost }) => connectionLost,
    silences: ['feeds-disagree', 'signal', 'limit-warning'],
  },
];

/**
 * The kind of the greater trouble that silences this finding; undefined when it is to be told. A halt or a lost connection in the
 * same batch counts as already there. Critical findings are never silenced.
 */
export function inhibitedBy(
  finding: Finding,
  situation: Situation,
  batch: readonly Finding[] = [],
): AlertKind | undefined {
  if (finding.severity === 'critical') return undefined;
  const halts = batch.some((each) => each.kind === 'halt' && each.severity === 'critical');
  const now: Situation = {
    mode: halts ? 'halted' : situation.mode,
    connectionLost:
      situation.connectionLost || batch.some((each) => each.kind === 'connection-lost'),
  };
  return INHIBITIONS.find((rule) => rule.silences.includes(finding.kind) && rule.active(now))?.by;
}
