import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleBy, type Qty, type Ratio } from '../../src/domain/money/money.ts';
import { transitionMode } from '../../src/domain/trading-mode.ts';
import { correlatedSameSide } from '../../src/risk/portfolio/correlation.ts';
import { evaluateStop } from '../../src/risk/stop/emergency-stop.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { type RiskLimits, LIMIT_IDS, limitOf, type LimitId } from '../../src/risk/terms/limits.ts';
import { updateRiskState } from '../../src/risk/state/risk-state.ts';
import { NORMAL, NOW } from '../risk/fixtures.ts';
import { anySituation, type Situation } from './situations.ts';

/** What may be bought: the memory is brought up to date, the emergency stop looks, then the gate. 0 where one says no. */
function allowed({ input, market, ...seen }: Situation, limits: RiskLimits): Qty {
  const { account, positions = [], state: stored, candidate, now } = input;
  if (account === undefined || stored === undefined)
    throw new Error('a situation knows its account');
  const reading = { account, positions, closed: seen.closed, now };
  // The counts of trades are the situation's own: positions of the fixtures were opened today.
  const { state: read } = updateRiskState(stored, reading, limits);
  const { tradesToday, failedReads } = stored;
  const state = { ...read, tradesToday, failedReads };
  const priceAt = new Map(positions.map((each) => [each.symbol, NOW]));
  const health = { accountReadAt: account.at, failedReads, priceAt };
  const report = evaluateStop({ ...input, state, health, market, limits, mode: NORMAL });
  const mode = report.tightenings.reduce(transitionMode, NORMAL);
  const correlated = correlatedSameSide(candidate, { positions, returns: seen.returns }, limits);
  const verdict = checkEntry({ ...input, state, mode, limits, correlatedSameSide: correlated });
  return verdict.kind === 'approved' ? verdict.entry.qty : (0n as Qty);
}

/** Counts and times move by whole ones, at least by one; the rest by a share, at least by its last digit. */
function tightened(limits: RiskLimits, id: LimitId, share: number): RiskLimits {
  const up = limitOf(id).tighter === 'higher';
  const value = limits[id];
  if (typeof value === 'bigint') {
    const part = scaleBy(value, BigInt(Math.round(share * 1e18)) as Ratio, 'down');
    const by = part > 0n ? part : 1n;
    return { ...limits, [id]: up ? value + 3n * by : value - by };
  }
  const whole = Number.isInteger(value) && value > 10 ? 1 : 1e-9;
  const by = Math.max(whole, whole === 1 ? Math.round(value * share) : value * share);
  const count = id.startsWith('max') || id === 'lossStreak';
  if (count && id !== 'maxStop') return { ...limits, [id]: Math.max(0, Math.floor(value - by)) };
  return { ...limits, [id]: up ? value + 3 * by : Math.max(0, value - by) };
}

const anyShare = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 0.9, noNaN: true }));
/**
 * The smallest trade is a share of the usual risk: a tighter risk per trade makes it smaller, and higher costs make more of the loss
 * at a stop. For these the law is that of the other limits alone.
 */
const MOVES_THE_SMALLEST: readonly LimitId[] = ['riskPerTrade', 'takerFee', 'slippage'];
const withoutSmallest = (limits: RiskLimits): RiskLimits => ({
  ...limits,
  smallestTrade: 1n as Ratio,
});

/** Each of them tries every limit. */
const RUNS = 160;

const DIRECTED = LIMIT_IDS.filter((id) => limitOf(id).tighter !== 'either');

describe('a tighter limit', () => {
  it(`never approves more, nor a larger quantity: all ${DIRECTED.length} limits that have a tighter side`, () => {
    const bites = new Set<LimitId>();
    let approved = 0;
    fc.assert(
      fc.property(anySituation, anyShare, (situation, share) => {
        const { limits } = situation.input;
        const before = allowed(situation, limits);
        if (before > 0n) approved += 1;
        for (const id of DIRECTED) {
          const base = MOVES_THE_SMALLEST.includes(id) ? withoutSmallest(limits) : limits;
          const most = base === limits ? before : allowed(situation, base);
          const after = allowed(situation, tightened(base, id, share));
          expect(after <= most, `${id} by ${share}: ${after} is more than ${most}`).toBe(true);
          if (after < most) bites.add(id);
        }
      }),
      { numRuns: RUNS },
    );
    // Situations that are never approved, and limits that never bind, would make the law say nothing.
    expect(approved).toBeGreaterThan(RUNS / 5);
    expect(bites.size).toBeGreaterThan(DIRECTED.length / 2);
  });
});
