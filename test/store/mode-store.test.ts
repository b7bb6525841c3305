import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { ModeStore } from '../../src/app/ports/mode-store.ts';
import type { OutboxQueue } from '../../src/app/ports/outbox.ts';
import { bootMode } from '../../src/app/halt/boot-mode.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import type { ModeEvent, ModeState } from '../../src/domain/trading-mode.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { modeTextAfter } from '../../src/store/repositories/mode-store.ts';
import { gateInput } from '../risk/fixtures.ts';
import { openRedis, type RealRedis } from './real-redis.ts';
import { finding, NOW, tighten } from './samples.ts';

let rig: RealRedis;
let redis: Redis;
let mode: ModeStore;
let outbox: OutboxQueue;
const keys = storeKeys('test');
const NORMAL: ModeState = { mode: 'normal', reasons: [], since: NOW };

beforeAll(async () => {
  rig = await openRedis();
  ({ redis, mode, outbox } = rig.store());
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

describe('the stored trading mode', () => {
  it('is undefined while nothing is stored', async () => {
    expect(await mode.read()).toBeUndefined();
  });

  it('is the first state that was written, however often another one is offered', async () => {
    await mode.initialise(NORMAL);
    const second = await mode.initialise({ ...NORMAL, mode: 'halted' });
    expect(second).toEqual(NORMAL);
    expect(await mode.read()).toEqual(NORMAL);
  });

  it('is one state when two processes start at the same moment', async () => {
    const other = rig.store().mode;
    const halted: ModeState = { ...NORMAL, mode: 'halted' };
    const [one, two] = await Promise.all([mode.initialise(NORMAL), other.initialise(halted)]);
    expect(one).toEqual(two);
    expect(await mode.read()).toEqual(one);
  });

  it('tightens, keeps its reasons and never loosens by a tightening', async () => {
    await mode.initialise(NORMAL);
    expect((await mode.apply(tighten('halted', 'daily-loss', NOW + 1))).changed).toBe(true);
    const { state, changed } = await mode.apply(tighten('reduceOnly', 'prices', NOW + 2));
    expect(changed).toBe(false);
    expect(state).toMatchObject({ mode: 'halted', since: NOW + 1 });
    expect(state.reasons.map((each) => each.trigger)).toEqual(['daily-loss', 'prices']);
    expect(await rig.store().mode.read()).toEqual(state);
  });

  it('goes back to normal by a resume alone', async () => {
    await mode.initialise(NORMAL);
    const judged = (await mode.apply(tighten('halted', 'owner'))).state.reasons;
    const { state, changed } = await mode.apply({ kind: 'resume', at: NOW + 5, by: 1, judged });
    expect(state).toEqual({ mode: 'normal', reasons: [], since: NOW + 5 });
    expect(changed).toBe(true);
  });

  it('stores the alert of a change in the same moment', async () => {
    await mode.initialise(NORMAL);
    await mode.apply(tighten('halted', 'owner'), {
      tell: (before, after) => ({ findings: [finding(`${before.mode} to ${after.mode}`)] }),
    });
    expect((await outbox.pending(5)).map((each) => each.key)).toEqual(['normal to halted']);
  });

  it('changes the message of the first reason, or tells the next one where that was never told', async () => {
    await mode.initialise(NORMAL);
    const otherwise = finding('second');
    const revision = { key: 'first', title: 'For 2 reasons', lines: ['b', 'a'] };
    const more = { tell: () => ({ revisions: [{ ...revision, otherwise }] }) };
    await mode.apply(tighten('halted', 'a'), { tell: () => ({ findings: [finding('first')] }) });
    await mode.apply(tighten('halted', 'b'), more);
    const changed = await outbox.pending(5);
    expect(changed).toMatchObject([{ number: 1, ...revision }]);
    await redis.del(keys.alertKeys);
    await mode.apply(tighten('halted', 'c'), more);
    expect((await outbox.pending(5)).map((each) => each.key)).toEqual(['first', 'second']);
  });

  it('journals every event', async () => {
    await mode.initialise(NORMAL);
    await mode.apply(tighten('halted', 'owner'));
    await mode.apply({ kind: 'resume', at: NOW, by: 1, judged: [] });
    expect(await redis.xlen(keys.modeJournal)).toBe(3);
  });

  it('loses none of fifty tightenings that come at once over two connections', async () => {
    await mode.initialise(NORMAL);
    const stores = [mode, rig.store().mode];
    const triggers = Array.from({ length: 50 }, (_, index) => `trigger-${index}`);
    const applied = triggers.map((trigger, index) =>
      (stores[index % 2] ?? mode).apply(
        tighten(index % 2 === 0 ? 'halted' : 'reduceOnly', trigger),
      ),
    );
    await Promise.all(applied);
    const state = await mode.read();
    expect(state?.mode).toBe('halted');
    expect(state?.reasons.map((each) => each.trigger).toSorted()).toEqual(triggers.toSorted());
  });
});

it('keeps the stored name of paused trading, so that a store of an earlier version goes on', async () => {
  await redis.set(keys.mode, '{"mode":"reducing","reasons":[],"since":1}');
  expect(await mode.read()).toEqual({ mode: 'reduceOnly', reasons: [], since: 1 });
  await mode.apply(tighten('reduceOnly', 'prices'));
  expect(JSON.parse((await redis.get(keys.mode)) ?? '')).toMatchObject({ mode: 'reducing' });
});

describe('what is stored after an event, without a store', () => {
  const PAUSED =
    '{"mode":"reducing","reasons":[{"trigger":"prices","evidence":"old","at":1}],"since":1}';
  const NOT_STORED = '{"mode":"reduceOnly","reasons":[],"since":1}';
  const resume: ModeEvent = { kind: 'resume', at: NOW, by: 1, judged: [] };

  it.each([
    ['normal', '{"mode":"normal","reasons":[],"since":1}'],
    ['paused', PAUSED],
    ['halted', '{"mode":"halted","reasons":[],"since":1}'],
    ['gone', undefined],
    ['named as in the code', NOT_STORED],
    ['cut off', PAUSED.slice(0, -1)],
  ])('is what the store would hold, to the letter, where it was %s', async (_what, text) => {
    for (const event of [tighten('reduceOnly', 'owner'), tighten('halted', 'owner'), resume]) {
      await redis.flushall();
      if (text !== undefined) await redis.set(keys.mode, text);
      await mode.apply(event);
      expect(modeTextAfter(text, event)).toBe(await redis.get(keys.mode));
    }
  });

  it('keeps the stored name of paused trading and every reason of a pause that becomes a halt', () => {
    expect(JSON.parse(modeTextAfter(PAUSED, tighten('reduceOnly', 'owner')))).toMatchObject({
      mode: 'reducing',
      reasons: [{ trigger: 'prices', at: 1 }, { trigger: 'owner' }],
      since: 1,
    });
    expect(JSON.parse(modeTextAfter(PAUSED, tighten('halted', 'restored')))).toMatchObject({
      mode: 'halted',
      reasons: [{ trigger: 'prices', at: 1 }, { trigger: 'restored' }],
      since: NOW,
    });
  });

  it('is halted where the name is none that is stored', () => {
    const text = modeTextAfter(NOT_STORED, tighten('reduceOnly', 'owner'));
    expect(JSON.parse(text)).toMatchObject({
      mode: 'halted',
      reasons: [{ trigger: 'memory-lost' }, { trigger: 'owner' }],
    });
  });
});

describe('a trading mode that is lost', () => {
  it.each(['{"mode":"normal"', '{"mode":"open","reasons":[],"since":1}', '', 'null'])(
    'is an error for whoever reads %j',
    async (text) => {
      await redis.set(keys.mode, text);
      await expect(mode.read()).rejects.toThrow(StoreUnreadable);
    },
  );

  it('is replaced by halted at the next tightening, with the reason, when it is corrupt', async () => {
    await redis.set(keys.mode, '{"mode":"normal"');
    const { state } = await mode.apply(tighten('reduceOnly', 'prices'));
    expect(state.mode).toBe('halted');
    expect(state.reasons[0]).toMatchObject({
      trigger: 'memory-lost',
      evidence: expect.stringContaining('could not be read') as string,
    });
    expect(state.reasons[1]?.trigger).toBe('prices');
    expect(await mode.read()).toEqual(state);
  });

  it('counts as halted at the next tightening when its key was deleted', async () => {
    await mode.initialise(NORMAL);
    await redis.del(keys.mode);
    const { state } = await mode.apply(tighten('reduceOnly', 'prices'));
    expect(state.mode).toBe('halted');
    expect(state.reasons.map((each) => each.trigger)).toEqual(['memory-lost', 'prices']);
  });

  it('refuses every entry and boots halted after the store was flushed', async () => {
    await mode.initialise(NORMAL);
    await redis.flushall();
    const stored = await mode.read();
    expect(stored).toBeUndefined();
    const verdict = checkEntry(gateInput({ mode: stored }));
    expect(verdict).toMatchObject({
      kind: 'refused',
      refusals: [expect.objectContaining({ code: 'mode-missing' })],
    });
    const ports = { mode, clock: { now: () => NOW, speed: 1 }, venueMode: 'demo' as const };
    expect(await bootMode(ports, true)).toMatchObject({
      mode: 'halted',
      reasons: [{ trigger: 'memory-lost' }],
    });
    expect((await mode.read())?.mode).toBe('halted');
  });
});
