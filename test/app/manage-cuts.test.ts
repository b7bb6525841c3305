/**
 * A process that dies before any of its calls that change something (a look changes nothing, so dying before one is dying before the next) while it carries out what was confirmed, and another one that takes the job up again: what was
 * asked for is done once or told, and the position is never without the stop that it had.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { carryOutChange } from '../../src/app/manage/carry-out-change.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { ManageRequest } from '../../src/app/ports/work.ts';
import { percent, ratio, toNumber, toText } from '../../src/domain/money/money.ts';
import type { ChangeRequest } from '../../src/domain/own-action.ts';
import { stopsOf, type Position } from '../../src/domain/position.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { confirmedChange } from './confirmed-change.ts';
import { hurried, openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

/** The same ports in a process that dies before its call number `at`; `calls` counts those that it made. */
function dying(of: Ports, at: number): { readonly ports: Ports; readonly calls: () => number } {
  let calls = 0;
  const mortal = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        const act = value.bind(target) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          calls += 1;
          return calls > at ? Promise.reject(new Error('killed')) : act(...args);
        };
      },
    });
  const { actions, outbox, trails, timeStops, work } = of;
  const parts = { actions, outbox, trails, timeStops, work };
  const { trading } = of;
  if (trading === undefined) throw new Error('nothing can trade');
  const all = Object.entries({ ...parts, trading }).map(([name, part]) => [name, mortal(part)]);
  return { ports: { ...of, ...(Object.fromEntries(all) as object) }, calls: () => calls };
}

/** A position of its own for each cut, with a stop 2 % away. */
async function fresh(): Promise<Position> {
  for (const { id, symbol } of await ports.account.positions()) {
    await carryOutChange(
      ports,
      await confirmed({ id, symbol }, { kind: 'close', share: percent('100') }),
    );
  }
  await vigil.control('position', {
    symbol: 'ETHUSDT',
    side: 'LONG',
    notional: '1000',
    leverage: 5,
  });
  const [held] = await ports.account.positions();
  if (held === undefined) throw new Error('nothing is open');
  await carryOutChange(ports, await confirmed(held, { kind: 'stop', at: { away: percent('2') } }));
  return held;
}

const confirmed = (
  held: Pick<Position, 'id' | 'symbol'>,
  request: ChangeRequest,
): Promise<ManageRequest> => confirmedChange(ports, held, request);

/** What is so in the end, as words that two runs can be compared by. */
async function endOf(held: Position, request: ManageRequest): Promise<string> {
  const left = (await ports.account.positions()).find((each) => each.id === held.id);
  const share = left === undefined ? 0 : toNumber(left.qty) / toNumber(held.qty);
  const resting = (await ports.account.protections()).filter(
    ({ positionId }) => positionId === held.id,
  );
  const stop = left === undefined ? undefined : stopsOf(left, resting).largest?.price;
  const { change } = request;
  const asked = 'stop' in change ? change.stop : undefined;
  return [
    `${share.toFixed(1)} is open`,
    `${resting.length} rest`,
    stop === undefined
      ? 'no stop'
      : stop === asked
        ? 'the stop that was asked for'
        : 'the old stop',
    `follows: ${(await ports.trails.all()).some(({ positionId }) => positionId === held.id)}`,
    `targets ${resting.flatMap(({ targetPrice }) => targetPrice ?? []).map(toText).length}`,
  ].join(', ');
}

const told = async ({ id }: ManageRequest): Promise<readonly string[]> =>
  (await vigil.alerts()).filter(({ key }) => key === `manage:${id}`).map(({ title }) => title);

const ACTIONS: readonly (readonly [string, ChangeRequest])[] = [
  ['closing half', { kind: 'close', share: percent('50') }],
  ['closing all', { kind: 'close', share: percent('100') }],
  ['a nearer stop', { kind: 'stop', at: { away: percent('1') } }],
  ['a target', { kind: 'target', at: { away: percent('4') } }],
  ['a stop that follows', { kind: 'trail', distance: { away: percent('1') } }],
  ['a part further on', { kind: 'scale-out', share: percent('50'), at: { away: percent('3') } }],
  ['a time stop', { kind: 'time-stop', hours: ratio('4') }],
];

it.each(ACTIONS)('%s, cut off at each of its calls', async (_name, asked) => {
  vigil = await openVigil({ redis });
  ({ ports } = vigil);
  await refreshAccount(ports);
  let held = await fresh();
  let request = await confirmed(held, asked);
  await carryOutChange(ports, request);
  const whole = await endOf(held, request);
  for (let at = 0; ; at += 1) {
    held = await fresh();
    const before = await endOf(held, request);
    request = await confirmed(held, asked);
    const first = dying(ports, at);
    const died = await carryOutChange(first.ports, request).then(
      () => false,
      () => true,
    );
    const cut = `cut off before call ${at + 1}`;
    const between = await endOf(held, request);
    expect(between.includes('no stop') && !between.startsWith('0.0'), `${cut}: ${between}`).toBe(
      false,
    );
    await carryOutChange(hurried(vigil, ports, 4), request);
    const after = await endOf(held, request);
    const titles = await told(request);
    // Sent or not: where only the note of it is there it is told as not known, and not sent after all.
    const isUnknown = titles.some((each) => each.includes('cannot see whether'));
    expect(after, cut).toBe(isUnknown ? before : whole);
    expect(titles.length, `${cut} is told`).toBe(
      after.startsWith('0.0') ? 0 : asked.kind === 'close' && !isUnknown ? 0 : 1,
    );
    const denied = titles.filter((each) => each.includes('not done'));
    if (after === whole) expect(denied, `${cut}: it is done and called not done`).toEqual([]);
    if (!died && first.calls() <= at) break;
  }
});
