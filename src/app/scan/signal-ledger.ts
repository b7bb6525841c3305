import {
  admitSignal,
  advanceSignal,
  endSilent,
  hasEnded,
  intervalOf,
  silentAfter,
  type Ended,
  type FinishedSignal,
  type OpenSignal,
} from '../../backtest/trade/ledger.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Candle, Interval } from '../../domain/candle.ts';
import type { Timestamp } from '../../domain/time.ts';
import { withoutBadTicks } from '../../indicators/bad-tick.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { ScanEntry } from '../../domain/scan-report.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Follows every live signal on closed candles, whatever became of it: first the known ones advance, then the scan's new ones
 * are taken up. Stored in one transaction, so a step that is repeated changes nothing twice. `candleOpenTime`: of the scan.
 */
export async function followLiveSignals(
  ports: Pick<Ports, 'proposals' | 'candles' | 'ledger'>,
  entries: readonly ScanEntry[],
  candleOpenTime: Timestamp,
): Promise<void> {
  const { ledger } = ports;
  if (ledger === undefined) return;
  const bySymbol = await readOpen(ledger);
  const changed = new Map<string, readonly OpenSignal[]>();
  const ended: Ended[] = [];
  const newest = await newestBySignal(ports, [...bySymbol.values()].flat());
  for (const [symbol, known] of bySymbol) {
    const unseen = await unseenOf(ports, known, newest);
    const open: OpenSignal[] = [];
    let settledNow = false;
    for (const each of known) {
      const settled = await withOutcome(ports, each);
      settledNow ||= settled !== each;
      const advanced = advanceSignal(settled, unseen.get(intervalOf(each)) ?? []);
      const after = hasEnded(advanced) ? advanced : endSilent(advanced, candleOpenTime);
      if (hasEnded(after)) ended.push(after);
      else open.push(after);
    }
    if (settledNow || unseen.size > 0 || open.length < known.length) changed.set(symbol, open);
  }
  for (const { signal, fate } of entries) {
    const known = changed.get(signal.symbol) ?? bySymbol.get(signal.symbol) ?? [];
    changed.set(signal.symbol, admitSignal(known, signal, fate));
  }
  if (changed.size === 0) return;
  await ledger.save({ open: changed, finished: ended.map(atItsEnd) });
}

async function readOpen(ledger: LedgerStore): Promise<Map<string, OpenSignal[]>> {
  const bySymbol = new Map<string, OpenSignal[]>();
  for (const each of await ledger.open()) {
    const list = bySymbol.get(each.symbol);
    if (list === undefined) bySymbol.set(each.symbol, [each]);
    else list.push(each);
  }
  return bySymbol;
}

/** Open time of the newest stored candle of each symbol, for the intervals that its signals are tracked on. */
async function newestBySignal(ports: Pick<Ports, 'candles'>, signals: readonly OpenSignal[]) {
  const newest = new Map<Interval, ReadonlyMap<string, Timestamp>>();
  for (const interval of new Set(signals.map(intervalOf))) {
    const own = signals.filter((each) => intervalOf(each) === interval);
    const symbols = [...new Set(own.map(({ symbol }) => symbol))];
    newest.set(interval, await ports.candles.newest(symbols, interval));
  }
  return newest;
}

/** Stored candles without a bad tick that at least one of the symbol's signals has not seen, by interval; none where there are none. */
async function unseenOf(
  ports: Pick<Ports, 'candles'>,
  known: readonly OpenSignal[],
  newest: ReadonlyMap<Interval, ReadonlyMap<string, Timestamp>>,
): Promise<ReadonlyMap<Interval, readonly Candle[]>> {
  const unseen = new Map<Interval, readonly Candle[]>();
  for (const interval of new Set(known.map(intervalOf))) {
    const own = known.filter((each) => intervalOf(each) === interval);
    const symbol = own[0]?.symbol ?? '';
    const seenTo = Math.min(...own.map((each) => each.seenTo));
    if ((newest.get(interval)?.get(symbol) ?? -Infinity) <= seenTo) continue;
    // Those before tell the level; behind a longer hole the signal is given up.
    const before = Math.max(...own.map(silentAfter));
    const stored = await ports.candles.since(symbol, interval, seenTo - before);
    const candles = withoutBadTicks(stored).filter(({ openTime }) => openTime > seenTo);
    if (candles.length > 0) unseen.set(interval, candles);
  }
  return unseen;
}

/**
 * Its outcome and size as soon as its card is decided: cards are kept for days only, signals are tracked for two weeks. The same
 * object while nothing is new.
 */
async function withOutcome(
  ports: Pick<Ports, 'proposals'>,
  signal: OpenSignal,
): Promise<OpenSignal> {
  if (signal.fate !== 'proposed') return signal;
  const proposal = await ports.proposals.byId(signal.id);
  if (proposal === undefined) return signal;
  const fate = OUTCOME_OF[proposal.status];
  const riskUsdt = toNumber(proposal.plan.risk);
  return fate === signal.fate && riskUsdt === signal.riskUsdt
    ? signal
    : { ...signal, fate, riskUsdt };
}

/** What is known of a card whose signal has ended: what still waits then has expired, what is on its way is taken. */
const atItsEnd = (ended: Ended): FinishedSignal => {
  const { fate } = ended;
  if (fate !== 'proposed') return { ...ended, fate };
  return { ...ended, fate: ended.riskUsdt === undefined ? 'unknown' : 'expired' };
};

const OUTCOME_OF: Record<Proposal['status'], OpenSignal['fate']> = {
  pending: 'proposed',
  approved: 'taken',
  executing: 'taken',
  done: 'taken',
  unknown: 'taken',
  rejected: 'rejected',
  expired: 'expired',
  superseded: 'expired',
  refused: 'refused',
};
