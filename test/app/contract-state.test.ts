import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readPosition } from '../../src/app/views/read-position.ts';
import { readPositions } from '../../src/app/views/read-positions.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { positionView } from '../../src/bot/views/position.ts';
import { positionsView } from '../../src/bot/views/positions.ts';
import { formatUtc, HOUR } from '../../src/domain/time.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { aSignal, gateInputFor } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const contract = (body: object): Promise<void> =>
  vigil.control('contract', { symbol: 'ETHUSDT', ...body });
async function open(): Promise<void> {
  vigil = await openVigil({ redis, venue: { speed: 20 } });
  await vigil.control('position', {
    symbol: 'ETHUSDT',
    side: 'LONG',
    notional: '500',
    leverage: 5,
  });
  await refreshAccount(vigil.ports);
}
/** After one account cycle: the stored state, the words of /position and /positions, and what the gate says. */
async function told() {
  const { ports } = vigil;
  await refreshAccount(ports);
  const stored = (await ports.accounts.snapshot())?.contracts?.get('ETHUSDT');
  const scene = { venueMode: 'demo', speed: 1, now: ports.clock.now() } as const;
  const one = positionView(
    { text: 'ETH', reading: await readPosition(ports, 'ETH') },
    new Map(),
    scene,
  ).text;
  const all = positionsView(await readPositions(ports), { digits: new Map(), scene, page: 0 }).text;
  const [line = ''] = /ETHUSDT is .*/.exec(all) ?? [];
  expect(one).toContain(line);
  return { stored, line };
}
async function refusals(): Promise<readonly string[]> {
  const signal = await aSignal(vigil.ports, { symbol: 'SOLUSDT' });
  await vigil.control('contract', { symbol: 'SOLUSDT', status: 'CANCEL_ONLY' });
  const verdict = checkEntry(await gateInputFor(vigil.ports, signal, undefined));
  return verdict.kind === 'approved' ? [] : verdict.refusals.map((each) => each.sentence);
}

describe('the contract of an open position', () => {
  it('is open, and nothing is said of it', async () => {
    await open();
    expect(await told()).toEqual({ stored: { kind: 'open' }, line: '' });
  });

  it.each([
    ['CANCEL_ONLY', 'suspended', 'suspended: the exchange only lets orders be cancelled'],
    ['PREVIEW', 'suspended', 'not open for trading yet'],
    ['STOP', 'suspended', 'suspended: the exchange has stopped trading'],
  ])('that the exchange sets to %s is known within a cycle', async (status, kind, words) => {
    await open();
    await contract({ status });
    const { stored, line } = await told();
    expect(stored?.kind).toBe(kind);
    expect(line).toBe(`ETHUSDT is ${words}`);
    await contract({ status: 'OPEN' });
    expect(await told()).toEqual({ stored: { kind: 'open' }, line: '' });
  });

  it('is known to be delisted at a time, and then to be gone', async () => {
    await open();
    const at = Math.ceil(vigil.ports.clock.now() / HOUR) * HOUR + HOUR;
    await contract({ delistAt: at });
    expect(await told()).toEqual({
      stored: { kind: 'delisting', at },
      line: `ETHUSDT is open until ${formatUtc(at)}, when the exchange delists it`,
    });
    await vigil.leap(at - vigil.ports.clock.now());
    expect(await told()).toEqual({
      stored: { kind: 'delisted', at },
      line: `ETHUSDT is delisted since ${formatUtc(at)}`,
    });
    await contract({ delistAt: null });
    expect((await told()).stored).toEqual({ kind: 'open' });
  });

  it('keeps its last known state while the exchange does not say', async () => {
    await open();
    await contract({ status: 'CANCEL_ONLY' });
    await refreshAccount(vigil.ports);
    await contract({ status: 'OPEN' });
    await vigil.control('fault', { fault: 'html-403', count: 50, path: 'trading_pairs' });
    await refreshAccount(vigil.ports);
    const snapshot = await vigil.ports.accounts.snapshot();
    expect(snapshot?.contracts?.get('ETHUSDT')?.kind).toBe('suspended');
  });

  it('is refused by the gate by its name and state', async () => {
    await open();
    expect(await refusals()).toContain(
      'SOLUSDT is suspended: the exchange only lets orders be cancelled.',
    );
  });
});
