import { moved } from '../../alerts/watch/own-alert-watch.ts';
import type { Interval } from '../../domain/candle.ts';
import { price, type Price } from '../../domain/money/money.ts';
import { HOUR, MINUTE } from '../../domain/time.ts';
import type { OwnAlert } from '../../alerts/own-alert.ts';
import type { Ports } from '../ports/ports.ts';
import { messageOf } from '../reading/reading.ts';
import { lookAtEach } from './watch-own-alerts.ts';

type Doors = Pick<Ports, 'market' | 'outbox' | 'ownAlerts' | 'clock' | 'log'>;

/** Candles by which the extremes of a window are known, so that at most 200 are asked for. */
const CANDLES: readonly {
  readonly upToMs: number;
  readonly interval: Interval;
  readonly ms: number;
}[] = [
  { upToMs: 3 * HOUR, interval: '1m', ms: MINUTE },
  { upToMs: 16 * HOUR, interval: '5m', ms: 5 * MINUTE },
  { upToMs: 49 * HOUR, interval: '15m', ms: 15 * MINUTE },
  { upToMs: Number.POSITIVE_INFINITY, interval: '1h', ms: HOUR },
];

/** Behind the stream: looks at each own alert by what is read now. Funding is only seen here, and where a move would be reached. */
export async function pollOwnAlerts(ports: Doors): Promise<void> {
  const own = await ports.ownAlerts.list();
  if (own.length === 0) return;
  const funding = own.some(({ condition }) => condition.kind === 'funding');
  const [tickers, rates] = await Promise.all([
    ports.market.tickers(),
    funding ? ports.market.fundingRates() : [],
  ]);
  const marks = new Map(tickers.map(({ symbol, mark }) => [symbol, mark]));
  const fundings = new Map(rates.map(({ symbol, rate }) => [symbol, rate]));
  const at = ports.clock.now();
  const levelled = await withLevels(ports, own, marks);
  await lookAtEach(ports, levelled, ({ symbol }) => {
    const [mark, rate] = [marks.get(symbol), fundings.get(symbol)];
    return {
      ...(mark === undefined ? {} : { mark }),
      ...(rate === undefined ? {} : { funding: rate }),
      at,
    };
  });
}

/** With where each move is reached, from the highest or lowest price of its window; stored, so that the stream can see it too. */
async function withLevels(
  ports: Doors,
  own: readonly OwnAlert[],
  marks: ReadonlyMap<string, Price>,
): Promise<readonly OwnAlert[]> {
  const levels = new Map<number, Price>();
  for (const each of own) {
    const level = await levelNow(ports, each, marks.get(each.symbol)).catch((error: unknown) => {
      ports.log.warn('the prices of an own alert could not be read', { reason: messageOf(error) });
      return undefined;
    });
    if (level !== undefined) levels.set(each.id, level);
  }
  if (levels.size === 0) return own;
  const withLevel = (each: OwnAlert): OwnAlert => {
    const level = levels.get(each.id);
    return level === undefined || each.condition.kind !== 'move'
      ? each
      : { ...each, condition: { ...each.condition, level } };
  };
  await ports.ownAlerts.change((all) => all.map(withLevel));
  return own.map(withLevel);
}

async function levelNow(
  { market }: Doors,
  { symbol, condition }: OwnAlert,
  mark: Price | undefined,
): Promise<Price | undefined> {
  if (condition.kind !== 'move' || mark === undefined) return undefined;
  const { share, windowMs } = condition;
  const by = CANDLES.find(({ upToMs }) => windowMs <= upToMs);
  if (by === undefined) return undefined;
  const limit = Math.min(200, Math.max(1, Math.ceil(windowMs / by.ms)));
  const candles = await market.candles({ symbol, interval: by.interval, limit, of: 'mark' });
  if (candles.length === 0) return undefined;
  const extreme =
    share < 0n
      ? Math.max(...candles.map(({ high }) => high))
      : Math.min(...candles.map(({ low }) => low));
  const known = price(extreme.toFixed(12));
  // The newest candle is not closed yet: the price of now counts too.
  const from = share < 0n === mark > known ? mark : known;
  return moved(from, share);
}
