import { analyse } from '../../backtest/figures/analyse.ts';
import { columnsOf } from '../../backtest/candles/candle-columns.ts';
import { DEFAULT_COSTS, type FundingHistory } from '../../backtest/trade/costs.ts';
import type { PortfolioMarket } from '../../backtest/candles/market.ts';
import { runPortfolio, type PortfolioResult } from '../../backtest/account/portfolio.ts';
import { PRESETS, presetStart, type Preset } from '../../backtest/study/presets.ts';
import { resultText } from '../../backtest/figures/report.ts';
import { trippedText } from '../../backtest/figures/report.ts';
import { fundingHistoryOf } from '../../backtest/trade/settlement.ts';
import { snapshotColumns } from '../../backtest/candles/snapshot-columns.ts';
import { intervalMs, type Candle } from '../../domain/candle.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { usdFromNumber } from '../../domain/money/money.ts';
import { DAY, formatUtc, type Timestamp } from '../../domain/time.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import { countText, decimalText, plainName, shareText } from '../../domain/words/words.ts';
import { categoryOf } from '../../signals/categories.ts';
import { STRATEGIES } from '../../signals/strategies/list.ts';
import type { BacktestState } from '../ports/backtests.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';

/** The one that presets run. */
const [STRATEGY] = STRATEGIES;
const CANDLE_MS = intervalMs(STRATEGY.interval);
/** One page of the exchange's history. */
const PAGE = 200;

/**
 * Runs a preset over the venue's own candles with the account's limits, and stores how far it is. What goes wrong becomes the
 * state `failed` with its reason; symbols without candles are left out by name.
 */
export async function runPresetBacktest(
  ports: Pick<Ports, 'clock' | 'limits' | 'market' | 'backtests'>,
  request: { readonly id: string; readonly preset: string },
): Promise<void> {
  const { backtests } = ports;
  if (backtests === undefined) return;
  const save = (state: BacktestState): Promise<void> => backtests.save(request.id, state);
  try {
    const preset = PRESETS.find(({ name }) => name === request.preset);
    if (preset === undefined) throw new Error(`no preset is called "${request.preset}"`);
    await save(await run(ports, preset, (text) => save({ kind: 'running', text })));
  } catch (error) {
    await save({ kind: 'failed', reason: reasonOf(error) });
  }
}

type Tell = (text: string) => Promise<void>;

async function run(
  ports: Pick<Ports, 'clock' | 'limits' | 'market'>,
  preset: Preset,
  tell: Tell,
): Promise<BacktestState> {
  const instruments = await ports.market.instruments();
  const end = Math.floor(ports.clock.now() / CANDLE_MS) * CANDLE_MS;
  const window = { from: presetStart(preset, end), to: end };
  const markets: PortfolioMarket[] = [];
  const problems: string[] = [];
  for (const [index, symbol] of preset.symbols.entries()) {
    await tell(`Reading candles: ${symbol}, ${index + 1} of ${preset.symbols.length}`);
    const instrument = instruments.find((each) => each.symbol === symbol);
    const market =
      instrument === undefined
        ? 'not listed here'
        : await marketOf(ports, instrument, window.from).catch(reasonOf);
    if (typeof market === 'string') problems.push(`${symbol}: ${market}`);
    else markets.push(market);
  }
  if (markets.length === 0) {
    return { kind: 'failed', reason: `there is nothing to run on. ${problems.join('; ')}.` };
  }
  await tell(`Running ${countText(markets.length, 'symbol')}`);
  return report(ports.limits(), preset, { markets, problems, window });
}

async function marketOf(
  ports: Pick<Ports, 'market'>,
  instrument: Instrument,
  from: number,
): Promise<PortfolioMarket | string> {
  const { symbol } = instrument;
  const [candles, tiers, funding] = await Promise.all([
    history(ports, symbol, from - (STRATEGY.minHistory + 1) * CANDLE_MS),
    ports.market.riskTiers(symbol),
    fundingOf(ports, symbol, from),
  ]);
  if (candles.length <= STRATEGY.minHistory) {
    return `${countText(candles.length, 'candle')}, more than ${STRATEGY.minHistory} are needed`;
  }
  const columns = snapshotColumns(columnsOf(candles), STRATEGY);
  const rest = { category: categoryOf(instrument.base), tiers, columns };
  return { instrument, ...rest, ...(funding === undefined ? {} : { funding }) };
}

