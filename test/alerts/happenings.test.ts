/** Any sequence of account readings: each change is told exactly once, and none is invented. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffPositions } from '../../src/alerts/watch/diff-positions.ts';
import { prepareLevels, touchedLevels } from '../../src/alerts/watch/touched-levels.ts';
import { watchLevels, type BelievedLevels } from '../../src/alerts/watch/level-watch.ts';
import { watchProtection } from '../../src/alerts/watch/protection-watch.ts';
import type { Finding } from '../../src/domain/alert.ts';
import { decode, encode } from '../../src/store/codec.ts';
import { price, qty, usd, type Qty } from '../../src/domain/money/money.ts';
import type { ClosedPosition, Position, ProtectiveOrder } from '../../src/domain/position.ts';
import { z } from 'zod';
import { closedPosition, NOW, position, protection } from './fixtures.ts';

type Step =
  | { readonly kind: 'open' | 'close' | 'flip' | 'nothing' | 'again' | 'restart' }
  | { readonly kind: 'tick'; readonly at: number; readonly first: 'stream' | 'poll' }
  | { readonly kind: 'resize'; readonly to: number }
  | { readonly kind: 'stops'; readonly at: readonly number[] };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom('open', 'close', 'flip', 'nothing', 'again', 'restart').map((kind) => ({
    kind: kind as 'open',
  })),
  // Few sizes, so that one comes back again and again, as with a bot of a fixed lot.
  fc.constantFrom(1, 2, 3).map((to) => ({ kind: 'resize' as const, to })),
  // A price by the stream, before or after the account is read again.
  fc.record({
    kind: fc.constant('tick' as const),
    at: fc.constantFrom(101, 94, 75, 60),
    first: fc.constantFrom('stream' as const, 'poll' as const),
  }),
  fc
    .array(fc.constantFrom(94, 90, 60), { maxLength: 3 })
    .map((at) => ({ kind: 'stops' as const, at })),
);

/** The account as it truly is. */
class Truth {
  position: Position | undefined;
  protections: readonly ProtectiveOrder[] = [];
  readonly closed: ClosedPosition[] = [];
  #opened = 0;

  open(now: number, side: 'long' | 'short' = 'long'): void {
    this.#opened += 1;
    this.protections = [];
    this.position = position({
      id: `p${this.#opened}`,
      side,
      qty: qty('1'),
      entryPrice: price('100'),
      liquidationPrice: price(side === 'long' ? '10' : '190'),
      openedAt: now,
      updatedAt: now,
    });
  }

  close(now: number): void {
    if (this.position === undefined) return;
    const { id, side, openedAt } = this.position;
    this.closed.push(
      closedPosition({
        id,
        side,
        openedAt,
        closedAt: now,
        entryPrice: price('100'),
        closePrice: price('101'),
      }),
    );
    this.position = undefined;
    this.protections = [];
  }

  resize(to: number, now: number): 'grew' | 'shrank' | undefined {
    if (this.position === undefined) return undefined;
    const size = qty(String(to));
    const { qty: before, realisedGross } = this.position;
    if (size === before) return undefined;
    const grows = size > before;
    this.position = {
      ...this.position,
      qty: size,
      updatedAt: now,
      realisedGross: grows ? realisedGross : usd(String(Number(realisedGross) / 1e18 + 1)),
    };
    return grows ? 'grew' : 'shrank';
  }

  stop(at: readonly number[]): void {
    if (this.position === undefined) return;
    const { id } = this.position;
    this.protections = at.map((each, index) => {
      const { targetPrice: _none, ...bare } = protection({ id: `s${index}`, positionId: id });
      return { ...bare, stopPrice: price(String(each)), stopQty: qty('1') };
    });
  }
}

/** What Vigil remembers from one reading to the next, and what it has told. */
class Watcher {
  readonly told: Finding[] = [];
  #before: readonly Position[] | undefined;
  #protections: readonly ProtectiveOrder[] = [];
  #levels: ReadonlyMap<string, BelievedLevels> = new Map();
  #since: ReadonlyMap<string, number> = new Map();
  readonly #keys = new Set<string>();

