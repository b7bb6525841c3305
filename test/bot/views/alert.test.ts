import { describe, expect, it } from 'vitest';
import { alertParts, catchUpLine } from '../../../src/bot/views/alert.ts';
import type { Alert } from '../../../src/domain/alert.ts';

const ALERT: Alert = {
  key: 'flatten:1',
  kind: 'notice',
  severity: 'critical',
  title: 'Done: entry orders cancelled, positions closed',
  lines: [],
  at: 0,
  number: 7,
  status: 'sent',
  attempts: 1,
};
const textOf = (alert: Alert): string =>
  alertParts(alert, { venue: 'demo', repeat: false }, 4_096)[0].text;

describe('an alert', () => {
  it('that is loud and good news is not red', () => {
    const good: Alert = { ...ALERT, good: true };
    expect(textOf(good)).toMatch(/^✅ Done: /);
    expect(catchUpLine(good, false)).toMatch(/^✅ #7 Done: /);
  });

  it('is red where it is loud and no good news', () => {
    expect(textOf(ALERT)).toMatch(/^🔴 Done: /);
  });
});
