import type { AlertKind, Finding } from '../domain/alert.ts';
import type { TradingMode } from '../domain/trading-mode.ts';

/** A greater trouble makes these lesser alerts pointless: whoever reads of it knows why they would come. */
const SILENCED: Record<TradingMode, readonly AlertKind[]> = {
  normal: [],
  reduceOnly: ['signal'],
  halted: ['signal', 'limit-warning'],
};

/** Whether the mode says already what this finding would. A critical one never is. */
export const isPointless = (finding: Finding, mode: TradingMode): boolean =>
  finding.severity !== 'critical' && SILENCED[mode].includes(finding.kind);
