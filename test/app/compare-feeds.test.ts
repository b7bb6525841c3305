import { describe, expect, it } from 'vitest';
import { compareFeeds, type Differences } from '../../src/app/feeds/compare-feeds.ts';
import { price, qty, usd } from '../../src/domain/money/money.ts';
import { position } from '../risk/fixtures.ts';

/** A long of 1 from 100 whose open P&L says that the poll saw `mark`. */
const polled = (mark: string) =>
  position({
    symbol: 'ETHUSDT',
    side: 'long',
    qty: qty('1'),
    entryPrice: price('100'),
    unrealisedPnl: usd(String(Number(mark) - 100)),
  });

function look(before: Differences, stream: string | undefined, poll: string, now = 1_000) {
  const streamed = new Map(stream === undefined ? [] : [['ETHUSDT', price(stream)] as const]);
  return compareFeeds(before, { positions: [polled(poll)], streamed, now });
}

describe('stream and poll', () => {
  it('agree up to 1 % of the price, and not beyond', () => {
    expect(look(new Map(), '100', '99').differences.size).toBe(0);
    expect(look(new Map(), '100', '98.99').differences.size).toBe(1);
  });

  it('are told to disagree at the third look in a row, with when it began', () => {
    const first = look(new Map(), '100', '90', 1_000);
    const second = look(first.differences, '100', '90', 2_000);
    const third = look(second.differences, '100', '90', 3_000);
    expect([first, second].flatMap((each) => each.findings)).toEqual([]);
    expect(third.findings).toMatchObject([
      { kind: 'feeds-disagree', key: 'feeds-disagree:ETHUSDT mark price:1000' },
    ]);
  });

  it('start anew after a look at which they agree', () => {
    const first = look(new Map(), '100', '90');
    const second = look(first.differences, '100', '90');
    const agreed = look(second.differences, '100', '100');
    expect(look(agreed.differences, '100', '90').findings).toEqual([]);
  });

  it('are not compared for a symbol that the stream has not priced', () => {
    expect(look(new Map(), undefined, '90').differences.size).toBe(0);
  });
});
