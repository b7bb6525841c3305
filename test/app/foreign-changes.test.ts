import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lostStops } from '../../src/app/foreign-changes.ts';
import { executeProposal } from '../../src/app/execute-proposal.ts';
import { refreshAccount } from '../../src/app/refresh-account.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { SECOND } from '../../src/domain/time.ts';
import { signedHeaders } from '../../src/exchange/sign.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { approved } from './signals.ts';
import { KEY, openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const look = (): Promise<void> => refreshAccount(vigil.ports);
const keys = async (): Promise<string[]> =>
  (await vigil.alerts()).map((each) => each.key.replaceAll(/:.*/g, ''));
const alertOf = async (key: string): Promise<Alert | undefined> =>
  (await vigil.alerts()).find((each) => each.key.startsWith(key));

/** A limit order far from the market, as the owner's phone places it. */
async function restingByHand(clientId: string): Promise<string> {
  const body = JSON.stringify({
    symbol: 'ETHUSDT',
    qty: '0.1',
    side: 'BUY',
    tradeSide: 'OPEN',
    orderType: 'LIMIT',
    effect: 'GTC',
    price: '3900',
    clientId,
  });
  const reply = await send('place_order', body);
  return reply.data?.orderId ?? '';
}

async function send(call: string, body: string): Promise<{ data?: { orderId?: string } }> {
  const response = await fetch(`${vigil.venue.url}/api/v1/futures/trade/${call}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signedHeaders(KEY, { timestampMs: vigil.venue.now(), body }),
    },
    body,
  });
  const reply = (await response.json()) as {
    code: number;
    msg: string;
    data?: { orderId?: string };
  };
  if (reply.code !== 0) throw new Error(reply.msg);
  return reply;
}

describe('an order', () => {
  it('that the owner places by hand is told once, and once more when it is gone', async () => {
    vigil = await openVigil({ redis });
    await look();
    const orderId = await restingByHand('phone1');
    await look();
    await look();
    expect(await keys()).toEqual(['order-elsewhere']);
    expect((await alertOf('order-elsewhere'))?.severity).toBe('warning');
    await send('cancel_orders', JSON.stringify({ symbol: 'ETHUSDT', orderList: [{ orderId }] }));
    await look();
    await look();
    expect(await keys()).toEqual(['order-elsewhere', 'order-gone']);
  });

  it('that carries the id of a rejected signal is critical', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    const proposal = await approved(ports);
    await ports.proposals.apply(proposal.id, { kind: 'refuse', outcome: 'a test' });
    await restingByHand(proposal.clientId);
    await look();
    expect((await alertOf('order-not-believed'))?.severity).toBe('critical');
    expect(await keys()).not.toContain('order-elsewhere');
  });
});

describe('a position', () => {
  it('that was opened by hand says so, also when it happened while Vigil was away', async () => {
    vigil = await openVigil({ redis });
    await look();
    await vigil.control('position', { symbol: 'ETHUSDT', side: 'LONG', notional: '1000' });
    await look();
    const alert = await alertOf('position-opened');
    expect(alert?.severity).toBe('warning');
    expect(alert?.lines.join(' ')).toContain('Vigil did not do this');
  });

  it('that Vigil opened itself is plain news', async () => {
    vigil = await openVigil({ redis });
    const proposal = await approved(vigil.ports);
    await executeProposal(vigil.ports, proposal.id);
    await look();
    const alert = await alertOf('position-opened');
    expect(alert?.severity).toBe('info');
    expect(alert?.lines.join(' ')).not.toContain('Vigil did not');
  });

  it('whose stop vanishes is alarmed once, with the stop that it had', async () => {
    vigil = await openVigil({ redis });
    await vigil.control('position', {
      symbol: 'ETHUSDT',
      side: 'LONG',
      notional: '1000',
      stop: '3900',
    });
    await look();
    await vigil.control('fault', { fault: 'tpsl-system-cancel', symbol: 'ETHUSDT' });
    await look();
    await vigil.leap(11 * SECOND);
    await look();
    await look();
    expect(await keys()).toEqual(['unprotected']);
    expect((await alertOf('unprotected'))?.lines[0]).toContain(
      'Its stop at 3,900 covered all of it',
    );
  });
});

it('a stop that was never there is not one that is lost', () => {
  expect(lostStops(undefined, new Map([['p1', 5]])).size).toBe(0);
});
