import { describe, expect, it } from 'vitest';
import type { OwnAction } from '../../src/domain/own-action.ts';
import type { ProtectiveOrder } from '../../src/domain/position.ts';
import { price, qty, usd } from '../../src/domain/money/money.ts';
import { stopHit } from '../../src/alerts/rules/stop-hit.ts';
import { diffPositions } from '../../src/alerts/watch/diff-positions.ts';
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
    expect(found?.lines[0]).toBe('This part made +12.00 USDT before fees and funding.');
  });

  it('tells each growth and each part, also when the position comes back to a size that it had, and none anew when it is read again', () => {
    const looks = [
      position({ qty: qty('0.4') }),
      position({ qty: qty('0.5'), entryPrice: price('3010') }),
      position({ qty: qty('0.4'), entryPrice: price('3010'), realisedGross: usd('1') }),
      position({ qty: qty('0.5'), entryPrice: price('3020'), realisedGross: usd('1') }),
      position({ qty: qty('0.4'), entryPrice: price('3020'), realisedGross: usd('-2') }),
    ];
    const keys = (now: number): string[] =>
      looks.slice(1).flatMap((after, index) => {
        const before = looks.slice(index, index + 1);
        return diffPositions({ before, after: [after], closed: [], now }).map(({ key }) => key);
      });
    expect(new Set(keys(NOW)).size).toBe(4);
    expect(keys(NOW + 1)).toEqual(keys(NOW));
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

  it('says what a stop was to cost where the price jumped past it, also in the message that said it was reached', () => {
    const closed = closedPosition({
      closePrice: price('2934.315'),
      gross: usd('-32.8425'),
      net: usd('-34.7525'),
    });
    const known = { before: [position()], after: [], protections: [protection()], now: NOW };
    const [found] = diffPositions({ ...known, closed: [closed] });
    expect(found?.title).toBe(
      'ETHUSDT long stop filled: -34.75 USDT (planned -24.41 USDT: the price jumped 0.7 % past the stop)',
    );
    expect(found).toMatchObject({ severity: 'warning', stakes: 'cost' });
    const reached = { positionId: 'p1', symbol: 'ETHUSDT', side: 'long' as const };
    const level = { ...reached, entryPrice: price('3000'), kind: 'stop' as const };
    const hit = stopHit(
      { ...level, price: price('2955'), qty: qty('0.5') },
      { symbol: 'ETHUSDT', mark: price('2950'), at: NOW },
    );
    const ended = found?.revises?.find(({ key }) => key === hit.key);
    expect(ended?.title).toBe('ETHUSDT long: stop at 2,955 reached, and filled');
    expect(ended?.lines[0]).toContain('Result -34.75 USDT (planned -24.41 USDT');
    // Two messages with one title read as two happenings.
    expect(found?.revises?.map(({ title }) => title)).not.toContain(found?.title);
    // Where a part had been closed before, what was planned for all of it says nothing.
    const [part] = diffPositions({ ...known, closed: [{ ...closed, maxQty: qty('1') }] });
    expect(part?.title).not.toContain('planned');
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

  it('tells how the rest ended, not the average of all parts, after a part was closed', () => {
    // 0.3 of 0.5 at 3,040 made 12; the rest jumped past its stop at 2,950 to 2,900. The exchange tells 2,984.
    const titleAt = (side: 'long' | 'short', prices: readonly [string, string], gross: string) =>
      titles({
        before: [position({ side, qty: qty('0.2'), realisedGross: usd('12') })],
        closed: [
          closedPosition({
            side,
            maxQty: qty('0.5'),
            closePrice: price(prices[1]),
            gross: usd(gross),
            net: usd(gross),
          }),
        ],
        protections: [protection({ stopPrice: price(prices[0]) })],
        actions: [],
      });
    expect(titleAt('long', ['2950', '2984'], '-8')).toEqual([
      'ETHUSDT long stop filled: -8.00 USDT',
    ]);
    expect(titleAt('short', ['3050', '3016'], '-8')).toEqual([
      'ETHUSDT short stop filled: -8.00 USDT',
    ]);
    // The rest went at 3,040 too, far from both levels: nobody's stop.
    expect(titleAt('long', ['2950', '3040'], '20')).toEqual(['ETHUSDT long closed: +20.00 USDT']);
  });

  it('knows a stop that Vigil placed and that filled before it was seen to rest, and takes it for nobody else', () => {
    const placed = (stop: string, positionId = 'p1'): OwnAction => ({
      kind: 'protect',
      positionId,
      stop: price(stop),
      at: NOW,
    });
    const found = (out: string, actions: readonly OwnAction[]) =>
      diffPositions({
        before: [position()],
        after: [],
        closed: [closedPosition({ closePrice: price(out), gross: usd('45'), net: usd('40') })],
        protections: [protection({ stopPrice: price('2955') })],
        actions,
        now: NOW,
      })[0];
    const told = found('3090', [placed('3050'), placed('3092')]);
    expect(told?.title).toBe('ETHUSDT long stop filled: +40.00 USDT');
    expect(told?.lines.join(' ')).not.toContain('Vigil did not do this');
    // Placed nowhere near, or for another one: it was somebody else.
    expect(found('3090', [placed('2960')])?.title).toBe('ETHUSDT long closed: +40.00 USDT');
    expect(found('3090', [placed('3092', 'p2')])?.title).toBe('ETHUSDT long closed: +40.00 USDT');
    // What it was to cost is counted from that stop.
    const past = diffPositions({
      before: [position()],
      after: [],
      closed: [
        closedPosition({ closePrice: price('2950'), gross: usd('-25'), net: usd('-26.79') }),
      ],
      protections: [protection({ stopPrice: price('2900') })],
      actions: [placed('2985')],
      now: NOW,
    })[0];
    expect(past?.title).toContain('(planned -9.29 USDT: the price jumped');
  });

  it('makes a liquidation critical', () => {
    const closed = [closedPosition({ liquidated: true })];
    const [found] = diffPositions({ before: [position()], after: [], closed, now: NOW });
    expect([found?.severity, found?.title]).toEqual([
      'critical',
      'LIQUIDATED: ETHUSDT long was closed by force: -24.81 USDT',
    ]);
  });

  it('names the stop that a liquidation overtook, and that nobody knows of one', () => {
    const closed = [closedPosition({ liquidated: true })];
    const lines = (protections: ProtectiveOrder[]): string =>
      diffPositions({ before: [position()], after: [], closed, protections, now: NOW })
        .flatMap((each) => each.lines)
        .join(' ');
    expect(lines([protection()])).toContain('A stop rested at 2,955: it did not close');
    expect(lines([])).toContain('Vigil knows of no stop');
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

describe('who did it', () => {
  const closing: OwnAction = { kind: 'close', positionId: 'p1', at: NOW };
  const others: OwnAction = { kind: 'close', positionId: 'p2', at: NOW };
  const told = (change: Partial<Parameters<typeof diffPositions>[0]>): string[] =>
    diffPositions({ before: [position()], after: [], closed: [], now: NOW, ...change }).map(
      ({ severity, lines }) => `${severity}: ${lines.join(' ')}`,
    );

  it.each([
    [[closing], 'info', false],
    [[others], 'warning', true],
    [[], 'warning', true],
  ] as const)('closed with the actions %j is %s', (actions, severity, elsewhere) => {
    const closed = [closedPosition({ closePrice: price('3050'), net: usd('23') })];
    const [line = ''] = told({ closed, actions });
    expect(line.startsWith(severity)).toBe(true);
    expect(line.includes('Vigil did not do this')).toBe(elsewhere);
  });

  it('of a target for a part that closed all that was left is nobody else, whatever rested farther away', () => {
    const farther = protection({
      stopQty: qty('5'),
      targetPrice: price('3300'),
      targetQty: qty('5'),
    });
    const { stopPrice: _none, ...alone } = protection({ id: 'part' });
    const part = { ...alone, targetPrice: price('3060'), targetQty: qty('1') };
    const closed = [closedPosition({ closePrice: price('3060'), net: usd('28') })];
    const change = { before: [position()], after: [], closed, now: NOW };
    const [end] = diffPositions({ ...change, protections: [farther, part] });
    expect(end?.title).toContain('target filled');
    expect(end?.revises?.map(({ key }) => key)).toContain(`target-hit:p1:${price('3060')}`);
  });

  it('tells the price of what was left, where earlier parts are known, and else that it is an average', () => {
    // A long of 1 from 3,000: half of it closed at 3,100, the rest at 2,950.
    const half = position({ qty: qty('0.5'), realisedGross: usd('50') });
    const end = closedPosition({ maxQty: qty('1'), closePrice: price('3025'), gross: usd('25') });
    expect(told({ before: [half], closed: [end] })[0]).toContain(
      'out at 2,950 with the last 0.5 (3,025 on average, with the part closed before)',
    );
    expect(told({ before: [half], closed: [{ ...end, basisAssumed: true }] })[0]).toContain(
      'out at 3,025 on average, with the part closed before, held',
    );
    const whole = position({ qty: qty('1') });
    expect(told({ before: [whole], closed: [end] })[0]).toContain('out at 3,025, held');
  });

  it('of a filled stop is nobody else', () => {
    const [line] = told({ closed: [closedPosition()], protections: [protection()] });
    expect(line).not.toContain('Vigil did not do this');
  });

  it('of a position that was never seen open is not guessed', () => {
    const [line] = told({ before: [], closed: [closedPosition({ closePrice: price('3050') })] });
    expect(line).not.toContain('Vigil did not do this');
  });

  const smaller = position({ qty: qty('0.2') });
  const partial = protection({ stopQty: qty('0.3') });
  const whole = protection({ stopQty: qty('0.5') });
  it.each([
    ['Vigil', { actions: [closing] }, 'info', ''],
    ['a stop for a part', { protections: [partial] }, 'info', 'A stop or target for a part'],
    ['somebody, beside a stop for all', { protections: [whole] }, 'warning', 'Vigil did not'],
    ['somebody', {}, 'warning', 'Vigil did not do this'],
  ] as const)('made smaller by %s', (_, change, severity, words) => {
    const [line] = told({ after: [smaller], ...change });
    expect(line).toMatch(new RegExp(`^${severity}: .*${words}`));
  });

  it('made smaller near the liquidation price is probably the exchange', () => {
    // Entry 3000, liquidation 2420: the last quarter of that way begins at 2565.
    const at = (unrealised: string): string | undefined =>
      told({ after: [{ ...smaller, unrealisedPnl: usd(unrealised) }] })[0];
    expect(at('-87')).toMatch(/^critical: .*mark price 2,565 is at the liquidation price 2,420/);
    expect(at('-200')).toMatch(/^critical/);
    expect(at('-86.9')).toMatch(/^warning/);
  });

  it.each([
    [{ leverage: 10 }, [], 'warning'],
    [{ leverage: 10 }, [{ kind: 'leverage', symbol: 'ETHUSDT', leverage: 10, at: NOW }], 'info'],
    [{ leverage: 10 }, [{ kind: 'leverage', symbol: 'ETHUSDT', leverage: 9, at: NOW }], 'warning'],
    [{ leverage: 3 }, [], 'info'],
    [{ marginMode: 'cross' }, [], 'warning'],
  ] as const)('set to %j after %j is %s', (over, actions, severity) => {
    const [line] = told({ after: [position(over)], actions });
    expect(line?.startsWith(severity)).toBe(true);
    expect(line?.includes('Vigil did not do this')).toBe(
      !(actions as readonly OwnAction[]).some(
        (action) => action.kind === 'leverage' && action.leverage === 10,
      ),
    );
  });
});
