import { describe, expect, it } from 'vitest';
import { price, qty, usd } from '../../src/domain/money.ts';
import { diffPositions } from '../../src/alerts/diff-positions.ts';
import { closedPosition, NOW, position, protection } from './fixtures.ts';

const titles = (change: Partial<Parameters<typeof diffPositions>[0]>): string[] =>
  diffPositions({ before: [], after: [], closed: [], now: NOW, ...change }).map(
    (each) => each.title,
  );

describe('diffPositions', () => {
  it('tells nothing at the first look', () => {
    expect(titles({ before: undefined, after: [position()] })).toEqual([]);
  });

  it('tells nothing while nothing changes', () => {
    expect(
      titles({ before: [position()], after: [position({ unrealisedPnl: usd('5') })] }),
    ).toEqual([]);
  });

  it('tells an opened position with size and price', () => {
    expect(titles({ after: [position()] })).toEqual(['ETHUSDT long opened: 0.5 at 3,000']);
  });

  it('tells a position that grew', () => {
    const after = [position({ qty: qty('0.8') })];
    expect(titles({ before: [position()], after })).toEqual(['ETHUSDT long grew from 0.5 to 0.8']);
  });

  it('tells a part that was closed with its price profit', () => {
    const after = [position({ qty: qty('0.2'), realisedGross: usd('12') })];
    const [found] = diffPositions({ before: [position()], after, closed: [], now: NOW });
    expect(found?.title).toBe('ETHUSDT long partly closed: 0.2 of 0.5 left');
    expect(found?.lines).toEqual(['This part made +12.00 USDT before fees and funding.']);
  });

  it('tells a stop fill with the result split into price, fees and funding', () => {
    const [found] = diffPositions({
      before: [position()],
      after: [],
      closed: [closedPosition()],
      protections: [protection()],
      now: NOW,
    });
    expect(found?.title).toBe('ETHUSDT long stop filled: -24.81 USDT');
    expect(found?.lines[1]).toBe('Price -22.90 USDT, fees -1.79 USDT, funding -0.12 USDT.');
  });

  it('tells a target fill, and a close by hand, as what they are', () => {
    const closeAt = (text: string): string[] =>
      titles({
        before: [position()],
        closed: [closedPosition({ closePrice: price(text), net: usd('10') })],
        protections: [protection()],
      });
    expect(closeAt('3120')).toEqual(['ETHUSDT long target filled: +10.00 USDT']);
    expect(closeAt('3050')).toEqual(['ETHUSDT long closed: +10.00 USDT']);
  });

  it.each([
    ['2964', 'stop filled'],
    ['2964.01', 'closed'],
    ['2900', 'stop filled'],
    ['3095.99', 'closed'],
    ['3096', 'target filled'],
  ])('calls a close at %s "%s": within a fifth of the way to the level', (text, how) => {
    const resting = protection({ stopPrice: price('2955'), targetPrice: price('3120') });
    const found = titles({
      before: [position()],
      closed: [
        closedPosition({ entryPrice: price('3000'), closePrice: price(text), net: usd('1') }),
      ],
      protections: [resting],
    });
    expect(found).toEqual([`ETHUSDT long ${how}: +1.00 USDT`]);
  });

  it('makes a liquidation critical', () => {
    const closed = [closedPosition({ liquidated: true })];
    const [found] = diffPositions({ before: [position()], after: [], closed, now: NOW });
    expect([found?.severity, found?.title]).toEqual([
      'critical',
      'ETHUSDT long liquidated by the exchange: -24.81 USDT',
    ]);
  });

  it('tells a position that opened and closed between two looks', () => {
    expect(titles({ closed: [closedPosition()] })).toHaveLength(1);
  });

  it('says so when a position is gone and its result is not known yet, and tells the result later', () => {
    const gone = diffPositions({ before: [position()], after: [], closed: [], now: NOW });
    const later = diffPositions({ before: [], after: [], closed: [closedPosition()], now: NOW });
    expect(gone[0]?.title).toBe('ETHUSDT long is no longer open');
    expect(later[0]?.key).not.toBe(gone[0]?.key);
  });

  it('gives the same keys when the same history is seen again', () => {
    const once = diffPositions({ before: [], after: [], closed: [closedPosition()], now: NOW });
    const again = diffPositions({
      before: [],
      after: [],
      closed: [closedPosition()],
      now: NOW + 5_000,
    });
    expect(again.map((each) => each.key)).toEqual(once.map((each) => each.key));
  });
});
