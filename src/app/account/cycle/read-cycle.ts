import type { Ratio } from '../../../domain/money/money.ts';
import type { OwnAction } from '../../../domain/own-action.ts';
import type { ClosedPosition } from '../../../domain/position.ts';
import type { Proposal } from '../../../domain/proposal.ts';
import { HOUR, type Timestamp } from '../../../domain/time.ts';
import type { MarketReading } from '../../../risk/terms/market-reading.ts';
import type { AccountHistory } from '../../../risk/state/history-day.ts';
import type { RiskState } from '../../../risk/state/risk-state.ts';
import { readEndedStops, type EndedStop } from '../ended-stops.ts';
import type { AccountSnapshot, EquityPoint } from '../../ports/account-store.ts';
import type { Ports } from '../../ports/ports.ts';
import { CLOSES_OVERLAP_MS } from '../next-risk-state.ts';
import { fetchSnapshot } from '../../reading/read-account.ts';
import { readContracts } from '../read-contracts.ts';
import { readHistory, withRecordedWeek } from '../read-history.ts';
import { readMarginUse, readMarketRisk } from '../../reading/read-market-risk.ts';
import { keepUnlisted, LISTS_LAG_MS } from '../unlisted.ts';
import { messageOf } from '../../reading/reading.ts';
import type { CycleMemory } from './memory.ts';

/** How many of Vigil's own trades are remembered when it is asked who did something. */
const OWN_TRADES = 100;

/** All that one cycle reads, of one moment as far as the exchange allows. */
export interface CycleReading {
  readonly snapshot: AccountSnapshot;
  readonly closed: readonly ClosedPosition[];
  /** What is remembered, with the week of a state that was stored without. */
  readonly state: RiskState | undefined;
  /** Read only where nothing is remembered. */
  readonly history: AccountHistory | undefined;
  readonly priceAt: ReadonlyMap<string, Timestamp>;
  readonly failedBefore: number;
  readonly proposals: readonly Proposal[];
  readonly actions: readonly OwnAction[];
  readonly endedStops: readonly EndedStop[];
  readonly market: MarketReading;
  /** Maintenance margin ÷ what stands behind it, for each position in isolated margin and for all others together; what is not known is absent. */
  readonly marginUse: ReadonlyMap<string, Ratio>;
  /** Of the last hour; empty where they cannot be read: then a warning has no trend. */
  readonly equityPoints: readonly EquityPoint[];
}

/** Rejects where the account itself cannot be read; what is read beside it may be missing. */
export async function readCycle(
  ports: Ports,
  { before, state }: CycleMemory,
): Promise<CycleReading> {
  const snapshot = await fetchSnapshot(ports);
  // After the positions, so that one which closed in between is seen as closed at the next read and never as both.
  const since = (before?.at ?? snapshot.at) - CLOSES_OVERLAP_MS;
  const [
    closed,
    priceAt,
    failedBefore,
    proposals,
    actions,
    endedStops,
    market,
    marginUse,
    contracts,
  ] = await Promise.all([
    ports.account.closedPositions(since),
    pollPrices(ports, snapshot),
    ports.accounts.failedReads(),
    ports.proposals.recent(OWN_TRADES),
    ownActions(ports, since),
    readEndedStops(ports, before, snapshot),
    readMarketRisk(ports, snapshot),
    readMarginUse(ports, snapshot),
    readContracts(
      ports,
      snapshot.positions.map((each) => each.symbol),
      before?.contracts,
    ),
  ]);
  const history = state === undefined ? await readHistory(ports, snapshot) : undefined;
  const remembered = state && (await withRecordedWeek(ports, state, snapshot.at));
  const equityPoints = await ports.accounts.equity(snapshot.at - HOUR).catch(() => []);
  const known = {
    priceAt,
    failedBefore,
    proposals,
    actions,
    endedStops,
    market,
    marginUse,
    equityPoints,
  };
  const listed = { ...snapshot, contracts };
  const kept = keepUnlisted(before, listed, {
    closed,
    stops: endedStops,
    actions,
    lagMs: LISTS_LAG_MS * ports.clock.speed,
  });
  return { snapshot: kept, closed, state: remembered, history, ...known };
}

/** What cannot be read costs only the knowledge of who did something. */
const ownActions = (
  ports: Pick<Ports, 'actions' | 'log'>,
  since: Timestamp,
): Promise<readonly OwnAction[]> =>
  ports.actions.since(since).catch((error: unknown) => {
    ports.log.warn('own actions could not be read', { reason: messageOf(error) });
    return [];
  });

/** Prices of open positions by poll: the backstop of the stream. A poll that fails leaves the known times to grow old. */
async function pollPrices(
  ports: Pick<Ports, 'market' | 'accounts'>,
  snapshot: AccountSnapshot,
): Promise<ReadonlyMap<string, Timestamp>> {
  const held = new Set(snapshot.positions.map((each) => each.symbol));
  const known = await ports.accounts.priceTimes();
  if (held.size === 0) return known;
  try {
    const tickers = await ports.market.tickers();
    const seen = tickers
      .filter((each) => held.has(each.symbol))
      .map((each) => [each.symbol, each.at] as const);
    await ports.accounts.savePriceTimes(new Map(seen));
    return new Map([...known, ...seen]);
  } catch {
    return known;
  }
}
