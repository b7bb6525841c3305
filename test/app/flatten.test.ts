import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootMode } from '../../src/app/halt/boot-mode.ts';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { flatten } from '../../src/app/halt/flatten.ts';
import { halt, previewFlatten, requestFlatten } from '../../src/app/halt/halt.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { resume } from '../../src/app/halt/resume.ts';
import type { FlattenRequest } from '../../src/app/ports/work.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { signedHeaders } from '../../src/exchange/bitunix/rest/sign.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { failing } from './failing.ts';
import { approved } from './signals.ts';
import { hurried, KEY, openVigil, shownToResume, type Vigil } from './vigil.ts';
import { PATIENCE_MS } from '../patience.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

/** Two positions with stops and one resting entry order. */
async function open(): Promise<void> {
  const position = { leverage: 5, notional: '1000' } as const;
  vigil = await openVigil({
    redis,
    venue: {
      speed: 50,
      open: [
        { ...position, symbol: 'ETHUSDT', side: 'LONG', stop: '4500' },
        { ...position, symbol: 'SOLUSDT', side: 'SHORT' },
      ],
    },
  });
  ({ ports } = vigil);
  await restingOrder('BTCUSDT', '0.9');
}

/** An entry order as another program of the owner may have left it. */
async function restingOrder(symbol: string, share: string): Promise<void> {
  const ticker = (await ports.market.tickers()).find((each) => each.symbol === symbol);
  const price = Math.floor((Number(ticker?.mark ?? 0n) / 1e18) * Number(share));
  const order = { symbol, qty: '0.01', side: 'BUY', tradeSide: 'OPEN', orderType: 'LIMIT' };
  const body = JSON.stringify({ ...order, effect: 'GTC', price: String(price) });
  const response = await fetch(`${vigil.venue.url}/api/v1/futures/trade/place_order`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signedHeaders(KEY, { timestampMs: vigil.venue.now(), body }),
    },
    body,
  });
  const answer = (await response.json()) as { code: number; msg: string };
  if (answer.code !== 0) throw new Error(answer.msg);
}

const asked = (over: Partial<FlattenRequest> = {}): FlattenRequest => ({
  id: 'one',
  by: 1,
  closePositions: true,
  at: ports.clock.now(),
  ...over,
});
const report = async (): Promise<Alert | undefined> =>
  (await vigil.alerts()).find((each) => each.key.startsWith('flatten:'));
const left = async (): Promise<{ positions: number; orders: number; stops: number }> => {
  const { positions, orders, tpsl } = await vigil.truth();
  return { positions: positions.length, orders: orders.length, stops: tpsl.length };
};

