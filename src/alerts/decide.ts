import type { Finding } from '../domain/alert.ts';
import type { TradingMode } from '../domain/trading-mode.ts';
import { byImportance } from './importance.ts';
import { isPointless } from './inhibit.ts';

/**
 * The findings that are to be told, most important first, in the mode that they leave behind. Whether one was told before is the
 * outbox's to know: it refuses a key that it has.
 */
export const decideAlerts = (findings: readonly Finding[], mode: TradingMode): readonly Finding[] =>
  byImportance(findings.filter((each) => !isPointless(each, mode)));
