import {
  abs,
  add,
  mulDiv,
  notionalOf,
  sub,
  sumUsd,
  ZERO_USD,
  type Usd,
} from '../../domain/money/money.ts';
import type { ClosedPosition, Position } from '../../domain/position.ts';

/**
 * What the wallet would be if nothing had ever been traded: wallet minus the result of all trades. Only deposits, withdrawals
 * and bonuses change it.
 */
export interface WalletLedger {
  /** The net result of every position that closed since the ledger began. */
  readonly closedNet: Usd;
  /** Wallet minus results, as two readings in a row agreed on it. */
  readonly base: Usd;
  /** Another value that one reading gave; it counts when the next one gives it too. */
  readonly doubted?: Usd;
  /** Trial funds inside the wallet when `base` was agreed on. */
  readonly bonus: Usd;
}

/** Money that came (above 0) or went without a trade. `bonus`: the trial funds changed by just that much. */
export interface WalletChange {
  readonly amount: Usd;
  readonly bonus: boolean;
}

/** Differences below this part of the wallet are rounding: 0.05 %. */
const TOLERANCE_PARTS = 2_000n;

/**
 * The ledger after a reading, with a change when money came or went that no trade explains. The parts of a reading are taken at
 * slightly different moments, so a close may show in one of them and not yet in the other; a change therefore counts only when
 * two readings in a row show the same. `fresh`: positions that closed and were not counted before.
 */
export function advanceLedger(
  ledger: WalletLedger | undefined,
  reading: {
    readonly wallet: Usd;
    readonly bonus: Usd;
    readonly positions: readonly Position[];
    readonly fresh: readonly ClosedPosition[];
  },
): { readonly ledger: WalletLedger; readonly change: WalletChange | undefined } {
  const { bonus } = reading;
  const closedNet = add(
    ledger?.closedNet ?? ZERO_USD,
    sumUsd(reading.fresh.map((each) => each.net)),
  );
  // What positions have cost is part of it: while that is unknown, no money can be told from it.
  if (ledger !== undefined && reading.positions.some((each) => each.costsUnknown === true)) {
    return { ledger: { ...ledger, closedNet }, change: undefined };
  }
  const base = sub(sub(reading.wallet, closedNet), realisedOf(reading.positions));
  if (ledger === undefined) return { ledger: { closedNet, base, bonus }, change: undefined };
  const same = (a: Usd, b: Usd): boolean =>
    abs(sub(a, b)) <=
    (mulDiv(abs(reading.wallet), 1n, { c: TOLERANCE_PARTS, rounding: 'up' }) as Usd);
  if (isUnknownCost(sub(ledger.base, base), reading.fresh)) {
    return { ledger: { closedNet, base, bonus }, change: undefined };
  }
  if (same(base, ledger.base)) {
    return { ledger: { closedNet, base: ledger.base, bonus }, change: undefined };
  }
  if (ledger.doubted === undefined || !same(base, ledger.doubted)) {
    const before = { base: ledger.base, bonus: ledger.bonus };
    return { ledger: { closedNet, ...before, doubted: base }, change: undefined };
  }
  const amount = sub(base, ledger.base);
  const ofBonus = bonus !== ledger.bonus && same(amount, sub(bonus, ledger.bonus));
  return { ledger: { closedNet, base, bonus }, change: { amount, bonus: ofBonus } };
}

/** Fees and funding of a trade are below this part of its value at entry: 1 %. */
const MOST_COST_PARTS = 100n;

/** Whether so much that is missing can be what the closes with unknown costs have cost. It has lowered equity already, and is no withdrawal. */
function isUnknownCost(missing: Usd, fresh: readonly ClosedPosition[]): boolean {
  const values = fresh
    .filter((each) => each.costsUnknown === true)
    .map((each) => notionalOf(each.entryPrice, each.maxQty, 'up'));
  return missing > 0n && missing * MOST_COST_PARTS <= sumUsd(values);
}

/** What open positions have already added to, or taken from, the wallet: partial closes, fees and funding. */
const realisedOf = (positions: readonly Position[]): Usd =>
  sumUsd(positions.map((each) => add(sub(each.realisedGross, each.fees), each.funding)));
