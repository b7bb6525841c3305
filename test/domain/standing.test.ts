import { expect, it } from 'vitest';
import {
  LEASE_TIMES,
  mayAct,
  standingOf,
  type LeaseFacts,
} from '../../src/domain/process/standing.ts';

const { leaseMs, renewMs, askMs } = LEASE_TIMES;
/** Four fifths of the lease. */
const SURE_MS = 4_000;
const asked = { agoMs: 0, tookMs: askMs };

it.each<[string, LeaseFacts, string]>([
  ['that never held it', { heldMs: undefined }, 'stands by'],
  [
    'that never held it, and the store is away',
    { heldMs: undefined, unanswered: asked },
    'stands by',
  ],
  ['that has just renewed', { heldMs: 0 }, 'leads'],
  ['at the last moment of being sure', { heldMs: SURE_MS - 1 }, 'leads'],
  ['a moment later', { heldMs: SURE_MS }, 'unsure'],
  ['long after its lease, thawed', { heldMs: 20_000 }, 'unsure'],
  ['whose store gave no answer', { heldMs: SURE_MS, unanswered: asked }, 'last leader'],
  [
    'whose store gave no answer for an hour',
    { heldMs: 3_600_000, unanswered: asked },
    'last leader',
  ],
  [
    'whose question was waited for as long as can be',
    { heldMs: leaseMs, unanswered: { agoMs: 0, tookMs: askMs + 1_000 } },
    'last leader',
  ],
  [
    'that was frozen while it waited for an answer',
    { heldMs: 20_000, unanswered: { agoMs: 0, tookMs: askMs + 1_001 } },
    'unsure',
  ],
  [
    'whose next question is under way',
    { heldMs: 20_000, unanswered: { agoMs: renewMs + askMs + 1_000, tookMs: askMs } },
    'last leader',
  ],
  [
    'that was frozen between two questions',
    { heldMs: 20_000, unanswered: { agoMs: renewMs + askMs + 1_001, tookMs: askMs } },
    'unsure',
  ],
])('a process %s', (_what, facts, standing) => {
  expect(standingOf(facts, LEASE_TIMES)).toBe(standing);
  expect(mayAct(standingOf(facts, LEASE_TIMES))).toBe(
    standing === 'leads' || standing === 'last leader',
  );
});

it('stops leading before the store can give the lease to another process', () => {
  for (let heldMs = 0; heldMs <= leaseMs; heldMs += 1) {
    if (standingOf({ heldMs }, LEASE_TIMES) === 'leads') expect(heldMs).toBeLessThan(leaseMs);
  }
  expect(SURE_MS + renewMs + askMs).toBeGreaterThan(leaseMs);
  expect(renewMs + askMs).toBeLessThan(SURE_MS);
});
