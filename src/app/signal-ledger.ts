import {
  admitSignal,
  advanceSignal,
  endSilent,
  hasEnded,
  type Ended,
  type Fate,
  type FinishedSignal,
  type OpenSignal,
} from '../backtest/ledger.ts';
import type { Proposal } from '../domain/proposal.ts';
import type { Timestamp } from '../domain/time.ts';
import type { LedgerStore } from './evidence-ports.ts';
import type { ScanEntry } from '../domain/scan-report.ts';
import type { Ports } from './ports.ts';

/**
 * Follows every live signal on closed candles, whatever became of it: first the known ones advance, then the scan's new ones
 * are taken up. Stored in one transaction, so a step that is repeated changes nothing twice. `candleOpenTime`: of the scan.
 */
export async function followLiveSignals(
  ports: Ports,
  entries: readonly ScanEntry[],
  candleOpenTime: Timestamp,
): Promise<void> {
  const { ledger } = ports;
  if (ledger === undefined) return;
  const bySymbol = await readOpen(ledger);
  const changed = new Map<string, readonly OpenSignal[]>();
  const ended: Ended[] = [];
  const newest = await ports.candles.newest([...bySymbol.keys()], '1h');
  for (const [symbol, known] of bySymbol) {
    const candles = await unseen(ports, known, newest.get(symbol));
    const open: OpenSignal[] = [];
    for (const each of known) {
      const advanced = advanceSignal(each, candles);
      const after = hasEnded(advanced) ? advanced : endSilent(advanced, candleOpenTime);
      if (hasEnded(after)) ended.push(after);
      else open.push(after);
    }
    if (candles.length > 0 || open.length < known.length) changed.set(symbol, open);
  }
  for (const { signal, fate } of entries) {
    const known = changed.get(signal.symbol) ?? bySymbol.get(signal.symbol) ?? [];
    changed.set(signal.symbol, admitSignal(known, signal, fate));
  }
  if (changed.size === 0) return;
  const finished = await Promise.all(ended.map((each) => withFate(ports, each)));
  await ledger.save({ open: changed, finished });
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

/** Stored candles that at least one of the symbol's signals has not seen. */
async function unseen(ports: Ports, known: readonly OpenSignal[], newest: Timestamp | undefined) {
  const first = known[0];
  if (first === undefined || newest === undefined) return [];
  const seenTo = Math.min(...known.map((each) => each.seenTo));
  return newest > seenTo ? ports.candles.since(first.symbol, '1h', seenTo) : [];
}

async function withFate(ports: Ports, ended: Ended): Promise<FinishedSignal> {
  if (ended.fate !== 'proposed') return { ...ended, fate: ended.fate };
  const proposal = await ports.proposals.byId(ended.id);
  return { ...ended, fate: proposal === undefined ? 'unknown' : FATE_OF[proposal.status] };
}

/** A candle later nobody can decide any more: what is still pending has expired. */
const FATE_OF: Record<Proposal['status'], Fate> = {
  pending: 'expired',
  approved: 'taken',
  executing: 'taken',
  done: 'taken',
  unknown: 'taken',
  rejected: 'rejected',
  expired: 'expired',
  superseded: 'expired',
  refused: 'refused',
};
