import { floorDec, formatDec, fromNumber, fromTicks } from '../decimal.ts';
import { instrumentAt, type EngineContext } from '../engine/context.ts';
import { mixSeed, seededRandom } from '../random.ts';

type Level = readonly [string, string];

export interface Book {
  readonly asks: readonly Level[];
  readonly bids: readonly Level[];
}

/** A made-up book around the last price: best bid one tick under it, best ask one tick over it, sizes growing outwards. */
export function bookAround(ctx: EngineContext, index: number, levels: number): Book {
  const instrument = instrumentAt(ctx, index);
  const last = ctx.market.last(index, ctx.time);
  if (last === undefined) return { asks: [], bids: [] };
  const random = seededRandom(mixSeed(index, ctx.time));
  const price = last / 10 ** instrument.quotePrecision;
  const spacing = Math.max(1, Math.round(last * 0.00002));
  const side = (sign: 1 | -1): Level[] => {
    const rows: Level[] = [];
    for (let level = 0; level < levels; level += 1) {
      const ticks = last + sign * (1 + level * spacing);
      if (ticks < 1) break;
      const usd = 2_000 * (1 + level * 0.4) * (0.4 + random());
      const qty = floorDec(fromNumber(usd / price), instrument.basePrecision);
      const size = qty > instrument.minQty ? qty : instrument.minQty;
      rows.push([formatDec(fromTicks(ticks, instrument.quotePrecision)), formatDec(size)]);
    }
    return rows;
  };
  return { asks: side(1), bids: side(-1) };
}