  read({ position: open, protections, closed }: Truth, now: number): void {
    const positions = open === undefined ? [] : [open];
    const changes = diffPositions({
      before: this.#before,
      after: positions,
      closed,
      protections: this.#protections,
      protectionsNow: protections,
      now,
    });
    const levels = watchLevels({
      positions,
      protections,
      previous: this.#levels,
      actions: [],
      now,
    });
    const protect = watchProtection({ positions, protections, previous: this.#since, now });
    this.#tell([...changes, ...levels.findings, ...protect.findings]);
    this.#before = positions;
    this.#protections = protections;
    this.#levels = levels.believed;
    this.#since = protect.since;
  }

  /** The stream goes by what was stored with the last reading. Gives back what a stop was touched by it. */
  tick(mark: number, now: number): readonly string[] {
    const positions = this.#before ?? [];
    const index = prepareLevels(positions, this.#protections);
    const tick = { symbol: 'ETHUSDT', mark: price(String(mark)), at: now };
    const found = touchedLevels(index, tick).filter(({ kind }) => kind === 'stop-hit');
    this.#tell(found);
    return found.map(({ key }) => key);
  }

  /** The outbox knows what it has by its key. */
  #tell(findings: readonly Finding[]): void {
    for (const each of findings) {
      if (this.#keys.has(each.key)) continue;
      this.#keys.add(each.key);
      this.told.push(each);
    }
  }

  /** The process dies and another one goes on from what is stored. */
  restart(): void {
    const stored = encode([this.#before, this.#protections, this.#levels, this.#since]);
    [this.#before, this.#protections, this.#levels, this.#since] = decode<
      [
        readonly Position[],
        readonly ProtectiveOrder[],
        ReadonlyMap<string, BelievedLevels>,
        ReadonlyMap<string, number>,
      ]
    >(stored, z.unknown(), 'the test');
  }

  count(about: RegExp): number {
    return this.told.filter(({ title }) => about.test(title)).length;
  }
}

describe('whatever happens to positions', () => {
  it('is told exactly once, and nothing that did not happen', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const truth = new Truth();
        const watcher = new Watcher();
        const happened = { opened: 1, grew: 0, shrank: 0, closed: 0 };
        const reached = new Set<string>();
        const touch = (at: number): void =>
          watcher.tick(at, now).forEach((key) => reached.add(key));
        let now = NOW;
        const read = (): void => {
          now += 5_000;
          watcher.read(truth, now);
        };
        read();
        truth.open(now);
        read();
        for (const each of steps) {
          now += 1;
          if (each.kind === 'restart') watcher.restart();
          if (each.kind === 'open' && truth.position === undefined) {
            truth.open(now);
            happened.opened += 1;
          }
          if ((each.kind === 'close' || each.kind === 'flip') && truth.position !== undefined) {
            const { side } = truth.position;
            truth.close(now);
            happened.closed += 1;
            if (each.kind === 'flip') {
              truth.open(now, side === 'long' ? 'short' : 'long');
              happened.opened += 1;
            }
          }
          if (each.kind === 'resize') {
            const how = truth.resize(each.to, now);
            if (how !== undefined) happened[how] += 1;
          }
          if (each.kind === 'stops') truth.stop(each.at);
          if (each.kind === 'tick' && each.first === 'stream') touch(each.at);
          read();
          if (each.kind === 'tick') touch(each.at);
          // The same reading again, as where stream and poll both ask for it.
          if (each.kind === 'again') read();
        }
        expect({
          opened: watcher.count(/ opened: /),
          grew: watcher.count(/ grew from /),
          shrank: watcher.count(/ partly closed: /),
          closed: watcher.count(/(?<!partly) (closed|filled): /),
        }).toEqual(happened);
        expect(watcher.count(/ reached$/)).toBe(reached.size);
      }),
      { numRuns: 300 },
    );
  });

  it('stops that are set, moved, split or removed are told once when they have settled', () => {
    const stops = fc.array(fc.constantFrom(94, 90, 60), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(stops, { minLength: 1, maxLength: 8, size: 'max' }), (sequence) => {
        const truth = new Truth();
        truth.open(NOW);
        truth.resize(3, NOW);
        const watcher = new Watcher();
        const text = (at: readonly number[]): string => at.toSorted((a, b) => a - b).join();
        let now = NOW;
        let changes = 0;
        let before: string | undefined;
        for (const at of sequence) {
          truth.stop(at);
          // Until the exchange's list has settled: two looks that agree, and one more that tells nothing.
          for (let look = 0; look < 3; look += 1) watcher.read(truth, (now += 5_000));
          if (before !== undefined && before !== text(at)) changes += 1;
          before = text(at);
        }
        expect(watcher.count(/its stops? (was|were) /)).toBe(changes);
      }),
      { numRuns: 200 },
    );
  });
});

describe('several stops', () => {
  const long = position({ qty: qty('1'), entryPrice: price('100'), liquidationPrice: price('10') });
  const part = (id: string, at: string, size: string): ProtectiveOrder => {
    const { targetPrice: _none, ...bare } = protection({ id });
    return { ...bare, stopPrice: price(at), stopQty: qty(size) };
  };
  const look = (looks: readonly (readonly ProtectiveOrder[])[], sizes: readonly Qty[] = []) => {
    let previous: ReadonlyMap<string, BelievedLevels> = new Map();
    return looks.flatMap((protections, index) => {
      const positions = [{ ...long, qty: sizes[index] ?? long.qty }];
      const seen = watchLevels({ positions, protections, previous, actions: [], now: NOW + index });
      previous = seen.believed;
      return [...seen.findings];
    });
  };

  it('of which the smaller one is moved away are told, and loudly', () => {
    const before = [part('a', '94', '0.4'), part('b', '90', '0.6')];
    const after = [part('a', '60', '0.4'), part('b', '90', '0.6')];
    const [found, ...others] = look([before, after, after]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: 'warning', stakes: 'foreign' });
    expect(found?.title).toBe(
      'ETHUSDT long: its stops were changed from 94 for 0.4 and 90 for 0.6 to 90 for 0.6 and 60 for 0.4',
    );
    expect(found?.lines[0]).toContain(
      'makes about -22.00 USDT before fees and funding; it was -8.40 USDT',
    );
  });

  it('of which one fills with its part of the position are no move', () => {
    const before = [part('a', '94', '0.4'), part('b', '90', '0.6')];
    const left = [part('b', '90', '0.6')];
    expect(look([before, left, left], [qty('1'), qty('0.6'), qty('0.6')])).toEqual([]);
  });

  it('that fill one after the other name themselves', () => {
    const before = [part('a', '94', '0.4'), part('b', '90', '0.6')];
    const [reduced] = diffPositions({
      before: [long],
      after: [{ ...long, qty: qty('0.6'), realisedGross: usd('-2.4') }],
      closed: [],
      protections: before,
      protectionsNow: before.slice(1),
      now: NOW,
    });
    expect(reduced).toMatchObject({ stakes: 'cost' });
    expect(reduced?.lines).toContain('Its stop for this part at 94 has filled.');
    const [closed] = diffPositions({
      before: [long],
      after: [],
      closed: [
        closedPosition({ entryPrice: price('100'), closePrice: price('91.6'), gross: usd('-8.4') }),
      ],
      protections: before,
      now: NOW,
    });
    expect(closed?.title).toContain('stops filled');
    expect(closed?.lines.join(' ')).not.toContain('Vigil did not do this');
  });
});

it('a close with a gain that nobody asked for may have been made by the exchange', () => {
  const [closed] = diffPositions({
    before: [position()],
    after: [],
    closed: [closedPosition({ closePrice: price('3300'), gross: usd('150'), net: usd('148') })],
    protections: [protection()],
    now: NOW,
  });
  expect(closed?.title).toContain('target filled');
  const [taken] = diffPositions({
    before: [position()],
    after: [],
    closed: [closedPosition({ closePrice: price('3050'), gross: usd('25'), net: usd('23') })],
    protections: [protection()],
    now: NOW,
  });
  expect(taken?.lines.join(' ')).toContain(
    'by the exchange, which takes winning positions in a crash',
  );
});
