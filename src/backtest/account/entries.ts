import { MODE_CODES } from '../../risk/limits/trading-mode.ts';
import { priceFromNumber, type Price } from '../../domain/money/money.ts';
import type { Signal } from '../../domain/signal.ts';
import type { Timestamp } from '../../domain/time.ts';
import { entryPlaces } from '../../risk/gate/entry-places.ts';
import { checkEntry, type GateVerdict } from '../../risk/gate/gate.ts';
import { anchored } from '../../signals/ordering/anchor.ts';
import { lapseOf } from '../../signals/ordering/lapse.ts';
import { bandOf, rewardRiskAfterFees } from '../../signals/levels.ts';
import { byRank } from '../../signals/scan.ts';
import { isJudged } from '../../signals/selection.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { countRefusals, type Run } from './portfolio-run.ts';
import { requestedSignal, type MarketRequest } from './requests.ts';

/** A signal with the first price of the hour that follows its candle. */
interface Ask {
  readonly market: PortfolioMarket;
  readonly signal: Signal;
  readonly open: Price;
}

/**
 * The signals of the candles that have just closed, in the order of the live pipeline: ranked, put before the gate as things
 * stand, no more picked than there are places; then approved one after the other, each through the gate again.
 */
export function enterHour(run: Run, time: Timestamp): void {
  const requests = run.timeline.requests.get(time);
  if (requests === undefined) return;
  run.requests += requests.length;
  const idle = run.input.askAlways === true ? [] : standstill(run);
  if (idle.length > 0) return countRefusals(run, idle, requests.length);
  const chosen = picked(run, time, asksOf(run, time, requests));
  for (const [place, { ask, verdict }] of chosen.entries()) {
    // The account is to the first as it was when it was picked.
    enter(run, ask, { time, verdict: place === 0 ? verdict : judge(run, ask, time) });
  }
}

/**
 * Why nobody may enter in this hour: what the gate would say to every signal, known without asking it for each of hundreds. It
 * only ever saves questions; who enters is decided by the gate alone.
 */
function standstill({ book, supervisor, input }: Run): readonly string[] {
  const { mode } = supervisor.mode();
  if (mode !== 'normal') return [MODE_CODES[mode]];
  if (book.holdings().length >= input.limits.maxPositions) return ['too-many-positions'];
  const used = supervisor.state()?.tradesToday ?? 0;
  return used >= input.limits.maxTradesPerDay ? ['too-many-trades'] : [];
}

/** The requests with the price of this moment, best first. Those that have none are counted. */
function asksOf(run: Run, time: Timestamp, requests: readonly MarketRequest[]): readonly Ask[] {
  const { parameters } = run.input;
  const found: Ask[] = [];
  for (const request of requests) {
    const { market, row } = request;
    const signal = requestedSignal(request, parameters);
    if (signal === undefined) countRefusals(run, ['no-sound-prices'], 1);
    else {
      const open = priceNow(market, { time, row: row + 1 }, signal);
      if (open === undefined) countRefusals(run, ['no-next-candle'], 1);
      else found.push({ market, signal, open });
    }
  }
  return found.toSorted((one, other) => byRank(one.signal, other.signal));
}

/**
 * The open of the candle that begins now. Where the recording has a hole the price still stands at the signal's close, as live:
 * nobody knows then that nothing will be traded in that hour. Undefined where the recording is over.
 */
function priceNow(
  { columns: { candles }, instrument }: PortfolioMarket,
  { time, row }: { readonly time: Timestamp; readonly row: number },
  signal: Signal,
): Price | undefined {
  const next = candles.time[row];
  if (next === undefined) return undefined;
  if (next !== time) return signal.entry;
  return priceFromNumber(candles.open[row] ?? NaN, instrument.tick, 'half-even');
}

interface Picked {
  readonly ask: Ask;
  readonly verdict: GateVerdict;
}

/** Those for which a card would be pushed; the rest is counted. */
function picked(run: Run, time: Timestamp, asks: readonly Ask[]): readonly Picked[] {
  const slots = placesLeft(run);
  const chosen: Picked[] = [];
  for (const [judged, ask] of asks.entries()) {
    if (!isJudged({ judged, waiting: chosen.length, slots })) {
      countRefusals(run, ['not-best'], asks.length - judged);
      break;
    }
    const known = run.input.askAlways === true ? [] : refusedAnyway(run, ask, time);
    const verdict = known.length > 0 ? undefined : judge(run, ask, time);
    if (verdict?.kind === 'approved') chosen.push({ ask, verdict });
    else countRefusals(run, verdict === undefined ? known : codesOf(verdict), 1);
  }
  return chosen;
}

/** As `standstill`, of one signal: what most are refused for while positions are open, without the rest of the gate. */
function refusedAnyway({ book, context, input }: Run, { signal }: Ask, time: Timestamp) {
  const together = context.correlated(book, signal, time) ?? 0;
  return together < input.limits.maxCorrelated || book.has(signal.symbol) ? [] : ['too-correlated'];
}

function placesLeft({ book, supervisor, input: { limits } }: Run): number {
  const state = supervisor.state();
  if (state === undefined) return limits.maxPositions;
  const positions = book.holdings().map((each) => each.position);
  return entryPlaces({ state, positions, openEntryOrders: [], inFlight: [] }, limits);
}

function enter(
  run: Run,
  { market, signal, open }: Ask,
  { time, verdict }: { readonly time: Timestamp; readonly verdict: GateVerdict },
): void {
  const { book, supervisor, context } = run;
  if (verdict.kind === 'refused') return countRefusals(run, codesOf(verdict), 1);
  const entry = { ...verdict.entry, category: market.category };
  const { instrument, tiers } = market;
  book.enter({ entry, instrument, tiers, score: signal.score, open, at: time });
  supervisor.read({ book, at: time, market: context.reading(book, time) });
}

const codesOf = ({ refusals }: Extract<GateVerdict, { kind: 'refused' }>): readonly string[] =>
  refusals.map(({ code }) => code);

/** The gate's verdict on one signal at the first price of the hour, with the account as it stands. */
function judge({ book, supervisor, context, input }: Run, ask: Ask, time: Timestamp): GateVerdict {
  const { market, signal, open } = ask;
  const { instrument, category, tiers } = market;
  const holdings = book.holdings();
  const { limits } = input;
  const levels = anchored(signal, { mark: open, instrument, limits });
  const planned = { ...signal, ...levels };
  return checkEntry({
    candidate: {
      ...planned,
      ...(levels && { rewardRisk: rewardRiskAfterFees(planned, limits.takerFee) }),
      category,
      entry: open,
      signalAgeMs: time - signal.candleClosedAt,
      ...lapseOf(signal),
      band: bandOf(planned, instrument),
    },
    account: book.account(time),
    positions: holdings.map((each) => each.position),
    protections: holdings.map((each) => each.protection),
    openEntryOrders: [],
    inFlight: [],
    instrument,
    tiers,
    mark: { price: open, at: time },
    state: supervisor.state(),
    mode: supervisor.mode(),
    categories: new Map(holdings.map((each) => [each.position.symbol, each.entry.category])),
    correlatedSameSide: context.correlated(book, signal, time),
    market: context.reading(book, time),
    limits,
    now: time,
  });
}
