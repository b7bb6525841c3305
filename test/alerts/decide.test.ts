import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_KINDS, SEVERITIES, type AlertKind } from '../../src/domain/alert.ts';
import { decideAlerts, type AlertContext } from '../../src/alerts/decide.ts';
import { byImportance } from '../../src/alerts/importance.ts';
import { inhibitedBy } from '../../src/alerts/inhibit.ts';
import { heldUntil, isQuiet } from '../../src/alerts/quiet-hours.ts';
import { finding, NOW } from './fixtures.ts';

const NIGHT = { fromMinute: 22 * 60, toMinute: 7 * 60, utcOffsetMinutes: 120 };
const CALM = { mode: 'normal', connectionLost: false } as const;

const context = (over: Partial<AlertContext> = {}): AlertContext => ({
  situation: CALM,
  quietHours: undefined,
  muted: new Set<AlertKind>(),
  told: new Set<string>(),
  now: NOW,
  ...over,
});

describe('quiet hours from 22:00 to 07:00 at UTC+2', () => {
  const at = (hour: number, minute: number, second = 0): number =>
    Date.UTC(2025, 9, 10, hour, minute, second);

  it.each([
    [at(19, 59, 59), false],
    [at(20, 0), true],
    [at(4, 59, 59), true],
    [at(5, 0), false],
  ])('at %d is quiet: %s', (now, quiet) => {
    expect(isQuiet(NIGHT, now)).toBe(quiet);
  });

  it('hold a warning until their end, to the minute', () => {
    expect(heldUntil(finding({ severity: 'warning' }), NIGHT, at(21, 15, 30))).toBe(
      Date.UTC(2025, 9, 11, 5),
    );
  });

  it('never hold a critical finding', () => {
    expect(heldUntil(finding({ severity: 'critical' }), NIGHT, at(21, 15))).toBeUndefined();
  });

  it('are none when they begin where they end', () => {
    expect(isQuiet({ fromMinute: 60, toMinute: 60, utcOffsetMinutes: 0 }, at(1, 0))).toBe(false);
  });

  it('hold until a moment that is quiet no more and never in the past', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const offset = fc.integer({ min: -720, max: 840 });
    fc.assert(
      fc.property(
        minute,
        minute,
        fc.record({ offset, now: fc.integer({ min: 0, max: 4e12 }) }),
        (fromMinute, toMinute, rest) => {
          const hours = { fromMinute, toMinute, utcOffsetMinutes: rest.offset };
          const until = heldUntil(finding(), hours, rest.now);
          if (until === undefined) return !isQuiet(hours, rest.now);
          return until > rest.now && !isQuiet(hours, until) && until - rest.now <= 86_400_000;
        },
      ),
    );
  });
});

describe('inhibition', () => {
  it('silences signals and limit warnings in a halt', () => {
    const halted = { mode: 'halted', connectionLost: false } as const;
    expect(inhibitedBy(finding({ kind: 'signal' }), halted)).toBe('halt');
    expect(inhibitedBy(finding({ kind: 'limit-warning', severity: 'warning' }), halted)).toBe(
      'halt',
    );
    expect(inhibitedBy(finding({ kind: 'position-closed' }), halted)).toBeUndefined();
  });

  it('silences disagreeing feeds while the connection is lost', () => {
    const lost = { mode: 'normal', connectionLost: true } as const;
    expect(inhibitedBy(finding({ kind: 'feeds-disagree', severity: 'warning' }), lost)).toBe(
      'connection-lost',
    );
  });

  it('sees a halt that comes in the same batch', () => {
    const halt = finding({ kind: 'halt', severity: 'critical' });
    expect(inhibitedBy(finding({ kind: 'signal' }), CALM, [halt])).toBe('halt');
  });

  it('never silences a critical finding', () => {
    for (const kind of ALERT_KINDS) {
      const worst = { mode: 'halted', connectionLost: true } as const;
      expect(inhibitedBy(finding({ kind, severity: 'critical' }), worst)).toBeUndefined();
    }
  });
});

describe('byImportance', () => {
  it('puts critical before warning before info, and danger before news', () => {
    const sorted = byImportance([
      finding({ key: 'a', kind: 'signal' }),
      finding({ key: 'b', kind: 'stop-hit', severity: 'warning' }),
      finding({ key: 'c', kind: 'halt', severity: 'critical' }),
      finding({ key: 'd', kind: 'unprotected', severity: 'critical' }),
    ]);
    expect(sorted.map((each) => each.key)).toEqual(['d', 'c', 'b', 'a']);
  });
});

describe('decideAlerts', () => {
  const anyFinding = fc.record({
    key: fc.integer({ min: 0, max: 20 }).map(String),
    kind: fc.constantFrom(...ALERT_KINDS),
    severity: fc.constantFrom(...SEVERITIES),
    title: fc.constant('t'),
    lines: fc.constant([]),
    at: fc.integer({ min: 0, max: 1e12 }),
  });
  const anyContext = fc.record({
    situation: fc.record({
      mode: fc.constantFrom('normal' as const, 'reducing' as const, 'halted' as const),
      connectionLost: fc.boolean(),
    }),
    quietHours: fc.constantFrom(undefined, NIGHT),
    muted: fc.uniqueArray(fc.constantFrom(...ALERT_KINDS)).map((kinds) => new Set(kinds)),
    told: fc.uniqueArray(fc.integer({ min: 0, max: 20 }).map(String)).map((keys) => new Set(keys)),
    now: fc.constant(NOW),
  });

  it('accounts for every new finding exactly once and for no told one', () => {
    fc.assert(
      fc.property(fc.array(anyFinding), anyContext, (findings, about) => {
        const { send, hold, silence } = decideAlerts(findings, about);
        const out = [
          ...send,
          ...hold.map((each) => each.finding),
          ...silence.map((each) => each.finding),
        ];
        const fresh = new Set(
          findings.map((each) => each.key).filter((key) => !about.told.has(key)),
        );
        expect(out.map((each) => each.key).toSorted()).toEqual([...fresh].toSorted());
      }),
    );
  });

  it('sends every critical finding at once whatever else is set', () => {
    fc.assert(
      fc.property(fc.array(anyFinding), anyContext, (findings, about) => {
        const { hold, silence } = decideAlerts(findings, about);
        const waiting = [
          ...hold.map((each) => each.finding),
          ...silence.map((each) => each.finding),
        ];
        expect(waiting.filter((each) => each.severity === 'critical')).toEqual([]);
      }),
    );
  });

  it('tells the same happening once within a batch', () => {
    expect(decideAlerts([finding(), finding()], context()).send).toHaveLength(1);
  });

  it('says what silenced a finding', () => {
    const decision = decideAlerts(
      [finding({ kind: 'signal' })],
      context({ muted: new Set(['signal']) }),
    );
    expect(decision.silence.map((each) => each.because)).toEqual(['muted']);
  });
});
