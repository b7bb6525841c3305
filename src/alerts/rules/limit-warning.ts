import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** What the emergency stop reports about a limit that is nearly used up. */
export interface LimitUseWarning {
  readonly key: string;
  readonly label: string;
  readonly usedPercent: number;
  readonly sentence: string;
  readonly contributors: readonly string[];
  readonly trend?: string;
}

/** A limit is used by 60 or 80 %: time to look before it trips. */
export const limitWarning = (warning: LimitUseWarning, now: Timestamp): Finding => ({
  key: `limit-warning:${warning.key}`,
  kind: 'limit-warning',
  severity: 'warning',
  title:
    warning.usedPercent < 100
      ? `${warning.usedPercent} % of the limit for ${warning.label} is used`
      : `The limit for ${warning.label} is used up: ${warning.usedPercent} % of it`,
  lines: [
    warning.sentence,
    ...(warning.trend === undefined ? [] : [warning.trend]),
    ...warning.contributors,
    `${warning.usedPercent < 100 ? 'When it is used up' : 'Until less is used'} no new trade is opened; open positions and their stops stay as they are. /risk shows all limits.`,
  ],
  at: now,
});
