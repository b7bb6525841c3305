/** The jump of the demo's market, at a simulator. */
import { afterEach, describe, expect, it } from 'vitest';
import { jumpAgainst, jumpMarket } from '../src/demo/jump.ts';
import { jumpsNow, sinceHeard } from '../src/demo/until-jump.ts';
import { startVenue, type Venue } from '../src/simulator/venue/venue.ts';

const held = (direction: 'LONG' | 'SHORT', entryValue: number, unrealizedPNL = 0) => ({
  direction,
  entryValue,
  unrealizedPNL,
});

describe('the jump against what is held', () => {
  it.each([
    ['nothing', [], -8],
    ['a long', [held('LONG', 500)], -8],
    ['a short', [held('SHORT', 500)], 8],
    ['more long than short', [held('SHORT', 500), held('LONG', 501)], -8],
    ['more short than long', [held('SHORT', 501), held('LONG', 500)], 8],
    ['as much of both', [held('SHORT', 500), held('LONG', 500)], -8],
    // At present prices: a long that lost is worth less, a short that lost is worth more.
    ['a long that has lost', [held('LONG', 510, -20), held('SHORT', 500)], 8],
    ['a short that has lost', [held('LONG', 510), held('SHORT', 500, -20)], 8],
    ['a short that has gained', [held('LONG', 490), held('SHORT', 500, 20)], -8],
  ])('is for %s %j', (_, positions, percent) => {
    expect(jumpAgainst(positions)).toBe(percent);
  });
});

describe('the moment of the jump', () => {
  const [second, minute] = [1_000, 60_000];
  it.each([
    ['somebody who only watches, for two minutes', 2 * minute, Infinity, true],
    ['the same, a moment before', 2 * minute - second, Infinity, false],
    ['somebody who tapped a moment ago', 5 * minute, 10 * second, false],
    ['the same, a minute later', 6 * minute, 70 * second, true],
    ['a minute of silence too early', 1.5 * minute, 1.4 * minute, false],
    ['somebody who never rests', 10 * minute, second, true],
  ])('%s', (_, paired, heard, jumps) => {
    expect(jumpsNow({ paired, heard })).toBe(jumps);
  });

  it('goes by the last tap on the clock of the wall; what cannot be read holds it back', async () => {
    const clock = { now: () => 500_000, speed: 20 };
    const telling = (presentAt: () => Promise<number | undefined>) => ({ presentAt }) as never;
    expect(await sinceHeard({ clock, telling: telling(async () => 300_000) })).toBe(10_000);
    expect(await sinceHeard({ clock, telling: telling(async () => undefined) })).toBe(Infinity);
    const gone = telling(() => Promise.reject(new Error('Redis is away')));
    expect(await sinceHeard({ clock, telling: gone })).toBe(0);
  });
});

describe('the market of a demo', () => {
  let venue: Venue;
  afterEach(() => venue.stop());

  async function start(): Promise<(call: string, body?: object) => Promise<Answer>> {
    venue = await startVenue({
      market: { kind: 'generated', seed: 12, symbols: 4, from: Date.UTC(2026, 0, 5, 8) },
      speed: 0,
      accounts: [{ apiKey: 'k', secretKey: 's', balance: '10000' }],
    });
    return async (call, body) => {
      const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const response = await fetch(`${venue.controlUrl}/sim/${call}`, post);
      expect(response.ok).toBe(true);
      return (await response.json()) as Answer;
    };
  }
  interface Answer {
    readonly account: { readonly equity: string };
    readonly prices: Readonly<Record<string, { readonly last: string }>>;
  }

  it.each([
    [[['BTCUSDT', 'LONG', '3000']], 0.92, -240],
    [[['BTCUSDT', 'SHORT', '3000']], 1.08, -240],
    [
      [
        ['BTCUSDT', 'SHORT', '3000'],
        ['ETHUSDT', 'LONG', '2000'],
      ],
      1.08,
      -80,
    ],
    [
      [
        ['BTCUSDT', 'SHORT', '2000'],
        ['ETHUSDT', 'LONG', '3000'],
      ],
      0.92,
      -80,
    ],
  ])('jumps against %j', async (positions, factor, cost) => {
    const control = await start();
    for (const [symbol, side, notional] of positions) {
      await control('position', { symbol, side, notional, leverage: 5 });
    }
    const before = await control('state?symbols=BTCUSDT');
    await jumpMarket(venue.controlUrl);
    const after = await control('state?symbols=BTCUSDT');
    const [was, is] = [before, after].map(({ prices }) => Number(prices['BTCUSDT']?.last));
    expect((is ?? NaN) / (was ?? NaN)).toBeCloseTo(factor, 4);
    const lost = Number(after.account.equity) - Number(before.account.equity);
    expect(lost / cost).toBeCloseTo(1, 1);
  });
});
