/**
 * Part of the plain loop (see `plain-breakdown.ts`): one account through all events, with the default limits, candle by candle. Money is
 * counted in whole hundred-millionths, prices in ticks, sizes in steps. What cannot bind here is left out: of three positions with
 * 0.5 % at risk neither the heat nor a category's share is used up, 42 returns of 4 h never tell how two coins move together, so that
 * all of one side count, and a short's funding is not counted.
 */
import { CANDLE } from './plain-market.ts';
import { PlainBrake } from './plain-brake.ts';
import { bought, movedTo, scaleOf, sold } from './plain-prices.ts';
import {
  feeOf,
  leverageOf,
  stepOf,
  wishesOf,
  worth,
  type Market,
  type Wish,
} from './plain-wishes.ts';

const UNIT = 1e8;
const START = 10_000 * UNIT;
const HELD = 84;
const FEE = 0.0006;
const SLIPPAGE = 0.0005;
const MOST_TOGETHER = 2;
const MOST_A_DAY = 3;
const MOST_JUDGED = 20;
const RISK = 0.005;
const SMALLEST = 0.25;
const MARGIN = 0.2;
const JUMP = 0.1;
const JUMP_LOSS = 0.15;
const DAILY = 0.03;
const COOL_DOWN = 4 * 3_600_000;

export interface Trade {
  readonly symbol: string;
  readonly entryTime: number;
  readonly entryPrice: number;
  readonly stop: number;
  readonly target: number;
  readonly exitTime: number;
  readonly exitPrice: number;
  readonly quantity: number;
  readonly fees: number;
  readonly pnl: number;
  readonly reason: string;
}

interface Position {
  readonly place: number;
  readonly market: Market;
  readonly entryTime: number;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
  readonly size: number;
  readonly cost: number;
  readonly margin: number;
  readonly fee: number;
  /** The next row. */
  row: number;
  candles: number;
  profit: number;
}

/** What an open position of the account is judged with. */
type Judged = Omit<Position, 'row' | 'candles' | 'profit'>;

class PlainAccount {
  readonly trades: Trade[] = [];
  readonly brake: PlainBrake;
  readonly #lostAt = new Map<number, number>();
  #held: readonly Position[] = [];
  #wallet = START;

  constructor(bitcoin: Market | undefined) {
    this.brake = new PlainBrake(bitcoin);
  }

  equity(): number {
    return this.#held.reduce((sum, { profit }) => sum + profit, this.#wallet);
  }

