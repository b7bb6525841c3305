import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equityOf } from '../../src/domain/account.ts';
import type { RiskTier } from '../../src/domain/instrument.ts';
import {
  notionalOf,
  ONE_RATIO,
  scaleBy,
  sub,
  toNumber,
  type Usd,
} from '../../src/domain/money/money.ts';
import { rewardAndRisk, rewardRiskOf } from '../../src/domain/money/reward-risk.ts';
import { checkEntry, type ApprovedEntry } from '../../src/risk/gate/gate.ts';
import { heatOf } from '../../src/risk/terms/heat.ts';
import { unitLossAtStop } from '../../src/risk/terms/costs.ts';
import { account } from '../risk/fixtures.ts';
import { anySituation } from './situations.ts';

const anyInput = anySituation.map((each) => each.input);

/** Where an isolated position is liquidated, in plain numbers: the maintenance taken at entry, or at the price itself for a short. */
function liquidationOf({ side, referencePrice, leverage }: ApprovedEntry, tier?: RiskTier): number {
  const entry = toNumber(referencePrice);
  const maintenance = toNumber(tier?.maintenanceRate ?? ONE_RATIO);
  return side === 'long'
    ? entry * (1 + maintenance - 1 / leverage)
    : (entry * (1 + 1 / leverage)) / (1 + maintenance);
}

const RUNS = 400;

describe('the gate', () => {
  it('approves often enough in these situations for the law to mean something', () => {
    const sample = fc.sample(anyInput, { numRuns: RUNS, seed: 5 });
    const approvals = sample.filter((each) => checkEntry(each).kind === 'approved').length;
    expect(approvals).toBeGreaterThan(RUNS / 5);
  });

  it('approves only what keeps every money limit, measured again from outside', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const verdict = checkEntry(input);
        if (verdict.kind === 'refused') return;
        const { plan } = verdict.entry;
        const { account: read, positions, protections, limits, instrument: rules } = input;
        if (read === undefined || positions === undefined || protections === undefined)
          throw new Error('approved blind');
        const equity = equityOf(read);
        const heat = heatOf(positions, protections, { equity, costs: limits }).loss ?? equity;
        expect(plan.risk <= scaleBy(equity, limits.riskPerTrade, 'up')).toBe(true);
        expect(plan.margin <= scaleBy(equity, limits.marginPerPosition, 'up')).toBe(true);
        expect(plan.margin + plan.fees <= read.available).toBe(true);
        expect(plan.leverage).toBeLessThanOrEqual(limits.maxLeverage);
        expect(heat + plan.risk <= scaleBy(equity, limits.maxHeat, 'up') + 10n).toBe(true);
        expect(plan.qty % (rules?.step ?? 1n)).toBe(0n);
        expect(plan.notional).toBe(notionalOf(plan.entry, plan.qty, 'up'));
        // What a card shows adds up: entry, stop, target and quantity give its loss and its reward to risk.
        const { side, stop: at, target } = verdict.entry;
        const shown = { side, entry: plan.entry, stop: at, target };
        expect(plan.risk).toBe(notionalOf(unitLossAtStop(shown, limits).loss, plan.qty, 'up'));
        expect(plan.rewardRisk).toBe(rewardRiskOf(rewardAndRisk(shown, limits.takerFee)));
        const tier = input.tiers?.find((each) => plan.notional <= each.to);
        expect(tier?.maxLeverage).toBeGreaterThanOrEqual(plan.leverage);
        const liquidation = Math.abs(
          toNumber(input.candidate.entry) - liquidationOf(verdict.entry, tier),
        );
        const stop = Math.abs(toNumber(input.candidate.entry) - toNumber(input.candidate.stop));
        expect(liquidation).toBeGreaterThan(limits.liquidationStopMultiple * stop);
      }),
      { numRuns: RUNS },
    );
  });

  it('refuses with at least one reason whenever an input is missing, whatever the rest says', () => {
    const keys = [
      'account',
      'positions',
      'protections',
      'openEntryOrders',
      'instrument',
      'tiers',
      'mark',
      'state',
      'mode',
      'inFlight',
    ] as const;
    fc.assert(
      fc.property(anyInput, fc.subarray([...keys], { minLength: 1 }), (input, missing) => {
        const blind = { ...input, ...Object.fromEntries(missing.map((key) => [key, undefined])) };
        const verdict = checkEntry(blind);
        expect(verdict.kind).toBe('refused');
        if (verdict.kind === 'refused')
          expect(verdict.refusals.length).toBeGreaterThanOrEqual(missing.length);
      }),
    );
  });

  it('refuses without throwing for broken prices, scores and balances', () => {
    const odd = fc.constantFrom(0n, -1n, 1n, 10n ** 18n, -(10n ** 24n), 10n ** 30n);
    const oddNumber = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e300);
    fc.assert(
      fc.property(
        anyInput,
        fc.tuple(odd, odd, odd, odd),
        fc.tuple(oddNumber, oddNumber),
        (input, [entry, stop, target, available], [score, atr]) => {
          const candidate = {
            ...input.candidate,
            entry: entry as typeof input.candidate.entry,
            stop: stop as typeof input.candidate.stop,
            target: target as typeof input.candidate.target,
            score,
            atrFraction: atr,
          };
          const read = account({ available: available as Usd });
          const verdict = checkEntry({ ...input, candidate, account: read });
          expect(verdict.kind === 'refused' ? verdict.refusals.length : 0).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('gives the same verdict for the same input', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(checkEntry(input)).toEqual(checkEntry(input));
      }),
    );
  });

  it('counts a loss of the day against a new trade, so that risk and loss together keep the limit', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const verdict = checkEntry(input);
        if (verdict.kind === 'refused' || input.state === undefined || input.account === undefined)
          return;
        const lost = sub(input.state.dayStartEquity, equityOf(input.account));
        const limit = scaleBy(input.state.dayStartEquity, input.limits.dailyLoss, 'up');
        expect(verdict.entry.plan.risk + lost <= limit).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
