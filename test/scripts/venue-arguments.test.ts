import { describe, expect, it } from 'vitest';
import { venueOptions } from '../../scripts/venue/venue-arguments.ts';
import { startVenue } from '../../src/simulator/venue/venue.ts';

describe('npm run venue', () => {
  it('starts an exchange that a client with the key and the secret can use', async () => {
    const args = ['--port', '0', '--control-port', '0', '--speed', '0', '--symbols', '3'];
    const venue = await startVenue(venueOptions([...args, '--quirk', 'positionSide=LONG_SHORT']));
    try {
      const side = { symbol: 'BTCUSDT', side: 'SHORT', qty: '0.01' };
      const opened = await fetch(`${venue.controlUrl}/sim/position`, {
        method: 'POST',
        body: JSON.stringify({ ...side, apiKey: 'venueKey' }),
      });
      expect(opened.status).toBe(200);
      const state = (await (await fetch(`${venue.controlUrl}/sim/state`)).json()) as {
        account: { positions: unknown[] };
      };
      expect(state.account.positions).toMatchObject([{ side: 'SHORT' }]);
    } finally {
      await venue.stop();
    }
  });

  it('has the ports, key and account that its README names', () => {
    expect(venueOptions([])).toMatchObject({
      port: 8790,
      controlPort: 8791,
      speed: 1,
      rateLimits: true,
      accounts: [{ apiKey: 'venueKey', secretKey: 'venueSecret', balance: 10_000 }],
    });
  });

  it('takes readings, faults by chance, a file and a mode', () => {
    const options = venueOptions(
      `--quirk rateCode=10005 --quirk formingCandle=true --quirk batchMax=20 --faults 3:0.5:lost-reply,slow
       --state x.json --mode ONE_WAY --from 2025-10-09T00:00Z --no-limits`.split(/\s+/),
    );
    expect(options).toMatchObject({
      quirks: { rateCode: 10005, formingCandle: true, batchMax: 20 },
      faults: { seed: 3, rate: 0.5, kinds: ['lost-reply', 'slow'] },
      market: { from: Date.UTC(2025, 9, 9) },
      persistFile: 'x.json',
      rateLimits: false,
      accounts: [{ positionMode: 'ONE_WAY' }],
    });
  });

  it.each([
    [['--quirk', 'feeSign=up'], '--quirk feeSign is "up"; it must be positive or negative'],
    [['--quirk', 'nope=1'], 'with one of accountShape'],
    [['--quirk', 'batchMax=many'], 'batchMax is "many"; it must be a number'],
    [['--faults', '1:0.1:meteor'], 'with commas some of lost-request'],
    [['--faults', '1:7:slow'], 'a number from 0 to 1, '],
    [['--port', '99999'], '--port is "99999"; it must be a whole number from 0 to 65535'],
    [['--symbols', '1.5'], '--symbols is "1.5"; it must be a whole number from 1 to 2000'],
    [['--mode', 'both'], '--mode is "both"; it must be HEDGE or ONE_WAY'],
    [['--from', 'noon'], '--from is "noon"; it must be a time in UTC such as'],
    [['--replay', '/nowhere'], 'there is no folder /nowhere'],
    [['--what'], '--control-port N'],
  ])('says of %j what is allowed', (args, message) => {
    expect(() => venueOptions(args)).toThrow(message);
  });
});