/** What the venue settled since `from`, or since its oldest row; undefined, and so assumed, while it cannot be read. */
async function fundingOf(
  ports: Pick<Ports, 'market'>,
  symbol: string,
  from: Timestamp,
): Promise<FundingHistory | undefined> {
  const rows = await ports.market.fundingHistory(symbol, from).catch(() => []);
  return fundingHistoryOf(rows, from);
}

/** Closed candles from `since` on, oldest first; fewer where the venue has no older ones. */
async function history(
  ports: Pick<Ports, 'market'>,
  symbol: string,
  since: number,
): Promise<readonly Candle[]> {
  let found: readonly Candle[] = [];
  for (;;) {
    const [oldest] = found;
    if (oldest !== undefined && oldest.openTime <= since) break;
    const before = oldest === undefined ? {} : { endTime: oldest.openTime };
    const page = await ports.market.candles({
      symbol,
      interval: STRATEGY.interval,
      limit: PAGE,
      patient: true,
      ...before,
    });
    const older = page.filter(({ openTime }) => oldest === undefined || openTime < oldest.openTime);
    if (older.length === 0) break;
    found = [...older, ...found];
  }
  return found.filter(({ openTime }) => openTime >= since);
}

interface Gathered {
  readonly markets: readonly PortfolioMarket[];
  readonly problems: readonly string[];
  readonly window: { readonly from: number; readonly to: number };
}

function report(limits: RiskLimits, preset: Preset, gathered: Gathered): BacktestState {
  const { markets, problems, window } = gathered;
  const portfolio = runPortfolio({
    markets,
    equity: usdFromNumber(preset.equity),
    parameters: STRATEGY.parameters,
    limits,
    costs: DEFAULT_COSTS,
    owner: 'resumes-daily',
    ...window,
  });
  const { metrics, claim, buyAndHold } = analyse({
    trades: portfolio.trades,
    equity: portfolio.equity,
    randomTrades: undefined,
    held: markets.map(({ columns }) => columns.candles),
    window,
    takerFee: DEFAULT_COSTS.takerFee,
    candleMs: () => CANDLE_MS,
    // Only the shuffled drawdowns ask for it, and they are not shown here.
    random: () => 0.5,
  });
  const { winRate, startEquity, endEquity, maxDrawdown } = metrics;
  const lines = [
    claim,
    ...problems.map((each) => `Left out: ${each}.`),
    `${formatUtc(window.from)} to ${formatUtc(window.to)}, ${countText(markets.length, 'symbol')}, ${countText(Math.round((window.to - window.from) / DAY), 'day')}`,
    `Trades: ${metrics.trades}; ${winRate.hits} earned money`,
    `Result after costs: ${resultText(metrics.expectancyR)}`,
    `Equity: ${decimalText(startEquity, 2)} to ${decimalText(endEquity, 2)} USDT; just holding: ${percent(buyAndHold)}`,
    `Deepest drawdown: ${maxDrawdown === undefined ? 'none' : percent(-maxDrawdown.depth)}`,
    fundingText(markets),
    refusalText(portfolio),
    haltText(portfolio),
  ];
  return {
    kind: 'done',
    title: `Backtest ${preset.name}`,
    lines,
    equity: portfolio.equity,
    halts: portfolio.halts.map(({ at, trigger }) => ({ at, label: plainName(trigger) })),
  };
}

const percent = (fraction: number): string =>
  Number.isFinite(fraction) ? shareText(fraction) : 'none';

function refusalText({ requests, refusals }: PortfolioResult): string {
  const most = [...refusals].toSorted(([, one], [, other]) => other - one).slice(0, 3);
  const named = most.map(([code, n]) => `${plainName(code)} ${n}`).join(', ');
  return `Signals: ${requests}${named === '' ? '' : `; refused most by ${named}`}`;
}

function fundingText(markets: readonly PortfolioMarket[]): string {
  const recorded = markets.filter(({ funding }) => funding !== undefined).length;
  const assumed = `${DEFAULT_COSTS.funding * 100} % every 8 h, paid by longs`;
  if (recorded === markets.length) return "Funding: as the exchange's history has it";
  return recorded === 0
    ? `Funding: assumed, ${assumed}`
    : `Funding: as the exchange's history has it for ${countText(recorded, 'symbol')}, else assumed, ${assumed}`;
}

const haltText = ({ halts }: PortfolioResult): string =>
  trippedText(
    halts.length,
    [...new Set(halts.map(({ trigger }) => plainName(trigger)))].join(', '),
  );
