import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import type { Finding } from '../../src/domain/alert.ts';
import { price, qty, ratio, usd } from '../../src/domain/money/money.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import type { ModeEvent } from '../../src/domain/trading-mode.ts';
import { account, NOW, position, stopFor } from '../risk/fixtures.ts';

export { NOW, riskState } from '../risk/fixtures.ts';

export const finding = (key: string, over: Partial<Finding> = {}): Finding => ({
  key,
  kind: 'notice',
  severity: 'warning',
  title: `Happening ${key}`,
  lines: ['One line with the figures.'],
  at: NOW,
  ...over,
});

export const tighten = (
  to: 'reduceOnly' | 'halted',
  trigger: string,
  at = NOW,
): Extract<ModeEvent, { kind: 'tighten' }> => ({
  kind: 'tighten',
  to,
  reason: { trigger, evidence: `because of ${trigger}`, at },
});

export function snapshot(at = NOW): AccountSnapshot {
  const open = position();
  return {
    account: account({ available: usd('1000.000000000000000001') }),
    positions: [open],
    protections: [stopFor(open, '98.5')],
    openOrders: [],
    unprotectedSince: new Map([[open.id, NOW]]),
    ledger: { closedNet: usd('0'), base: usd('1020'), bonus: usd('0') },
    at,
  };
}

const letter = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, '').slice(-8);

/** A pending proposal; its nonce follows from its id. */
export function proposal(id: string, over: Partial<Proposal> = {}): Proposal {
  return {
    id,
    nonce: `nonce${letter(id)}`.padEnd(22, '-'),
    signal: {
      id,
      symbol: 'ETHUSDT',
      side: 'long',
      entry: price('100'),
      stop: price('98'),
      target: price('106'),
      rewardRisk: 2.9,
      strategy: 'agreement',
      score: 80,
      criteria: [],
      atrFraction: 0.0075,
      turnover: 5_000_000,
      category: 'layer 1',
      candleClosedAt: NOW - 60_000,
    },
    plan: {
      entry: price('100'),
      qty: qty('0.123456789012345678'),
      notional: usd('12.3'),
      margin: usd('2.5'),
      leverage: 5,
      risk: usd('0.25'),
      riskFraction: ratio('0.00025'),
      fees: usd('0.015'),
      boundBy: 'risk per trade',
    },
    band: { low: price('99'), high: price('100.5') },
    status: 'pending',
    createdAt: NOW,
    deadline: NOW + 900_000,
    card: 'card',
    clientId: `vg${letter(id)}`,
    ...over,
  };
}
