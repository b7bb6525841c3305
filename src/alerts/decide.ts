import type { AlertKind, Finding } from '../domain/alert.ts';
import type { Timestamp } from '../domain/time.ts';
import { notYetTold } from './dedupe.ts';
import { byImportance } from './importance.ts';
import { inhibitedBy, type Situation } from './inhibit.ts';
import { heldUntil, type QuietHours } from './quiet-hours.ts';

export interface AlertContext {
  readonly situation: Situation;
  readonly quietHours: QuietHours | undefined;
  /** Kinds that the owner muted. Critical ones are told all the same. */
  readonly muted: ReadonlySet<AlertKind>;
  readonly told: { has(key: string): boolean };
  readonly now: Timestamp;
}

/** What becomes of each new finding. Together the three lists hold every finding that was not told before, once. */
export interface AlertDecision {
  /** To be sent now, most important first. */
  readonly send: readonly Finding[];
  /** To be sent when the quiet hours end. */
  readonly hold: readonly { readonly finding: Finding; readonly until: Timestamp }[];
  /** Not sent, but kept for the catch-up list. */
  readonly silence: readonly { readonly finding: Finding; readonly because: AlertKind | 'muted' }[];
}

/** The way of a finding: told already? silenced by greater trouble? muted? quiet hours? else sent. */
export function decideAlerts(findings: readonly Finding[], context: AlertContext): AlertDecision {
  const fresh = byImportance(notYetTold(findings, context.told));
  const send: Finding[] = [];
  const hold: { finding: Finding; until: Timestamp }[] = [];
  const silence: { finding: Finding; because: AlertKind | 'muted' }[] = [];
  for (const finding of fresh) {
    const greater = inhibitedBy(finding, context.situation, fresh);
    const until = heldUntil(finding, context.quietHours, context.now);
    if (greater !== undefined) silence.push({ finding, because: greater });
    else if (context.muted.has(finding.kind) && finding.severity !== 'critical') {
      silence.push({ finding, because: 'muted' });
    } else if (until !== undefined) hold.push({ finding, until });
    else send.push(finding);
  }
  return { send, hold, silence };
}