  #close(each: Position, left: { ticks: number; reason: string; time: number; at: number }): void {
    const { market, size, entry, stop, target, entryTime } = each;
    const value = worth(market, left.ticks, size);
    const gross = each.cost - value;
    const fees = each.fee + feeOf(value);
    this.#wallet += gross - feeOf(value);
    this.#held = this.#held.filter((other) => other !== each);
    if (gross < fees) this.#lostAt.set(each.place, left.at);
    this.brake.count(gross - fees, left.at);
    const scale = scaleOf(market.candles.decimals);
    this.trades.push({
      symbol: market.symbol,
      entryTime,
      entryPrice: entry / scale,
      stop: stop / scale,
      target: target / scale,
      exitTime: left.time,
      exitPrice: left.ticks / scale,
      quantity: size / 10 ** stepOf(market),
      fees: fees / UNIT,
      pnl: (gross - fees) / UNIT,
      reason: left.reason,
    });
  }

  /** The first price of a candle: what it jumped over ends there. */
  open(time: number): void {
    for (const each of this.#held) {
      const { candles } = each.market;
      if (candles.time[each.row] !== time) continue;
      const price = candles.open[each.row] ?? NaN;
      const scale = scaleOf(candles.decimals);
      const isStopped = price >= each.stop / scale;
      if (isStopped || price <= each.target / scale) {
        const ticks = bought(Math.round(price * scale), 2);
        this.#close(each, { ticks, reason: isStopped ? 'stop' : 'target', time, at: time });
      } else mark(each, price);
    }
  }

  /** The rest of the candle, stop first. */
  play(time: number): void {
    for (const each of this.#held) {
      const { candles } = each.market;
      const { row } = each;
      if (candles.time[row] !== time) continue;
      const scale = scaleOf(candles.decimals);
      each.row += 1;
      each.candles += 1;
      const at = time + CANDLE - 1;
      const last = candles.close[row] ?? NaN;
      if ((candles.high[row] ?? NaN) >= each.stop / scale) {
        this.#close(each, { ticks: bought(each.stop), reason: 'stop', time, at });
      } else if ((candles.low[row] ?? NaN) <= each.target / scale) {
        this.#close(each, { ticks: bought(each.target), reason: 'target', time, at });
      } else if (each.candles >= HELD) {
        this.#close(each, { ticks: bought(Math.round(last * scale)), reason: 'time', time, at });
      } else mark(each, last);
    }
  }

  /** What is still held when the data end leaves at the last close, without slippage. */
  end(): void {
    for (const each of this.#held) {
      const { candles } = each.market;
      const price = candles.close[each.row - 1] ?? NaN;
      const time = candles.time[each.row - 1] ?? NaN;
      const ticks = Math.round(price * scaleOf(candles.decimals));
      this.#close(each, { ticks, reason: 'end', time, at: time + CANDLE - 1 });
    }
  }

  /** Those wishes that the limits let in, best first: no more than there are places, then each judged again. */
  enter(asked: readonly Wish[], time: number): void {
    const places = Math.min(3 - this.#held.length, MOST_A_DAY - this.brake.day.entries);
    const chosen: Wish[] = [];
    for (const [judged, wish] of asked.entries()) {
      if (judged >= MOST_JUDGED || (chosen.length > 0 && chosen.length >= places)) break;
      if (this.#judge(wish, time) !== undefined) chosen.push(wish);
    }
    for (const wish of chosen) {
      const own = this.#judge(wish, time);
      if (own === undefined) continue;
      this.#wallet -= own.fee;
      const position = { ...own, row: wish.row + 1, candles: 0, profit: 0 };
      this.#held = [...this.#held, position].toSorted((one, other) => one.place - other.place);
      const { candles } = own.market;
      const isNow = candles.time[position.row] === time;
      mark(position, (isNow ? candles.open[position.row] : candles.close[wish.row]) ?? NaN);
      this.brake.entered(this.equity(), time);
    }
  }

  /** What may be sold of it now; undefined where a limit stands against it. */
  #judge({ market, place, row, stop: signalStop }: Wish, time: number): Judged | undefined {
    const { brake } = this;
    if (brake.isOn || brake.day.entries >= MOST_A_DAY) return undefined;
    if (this.#held.length >= MOST_TOGETHER) return undefined;
    if (this.#held.some((each) => each.place === place)) return undefined;
    if (time < (this.#lostAt.get(place) ?? -Infinity) + COOL_DOWN) return undefined;
    const { candles } = market;
    const { decimals } = candles;
    const scale = scaleOf(decimals);
    if (row + 1 >= candles.length) return undefined;
    const closed = Math.round((candles.close[row] ?? NaN) * scale);
    const isNow = candles.time[row + 1] === time;
    const price = isNow ? Math.round((candles.open[row + 1] ?? NaN) * scale) : closed;
    const { stop, target } = movedTo(price, { entry: closed, stop: signalStop, decimals });
    if (!(target > 0 && target < price && price < stop)) return undefined;
    const leverage = leverageOf((market.atr[row] ?? NaN) / (candles.close[row] ?? NaN));
    const trade = { entry: price / scale, stop: stop / scale, leverage };
    const size = this.#sizeOf(trade, stepOf(market));
    if (size <= 0) return undefined;
    const entry = sold(price);
    const cost = worth(market, entry, size);
    const levels = { entryTime: time, entry, stop, target };
    return {
      place,
      market,
      ...levels,
      size,
      cost,
      margin: Math.ceil(cost / leverage),
      fee: feeOf(cost),
    };
  }

  /** Steps of the size that every limit allows; 0 where one leaves too little. */
  #sizeOf(
    { entry, stop, leverage }: { entry: number; stop: number; leverage: number },
    decimals: number,
  ): number {
    const now = this.equity() / UNIT;
    const day = this.brake.day.equity / UNIT;
    const loss = unitLoss(entry, stop);
    const inJump = unitLoss(entry, entry * (1 + JUMP));
    const stake = this.#atStake();
    const lost = day - now;
    const atStops = Math.max(Math.max(0, lost) + stake.notYetLost, lost + stake.further);
    const byDay = (DAILY * day - atStops) / loss;
    const byJump = (JUMP_LOSS * now - stake.jump) / inJump;
    const free = entry / leverage + (entry * (1 - SLIPPAGE) + stop * (1 + SLIPPAGE)) * FEE;
    const margins = this.#held.reduce((sum, { margin }) => sum + margin, 0);
    const profits = this.#held.reduce((sum, { profit }) => sum + profit, 0);
    const byFree = (this.#wallet - margins + Math.min(0, profits)) / UNIT / free;
    if (byDay < (Math.min(now, day) * RISK * SMALLEST) / loss) return 0;
    if (byJump < (SMALLEST * JUMP_LOSS * now) / inJump) return 0;
    if (byFree < (SMALLEST * now) / free) return 0;
    const byMargin = (MARGIN * now * leverage) / entry;
    const most = Math.min((now * RISK) / loss, byDay, byJump, byMargin, byFree);
    return Math.floor(most * 10 ** decimals);
  }

  /** What the open positions can still cost: beyond their open loss, from now to their stops, and in a jump of all prices. */
  #atStake(): { readonly notYetLost: number; readonly further: number; readonly jump: number } {
    const sum = { notYetLost: 0, further: 0, jump: 0 };
    for (const { market, size, cost, profit, stop, margin } of this.#held) {
      const amount = size / 10 ** stepOf(market);
      const [taken, now, most] = [cost / UNIT, profit / UNIT, (margin + feeOf(cost)) / UNIT];
      const endsAt = (price: number): number => {
        const value = price * (1 + SLIPPAGE) * amount;
        return Math.max(taken - value - value * FEE, -most);
      };
      const end = endsAt(stop / scaleOf(market.candles.decimals));
      sum.notYetLost += Math.max(Math.max(-end, 0) - Math.max(-now, 0), 0);
      sum.further += now - end;
      sum.jump += Math.max(now - endsAt(((taken - now) / amount) * (1 + JUMP)), 0);
    }
    return sum;
  }
}

/** What one unit sold there loses when it is bought back at that price, with fees and slippage of both. */
function unitLoss(entry: number, price: number): number {
  const entered = entry * (1 - SLIPPAGE);
  const left = price * (1 + SLIPPAGE);
  return left - entered + (entered + left) * FEE;
}

function mark(each: Position, price: number): void {
  const { market, size, cost } = each;
  each.profit = cost - worth(market, Math.round(price * scaleOf(market.candles.decimals)), size);
}

/** The trades of the account, in the order of entry and symbol. */
export function tradesOf(markets: readonly Market[]): readonly Trade[] {
  const account = new PlainAccount(markets.find(({ symbol }) => symbol === 'BTCUSDT'));
  const wishes = wishesOf(markets);
  let first = Infinity;
  let last = -Infinity;
  for (const { candles } of markets) {
    first = Math.min(first, candles.time[0] ?? NaN);
    last = Math.max(last, candles.time[candles.length - 1] ?? NaN);
  }
  for (let time = first; time <= last; time += CANDLE) {
    account.open(time);
    account.brake.begin(account.equity(), time);
    const asked = account.brake.isOn ? undefined : wishes.get(time);
    if (asked !== undefined) account.enter(asked, time);
    account.play(time);
  }
  account.end();
  return account.trades.toSorted(
    (one, other) => one.entryTime - other.entryTime || (one.symbol < other.symbol ? -1 : 1),
  );
}
