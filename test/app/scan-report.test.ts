import { expect, it } from 'vitest';
import { nextReport } from '../../src/app/scan/scan-report.ts';
import { signalsView } from '../../src/bot/views/signals.ts';
import type { ScanEntry, ScanReport } from '../../src/domain/scan-report.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { PROPOSAL } from '../bot/samples.ts';

const CLOSE = Date.UTC(2026, 0, 23, 8);
const COUNTS = { universe: 1, scored: ['AUSDT'], unscored: [], silent: [] };

const entry = (id: string, fate: ScanEntry['fate'], strategy = 'breakdown'): ScanEntry => ({
  signal: { ...PROPOSAL.signal, id, symbol: `${id}USDT`, strategy, candleClosedAt: CLOSE },
  fate,
  refusals: [],
});

/** The report of the candle that closed so many hours later, a minute after it. */
function hoursLater(latest: ScanReport | undefined, hours: number, entries: readonly ScanEntry[]) {
  const candleOpenTime = CLOSE + (hours - 1) * HOUR;
  const clock = { now: CLOSE + hours * HOUR + MINUTE, speed: 1 };
  const report = nextReport(latest, { ...COUNTS, candleOpenTime, entries }, clock);
  if (report === undefined) throw new Error('nothing new');
  return report;
}

const listed = (report: ScanReport) => report.earlier?.map(({ signal }) => signal.id);

it('what was found at a 4 h close stays listed until it lapses, without what had a card', () => {
  const at8 = hoursLater(undefined, 0, [
    entry('A', 'proposed'),
    entry('B', 'not best'),
    entry('C', 'refused'),
    entry('D', 'watched', 'agreement'),
  ]);
  expect(listed(at8)).toBeUndefined();
  const at9 = hoursLater(at8, 1, []);
  expect(at9.found).toEqual([]);
  expect(listed(at9)).toEqual(['B', 'C']);
  // A later sweep of the same candle keeps them; what it finds late is listed once.
  const again = hoursLater(at9, 1, [entry('B', 'not best')]);
  expect(again.found.map(({ signal }) => signal.id)).toEqual(['B']);
  expect(listed(again)).toEqual(['C']);
  expect(listed(hoursLater(at9, 2, []))).toBeUndefined();

  const scene = { now: CLOSE + HOUR, venueMode: 'demo', speed: 1 } as const;
  const { text } = signalsView({ scan: at9, pending: [] }, undefined, scene);
  expect(text).toContain('Nothing passed.');
  expect(text).toMatch(/• BUSDT \w+, breakdown.* from the close at 2026-01-23 08:00 UTC, not best/);
  expect(signalsView({ scan: at8, pending: [] }, undefined, scene).text).not.toContain('from the');
});
