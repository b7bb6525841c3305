import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_KINDS, SEVERITIES } from '../../src/domain/alert.ts';
import { TRADING_MODES } from '../../src/domain/trading-mode.ts';
import { decideAlerts } from '../../src/alerts/decide.ts';
import { byImportance } from '../../src/alerts/importance.ts';
import { finding } from './fixtures.ts';

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
  const told = (mode: (typeof TRADING_MODES)[number]): readonly string[] =>
    decideAlerts(
      ALERT_KINDS.map((kind) => finding({ key: kind, kind, severity: 'warning' })),
      mode,
    ).map((each) => each.key);

  it('leaves out signals and limit warnings in a halt, signals on hold, and nothing else', () => {
    const all = [...ALERT_KINDS].toSorted();
    expect(told('normal').toSorted()).toEqual(all);
    expect(told('reduceOnly').toSorted()).toEqual(all.filter((each) => each !== 'signal'));
    expect(told('halted').toSorted()).toEqual(
      all.filter((each) => each !== 'signal' && each !== 'limit-warning'),
    );
  });

  it('tells every critical finding in every mode, before all others', () => {
    const anyFinding = fc.record({
      key: fc.integer({ min: 0, max: 20 }).map(String),
      kind: fc.constantFrom(...ALERT_KINDS),
      severity: fc.constantFrom(...SEVERITIES),
      title: fc.constant('t'),
      lines: fc.constant([]),
      at: fc.integer({ min: 0, max: 1e12 }),
    });
    fc.assert(
      fc.property(fc.array(anyFinding), fc.constantFrom(...TRADING_MODES), (findings, mode) => {
        const out = decideAlerts(findings, mode);
        const critical = findings.filter((each) => each.severity === 'critical');
        expect(new Set(out.slice(0, critical.length))).toEqual(new Set(critical));
      }),
    );
  });
});
