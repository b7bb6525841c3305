import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeArgs } from '../programs.ts';
import { API_KEY, SECRET_KEY, venueTarget, type VenueTarget } from './venue-target.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

let open: VenueTarget | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

function contract(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [...nodeArgs('scripts/contract.ts'), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  }
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, output })));
}

describe('npm run contract', () => {
  it('says that the exchange cannot be reached, and ends with 2', async () => {
    const { code, output } = await contract(['--live', '--url', 'http://127.0.0.1:9']);
    expect(code).toBe(2);
    expect(output).toContain('http://127.0.0.1:9 cannot be used: the exchange cannot be reached');
    expect(output).toContain('public cases only');
  });

  it.each([
    [['--with-orders'], '--with-orders needs --live.'],
    [['--lives'], "Unknown option '--lives'"],
    [['--live', '--url', 'here'], '--url is "here"; it must be an address such as'],
  ])('refuses %j with what is allowed', async (args, sentence) => {
    const { code, output } = await contract(args);
    expect(code).toBe(2);
    expect(output).toContain(sentence);
    expect(output).toMatch(/^  --live  +against the real exchange/m);
  });

  it('reads another exchange without touching it, and names where the two differ', async () => {
    open = await venueTarget({
      speed: 1,
      market: { kind: 'generated', seed: 7, symbols: 12, from: Date.now() },
      quirks: { realizedPnl: 'gross', positionSide: 'LONG_SHORT', numbers: 'numbers' },
    });
    await open.control('position', { symbol: 'ETHUSDT', side: 'LONG', qty: '0.1', stop: '3000' });
    const keys = { BITUNIX_API_KEY: API_KEY, BITUNIX_SECRET_KEY: SECRET_KEY };
    const { code, output } = await contract(['--live', '--url', open.venue.url], keys);
    expect(output).not.toContain('BROKEN');
    expect(code).toBe(0);
    expect(output).toContain('Reading only.');
    expect(output).not.toContain('long-life');
    const differences = output.slice(output.indexOf('Where they differ:'));
    expect(differences).toMatch(/positions\n +real: +realised profit of open positions: gross\n/);
    expect(output).not.toContain(SECRET_KEY);
    const orders = await fetch(`${open.venue.controlUrl}/sim/state`);
    const { account } = (await orders.json()) as {
      account: { orders: unknown[]; positions: unknown[] };
    };
    expect([account.orders.length, account.positions.length]).toEqual([0, 1]);
  });
});
