import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  priceAfter,
  watchLiquidation,
  WAY,
  wayGone,
  type LiquidationStandings,
} from '../../src/alerts/watch/liquidation-watch.ts';
import { prepareLevels, touchedLevels } from '../../src/alerts/watch/touched-levels.ts';
import type { Finding } from '../../src/domain/alert.ts';
import { price, ratio, type Price, type Ratio } from '../../src/domain/money/money.ts';
import { pnlOf, type Position } from '../../src/domain/position.ts';
import { liquidationEstimate } from '../../src/risk/terms/liquidation.ts';
import { NOW, position, protection } from './fixtures.ts';

/** Long from 3,000 to liquidation at 2,000. */
const long = (over: Partial<Position> = {}): Position =>
  position({ entryPrice: price('3000'), liquidationPrice: price('2000'), ...over });

const at = (of: Position, mark: Price): Position => ({
  ...of,
  unrealisedPnl: pnlOf(of, { entry: of.entryPrice, exit: mark }),
});

interface Walk {
  readonly of?: Position;
  readonly protections?: Parameters<typeof watchLiquidation>[0]['protections'];
}

/** Reads the account once at each of these prices. */
function walk(marks: readonly Price[], { of = long(), protections = [] }: Walk = {}) {
  let standings: LiquidationStandings = new Map();
  const told: Finding[] = [];
  for (const [index, mark] of marks.entries()) {
    const reading = { positions: [at(of, mark)], protections, marginUse: new Map<string, Ratio>() };
    const look = watchLiquidation({ ...reading, previous: standings, now: NOW + index * 5_000 });
    standings = look.standings;
    told.push(...look.findings);
  }
  return { told, standings };
}

const prices = (...marks: string[]): Price[] => marks.map((each) => price(each));
const left = (told: readonly Finding[]): (string | undefined)[] =>
  told.map(({ title }) => /(\d+) % of its way/.exec(title)?.[1]);

describe('the way to liquidation', () => {
  it.each([
    ['3001', 0],
    ['3000', 0],
    ['2500.01', 49],
    ['2500', 50],
    ['2100', 90],
    ['2000.01', 99],
    ['2000', 100],
    ['1500', 100],
  ])('of a long at %s is gone by %d %%', (mark, gone) => {
    expect(wayGone(long(), price(mark))).toBe(gone);
  });

  it('of a short is counted upwards', () => {
    const short = long({ side: 'short', liquidationPrice: price('4000') });
    expect(wayGone(short, price('3750'))).toBe(75);
    expect(priceAfter(short, 75)).toBe(price('3750'));
  });

  it('is unknown without a liquidation price, and short where that lies beyond the entry', () => {
    const { liquidationPrice: _none, ...cross } = long();
    expect(wayGone(cross, price('2000'))).toBeUndefined();
    expect(wayGone(long({ liquidationPrice: price('3100') }), price('3200'))).toBe(90);
    expect(priceAfter(long({ liquidationPrice: price('3100') }), 50)).toBeUndefined();
  });

  it('is told at half, a quarter and a tenth that is left, each once', () => {
    const { told } = walk(
      prices('2900', '2501', '2500', '2499', '2250', '2240', '2101', '2100', '2001'),
    );
    expect(left(told)).toEqual(['50', '25', '10']);
    expect(told.every(({ severity }) => severity === 'critical')).toBe(true);
    expect(new Set(told.map(({ key }) => key)).size).toBe(3);
    expect(told[2]?.buttons?.flat().map(({ label }) => label)).toEqual([
      'Set stop',
      'Close it',
      'Details',
    ]);
  });

  it('tells the nearest step alone when a reading has jumped over others', () => {
    expect(left(walk(prices('2900', '2050')).told)).toEqual(['10']);
  });

  it('does not tell a price that trembles at a step, and tells it again after it was left', () => {
    expect(left(walk(prices('2500', '2501', '2500', '2590', '2500')).told)).toEqual(['50']);
    const again = walk(prices('2500', '2601', '2500')).told;
    expect(left(again)).toEqual(['50', '50']);
    expect(new Set(again.map(({ key }) => key)).size).toBe(2);
  });

  it('is no alarm at half of it while a stop that works covers the position', () => {
    const stopped = { protections: [protection({ stopPrice: price('2200') })] };
    const { told } = walk(prices('2500', '2240'), stopped);
    expect(told.map(({ severity }) => severity)).toEqual(['warning', 'critical']);
    expect(told[0]?.lines.join(' ')).toContain('Stop resting at 2,200');
  });

  it('says what is at stake', () => {
    const [isolated] = walk(prices('2250')).told;
    expect(isolated?.lines.join(' ')).toContain('At stake: its margin, 300.00 USDT.');
    expect(isolated?.lines.join(' ')).toContain('another 11.11 % against you');
    const [cross] = walk(prices('2250'), { of: long({ marginMode: 'cross' }) }).told;
    expect(cross?.lines.join(' ')).toContain('At stake: the whole balance.');
  });
});