describe('flattening', () => {
  it('is shown before it is asked for, and is one job', async () => {
    await open();
    expect(await previewFlatten(ports)).toEqual({
      entryOrders: 1,
      nothing: false,
      positions: expect.arrayContaining(['ETHUSDT long', 'SOLUSDT short']) as string[],
    });
    const request = { by: 1, closePositions: true, id: 'one' };
    await requestFlatten(ports, request);
    await requestFlatten(ports, request);
    expect((await vigil.jobs('orders')).map((each) => each.id)).toEqual(['flatten-one']);
  });

  it('halts, closes and cancels everything, and is done when two looks apart say flat', async () => {
    await open();
    expect(await flatten(ports, asked())).toBe('done');
    expect(await left()).toEqual({ positions: 0, orders: 0, stops: 0 });
    expect((await ports.mode.read())?.mode).toBe('halted');
    expect(await report()).toMatchObject({
      title: 'Done: entry orders cancelled, positions closed',
      lines: [
        '✅ Trading is halted',
        '✅ No entry order is open',
        '✅ No position is open',
        '✅ The exchange confirms: flat',
      ],
    });
    expect(await vigil.alerts()).toHaveLength(1);
  });

  it('edits one message from look to look, and says done only after the last', async () => {
    await open();
    const titles: string[] = [];
    const outbox: Ports['outbox'] = {
      ...ports.outbox,
      raise: (finding) => ports.outbox.raise(finding),
      revise: async (key, text) => {
        titles.push(`${(await left()).positions} ${text.title}`);
        await ports.outbox.revise(key, text);
      },
    };
    await flatten({ ...ports, outbox }, asked());
    expect(titles[0]).toBe('2 Closing everything…');
    expect(titles.at(-1)).toBe('0 Done: entry orders cancelled, positions closed');
    expect(titles.filter((each) => each.includes('Done'))).toHaveLength(1);
  });

  it('keeps the stops of what stays when only some positions are meant', async () => {
    await open();
    const short = (await vigil.truth()).positions.find((each) => each.symbol === 'SOLUSDT');
    await flatten(ports, asked({ only: [short?.positionId ?? ''] }));
    expect(await left()).toEqual({ positions: 1, orders: 0, stops: 1 });
  });

  it('without closing leaves positions and their stops as they are', async () => {
    await open();
    await flatten(ports, asked({ closePositions: false }));
    expect(await left()).toEqual({ positions: 2, orders: 0, stops: 1 });
    expect((await report())?.title).toBe('Done: entry orders cancelled');
  });

  it('is not done while an entry may still arrive, and closes it when it does', async () => {
    vigil = await openVigil({ redis, venue: { speed: 5 } });
    ({ ports } = vigil);
    await bootMode(ports, false);
    const { id } = await approved(ports);
    const late = { fault: 'late-request', path: 'place_order', amount: 500_000 };
    await vigil.control('fault', late);
    await executeProposal(hurried(vigil, ports, 3), id);
    expect((await ports.proposals.byId(id))?.status).toBe('unknown');
    const request = asked();
    const closing = flatten(ports, request);
    const line = '⏳ ETHUSDT long was sent and may still arrive: if it does, it is closed';
    await expect
      .poll(async () => (await report())?.lines, { timeout: PATIENCE_MS })
      .toContain(line);
    await vigil.leap(500_000);
    // The leap ends this run's time: the queue begins another one.
    if ((await closing) === 'left') expect(await flatten(ports, request)).toBe('done');
    expect(await left()).toEqual({ positions: 0, orders: 0, stops: 0 });
    expect((await vigil.truth()).closedPositions).toHaveLength(1);
    expect((await report())?.title).toBe('Done: entry orders cancelled, positions closed');
  });

  it('that runs again touches nothing and tells nothing new', async () => {
    await open();
    await flatten(ports, asked());
    const fills = await vigil.truth();
    await flatten(ports, asked());
    expect((await vigil.truth()).orderHistory).toHaveLength(fills.orderHistory.length);
    expect(await vigil.alerts()).toHaveLength(1);
  });

  it('by the emergency stop is silent where there is nothing to cancel', async () => {
    vigil = await openVigil({ redis, venue: { speed: 50 } });
    ({ ports } = vigil);
    await flatten(ports, asked({ by: 'emergency-stop', closePositions: false }));
    expect(await vigil.alerts()).toEqual([]);
  });

  it('is asked for before the halt, and halts by itself, so that a crash in between loses neither', async () => {
    await open();
    const request = { by: 1, closePositions: true, id: 'one' };
    await requestFlatten({ ...ports, mode: failing(ports.mode, 'apply') }, request);
    const [job] = await vigil.jobs('orders');
    expect(job?.opts.attempts).toBeGreaterThan(1e9);
    expect(await flatten(ports, job?.data as FlattenRequest)).toBe('done');
    expect(await left()).toMatchObject({ positions: 0, orders: 0 });
    expect((await ports.mode.read())?.mode).toBe('halted');
  });

  it('halts also where no job can be made', async () => {
    await open();
    const deaf = { ...ports, work: failing(ports.work, 'flatten') };
    await expect(
      requestFlatten(deaf, { by: 1, closePositions: true, id: 'one' }),
    ).rejects.toThrow();
    expect((await ports.mode.read())?.mode).toBe('halted');
  });

  it('ends when the owner resumes, and says so', async () => {
    await open();
    await refreshAccount(ports);
    const request = asked();
    await halt(ports, 1);
    await vigil.leap(1_000);
    expect(await resume(ports, await shownToResume(ports))).toMatchObject({ kind: 'resumed' });
    expect(await flatten(ports, request)).toBe('done');
    expect(await left()).toMatchObject({ positions: 2, orders: 1 });
    expect((await ports.mode.read())?.mode).toBe('normal');
    expect(await report()).toMatchObject({ title: 'Stopped: I close nothing more' });
  });

  it('names what is still open, critically, when the exchange does not obey', async () => {
    await open();
    const { trading } = ports;
    if (trading === undefined) throw new Error('nothing can trade');
    const closePosition = async () => ({ kind: 'rejected', code: '2', reason: 'not now' }) as const;
    const deaf = { ...ports, trading: { ...trading, closePosition } };
    await flatten(hurried(vigil, deaf, 3), asked());
    const found = (await vigil.alerts()).find((each) => each.key === 'flatten:one:left');
    expect(found).toMatchObject({
      severity: 'critical',
      title: 'Not finished: something is left',
    });
    expect(found?.lines.join(' ')).toMatch(
      /ETHUSDT long is still open after \d+ tries: close it at the exchange too/,
    );
    expect(found?.lines).toContain('The exchange says: SOLUSDT: not now.');
    expect(await left()).toMatchObject({ positions: 2, orders: 0 });
  });

  it('closes positions although the orders cannot be read, and says so', async () => {
    await open();
    const account = failing(ports.account, 'openOrders');
    await flatten(hurried(vigil, { ...ports, account }, 3), asked());
    expect(await left()).toMatchObject({ positions: 0 });
    expect((await report())?.lines.join(' ')).toContain('Open orders cannot be read');
  });

  it('closes the others when one position cannot be closed', async () => {
    await open();
    const { trading } = ports;
    if (trading === undefined) throw new Error('nothing can trade');
    const stuck = (await vigil.truth()).positions[0];
    const stubborn: Ports['trading'] = {
      ...trading,
      closePosition: (reduce) =>
        reduce.positionId === stuck?.positionId
          ? Promise.reject(new Error('stuck'))
          : trading.closePosition(reduce),
    };
    await flatten(hurried(vigil, { ...ports, trading: stubborn }, 3), asked());
    expect((await vigil.truth()).positions.map((each) => each.symbol)).toEqual([stuck?.symbol]);
    expect(await report()).toMatchObject({ severity: 'critical' });
  });

  it('in watch mode says that nothing can be sent', async () => {
    await open();
    const { trading: _none, ...watching } = ports;
    await flatten(watching, asked());
    expect((await report())?.lines.join(' ')).toContain('watch mode');
    expect(await left()).toMatchObject({ positions: 2, orders: 1 });
  });
});
