import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asObject, HOUR, SECRET_KEY, START, TestClient, testVenue } from './venue-client.ts';

function file(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'vigil-venue-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return path.join(dir, 'venue.json');
}

const ORDER = {
  symbol: 'BTCUSDT',
  qty: '0.01',
  side: 'BUY',
  tradeSide: 'OPEN',
  orderType: 'MARKET',
  clientId: 'kept',
  slPrice: '1000',
};

describe('a venue with a file', () => {
  it('goes on after a restart with the same account, clock, market and moved prices', async () => {
    const persistFile = file();
    const firstVenue = await testVenue({ persistFile });
    const one = new TestClient(firstVenue);
    await one.post('trade/place_order', ORDER);
    await one.control('price', { symbol: 'BTCUSDT', percent: -3 });
    await one.control('clock', { advanceMs: 9 * HOUR });
    const before = await one.state('BTCUSDT,ETHUSDT');
    await firstVenue.stop();
    const market = { kind: 'generated', seed: 11, symbols: 12, from: START + 99 * HOUR } as const;
    const two = new TestClient(await testVenue({ persistFile, market }));
    const after = await two.state('BTCUSDT,ETHUSDT');
    expect(after).toEqual(before);
    expect((await two.post('trade/place_order', ORDER)).code).toBe(30042);
  });

  it('has written an order before it answers', async () => {
    const persistFile = file();
    const one = new TestClient(await testVenue({ persistFile }));
    const reply = await one.post('trade/place_order', ORDER);
    expect(readFileSync(persistFile, 'utf8')).toContain(String(asObject(reply.data)['orderId']));
  });

  it('keeps no secret in it and lets nobody else read it', async () => {
    const persistFile = file();
    await testVenue({ persistFile });
    expect(readFileSync(persistFile, 'utf8')).not.toContain(SECRET_KEY);
    expect(statSync(persistFile).mode & 0o077).toBe(0);
  });

  it('does not start over a file that it cannot read', async () => {
    const persistFile = file();
    writeFileSync(persistFile, '{"half":');
    await expect(testVenue({ persistFile })).rejects.toThrow(/move it away to start afresh/);
  });
});