describe('a walk to liquidation', () => {
  const leverage = fc.constantFrom(2, 5, 10, 20, 50, 75, 125);
  const side = fc.constantFrom('long' as const, 'short' as const);
  /** Percent of the way from one reading to the next. */
  const steps = fc.array(fc.integer({ min: -8, max: 30 }), { minLength: 5, maxLength: 80 });

  it('tells each step before liquidation once, by readings, whatever the leverage', () => {
    fc.assert(
      fc.property(leverage, side, steps, (times, on, moves) => {
        const entryPrice = price('30000');
        const liquidationPrice = liquidationEstimate(
          { side: on, entry: entryPrice, leverage: times },
          ratio('0.004'),
        );
        const of = position({ entryPrice, liquidationPrice, side: on, leverage: times });
        let gone = 0;
        const marks: Price[] = [];
        for (const move of moves) {
          gone = Math.min(99, Math.max(0, gone + move));
          marks.push(priceAfter(of, gone) ?? entryPrice);
        }
        const seen = marks.map((mark) => wayGone(of, mark) ?? 0);
        const { told } = walk(marks, { of });
        // Each rung that a reading has reached was told by then, or a worse one in its place.
        let worst = 0;
        for (const { title } of told)
          worst = Math.max(worst, 100 - Number(/(\d+) % of/.exec(title)?.[1]));
        const reached = WAY.filter((rung) => seen.some((each) => each >= rung.at)).at(-1)?.at ?? 0;
        expect(worst).toBe(reached);
        expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
      }),
    );
  });

  it('has the same keys by stream and by poll, so that each step is told once', () => {
    const of = long();
    const index = prepareLevels([at(of, price('2900'))], []);
    const tick = (mark: string) =>
      touchedLevels(index, { symbol: 'ETHUSDT', mark: price(mark), at: NOW });
    expect(tick('2501')).toEqual([]);
    const streamed = ['2500', '2250', '2100'].flatMap((mark) => tick(mark));
    expect(left(streamed)).toEqual(['50', '25', '10']);
    for (const [mark, finding] of [
      ['2500', 0],
      ['2250', 1],
      ['2100', 2],
    ] as const)
      expect(walk(prices('2900', mark)).told[0]?.key).toBe(streamed[finding]?.key);
    const { standings } = walk(prices('2900', '2250'));
    const later = prepareLevels([at(of, price('2250'))], [], standings);
    const next = touchedLevels(later, { symbol: 'ETHUSDT', mark: price('2090'), at: NOW });
    expect(left(next)).toEqual(['10']);
    expect(next[0]?.key).toBe(walk(prices('2900', '2250', '2090')).told[1]?.key);
  });
});

describe('the margin ratio', () => {
  const look = (use: string, previous: LiquidationStandings = new Map(), id = 'p1') =>
    watchLiquidation({
      positions: [long()],
      protections: [],
      marginUse: new Map([[id, ratio(use)]]),
      previous,
      now: NOW,
    });

  it.each([
    ['0.599', []],
    ['0.6', ['60']],
    ['0.799', ['60']],
    ['0.8', ['80']],
    ['1', ['80']],
  ])('of %s is told as %j', (use, rungs) => {
    expect(look(use).findings.map(({ key }) => key.split(':')[2])).toEqual(rungs);
  });

  it('is told once for each step, of one position or of all in cross margin', () => {
    const first = look('0.65', new Map(), 'cross');
    expect(first.findings[0]?.title).toBe('Your account in cross margin: the margin ratio is 65 %');
    expect(look('0.79', first.standings, 'cross').findings).toEqual([]);
    expect(look('0.55', first.standings, 'cross').findings).toEqual([]);
    expect(look('0.81', first.standings, 'cross').findings).toHaveLength(1);
    const calm = look('0.53', first.standings, 'cross');
    expect(look('0.6', calm.standings, 'cross').findings).toHaveLength(1);
  });

  it('keeps its step while a reading lacks it, and does not tell it again after that', () => {
    const first = look('0.85');
    const blind = watchLiquidation({
      positions: [long()],
      protections: [],
      marginUse: new Map(),
      previous: first.standings,
      now: NOW + 5_000,
    });
    expect(blind.standings.get('p1')?.margin?.at).toBe(80);
    expect(look('0.85', blind.standings).findings).toEqual([]);
    const gone = { positions: [], protections: [], marginUse: new Map(), now: NOW + 5_000 };
    expect(watchLiquidation({ ...gone, previous: first.standings }).standings.size).toBe(0);
    const shared = { ...gone, positions: [long({ marginMode: 'cross' })] };
    const after = watchLiquidation({ ...shared, previous: first.standings }).standings;
    expect(after.get('p1')?.margin).toBeUndefined();
  });

  it('of an account in cross margin is another happening with other positions', () => {
    const cross = (openedAt: number) =>
      watchLiquidation({
        positions: [long({ marginMode: 'cross', openedAt })],
        protections: [],
        marginUse: new Map([['cross', ratio('0.85')]]),
        previous: new Map(),
        now: openedAt + 5_000,
      });
    const keys = [cross(NOW), cross(NOW + 3_600_000)].map(({ findings }) => findings[0]?.key);
    expect(new Set(keys).size).toBe(2);
    const alone = cross(NOW);
    const blind = { protections: [], marginUse: new Map(), previous: alone.standings, now: NOW };
    const left = (marginMode: 'cross' | 'isolated') =>
      watchLiquidation({ ...blind, positions: [long({ id: 'p2', marginMode })] }).standings;
    expect(left('cross').get('cross')?.margin?.at).toBe(80);
    expect(left('isolated').has('cross')).toBe(false);
  });
});

describe('a reading without a liquidation price', () => {
  it('ends no alarm and begins none anew', () => {
    const of = at(long(), price('2090'));
    const { liquidationPrice: _none, ...without } = of;
    const look = (position: Position, previous: LiquidationStandings) =>
      watchLiquidation({
        positions: [position],
        protections: [],
        marginUse: new Map(),
        previous,
        now: NOW,
      });
    const near = look(of, new Map());
    expect(left(near.findings)).toEqual(['10']);
    const blind = look(without, near.standings);
    expect(blind.standings).toEqual(near.standings);
    expect(look(of, blind.standings).findings).toEqual([]);
  });
});
