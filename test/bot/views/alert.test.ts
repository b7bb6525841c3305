import { describe, expect, it } from 'vitest';
import { alertView, catchUpLine } from '../../../src/bot/views/alert.ts';
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
const NOTE = { venue: 'demo', repeat: false };

describe('an alert', () => {
  it('that is loud and good news is not red', () => {
    const good: Alert = { ...ALERT, good: true };
    expect(alertView(good, NOTE).text).toMatch(/^✅ Done: /);
    expect(catchUpLine(good, false)).toMatch(/^✅ #7 Done: /);
  });

  it('is red where it is loud and no good news', () => {
    expect(alertView(ALERT, NOTE).text).toMatch(/^🔴 Done: /);
  });
});
