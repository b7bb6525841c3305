import type { Finding } from '../../src/domain/alert.ts';
import { price, qty, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { ClosedPosition, Position, ProtectiveOrder } from '../../src/domain/position.ts';

/** 2025-10-10 21:15 UTC. */
export const NOW = Date.UTC(2025, 9, 10, 21, 15);

export const position = (over: Partial<Position> = {}): Position => ({
  id: 'p1',
  symbol: 'ETHUSDT',
  side: 'long',
  qty: qty('0.5'),
  entryPrice: price('3000'),
  leverage: 5,
  marginMode: 'isolated',
  margin: usd('300'),
  unrealisedPnl: ZERO_USD,
  realisedGross: ZERO_USD,
  fees: ZERO_USD,
  funding: ZERO_USD,
  liquidationPrice: price('2420'),
  openedAt: NOW - 3_600_000,
  updatedAt: NOW,
  ...over,
});

export const protection = (over: Partial<ProtectiveOrder> = {}): ProtectiveOrder => ({
  id: 't1',
  positionId: 'p1',
  symbol: 'ETHUSDT',
  stopPrice: price('2955'),
  targetPrice: price('3120'),
  ...over,
});

export const closedPosition = (over: Partial<ClosedPosition> = {}): ClosedPosition => ({
  id: 'p1',
  symbol: 'ETHUSDT',
  side: 'long',
  maxQty: qty('0.5'),
  entryPrice: price('3000'),
  closePrice: price('2954.2'),
  leverage: 5,
  fees: usd('1.79'),
  funding: usd('-0.12'),
  gross: usd('-22.9'),
  net: usd('-24.81'),
  liquidated: false,
  openedAt: NOW - 3_600_000,
  closedAt: NOW,
  ...over,
});

export const finding = (over: Partial<Finding> = {}): Finding => ({
  key: 'k',
  kind: 'notice',
  severity: 'info',
  title: 'a thing happened',
  lines: [],
  at: NOW,
  ...over,
});
