import { describe, expect, it } from 'vitest';
import { DEMO_COMMAND, parseDemoArguments } from '../src/demo/arguments.ts';

const refusal = (...args: string[]): string => {
  try {
    parseDemoArguments(args);
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
  return 'accepted';
};

describe('the demo', () => {
  it('has defaults for everything', () => {
    expect(parseDemoArguments([])).toEqual({
      speed: 20,
      seed: 12,
      open: [],
      headless: false,
      sentinel: false,
      fresh: false,
    });
  });

  it('plays a recording faster than a generated market', () => {
    expect(parseDemoArguments(['--replay', 'data']).speed).toBe(600);
    expect(parseDemoArguments(['--replay', 'data', '--speed', '5']).speed).toBe(5);
  });

  it('takes all its options', () => {
    const args =
      '--replay data --from 2025-10-09T00:00Z --to 2025-10-11 --speed 600 --port 8787 --seed 0 ' +
      '--open BTCUSDT:long,1000PEPEUSDT:short --for 5m --headless --sentinel --fresh';
    expect(parseDemoArguments(args.split(' '))).toEqual({
      replay: 'data',
      from: Date.UTC(2025, 9, 9),
      to: Date.UTC(2025, 9, 11),
      speed: 600,
      port: 8787,
      seed: 0,
      open: [
        { symbol: 'BTCUSDT', side: 'long' },
        { symbol: '1000PEPEUSDT', side: 'short' },
      ],
      forMs: 300_000,
      headless: true,
      sentinel: true,
      fresh: true,
    });
  });

  it.each([
    ['60s', 60_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
  ])('ends after %s', (text, ms) => {
    expect(parseDemoArguments(['--for', text]).forMs).toBe(ms);
  });

  it.each([
    ['2025-10-09', Date.UTC(2025, 9, 9)],
    ['2025-10-09T21:15', Date.UTC(2025, 9, 9, 21, 15)],
    ['2025-10-09T21:15:30Z', Date.UTC(2025, 9, 9, 21, 15, 30)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
  ])('reads %s as UTC', (text, at) => {
    expect(parseDemoArguments(['--from', text]).from).toBe(at);
  });
});

describe('a wrong option of the demo', () => {
  it.each([
    ['--speed', ['0', '3601', '-5', '1.5', 'fast', '', '1e3'], 'a whole number from 1 to 3600'],
    ['--port', ['0', '65536', 'http', '80 '], 'a whole number from 1 to 65535'],
    ['--seed', ['4294967296', 'x', '12345678901'], 'a whole number from 0 to 4294967295'],
    ['--for', ['60', '1d', 's', '1.5m', '-5s'], 'a time such as 60s, 5m or 1h'],
    [
      '--from',
      ['yesterday', '2025-13-01', '2025-02-30', '2025-10-09T25:00Z', '2025-10-09T00:00+02:00'],
      'a time in UTC such as 2025-10-09T00:00Z',
    ],
    ['--to', ['10/11/2025'], 'a time in UTC such as 2025-10-09T00:00Z'],
    [
      '--open',
      ['BTCUSDT', 'BTCUSDT:up', 'btcusdt:long', 'BTCUSDT:long:5', 'BTCUSDT:long,', ''],
      'SYMBOL:long or SYMBOL:short, such as BTCUSDT:long',
    ],
  ])('%s names what is allowed', (name, values, allowed) => {
    for (const value of values) {
      const message = refusal(`${name}=${value}`);
      expect(message, `${name}=${value}`).toContain(name);
      expect(message, `${name}=${value}`).toContain(allowed);
    }
  });

  it.each([
    [['--port', '70000'], '--port is "70000"; it must be a whole number from 1 to 65535.'],
    [['--for', '60'], '--for is "60"; it must be a time such as 60s, 5m or 1h.'],
    [
      ['--open', 'BTC-long'],
      '--open is "BTC-long"; it must be a list of SYMBOL:long or SYMBOL:short',
    ],
    [['--from', 'yesterday'], '--from is "yesterday"; it must be a time in UTC such as'],
    [['--turbo'], "Unknown option '--turbo'"],
  ])('%j is named as it was written, with what is allowed', (args, says) => {
    expect(refusal(...args)).toContain(says);
  });

  it('that nobody knows is named, with the ones there are', () => {
    expect(refusal('--sped', '5')).toContain('--sped');
    expect(refusal('--sped', '5')).toContain(DEMO_COMMAND.usage);
    expect(refusal('rest')).toContain('rest');
    expect(refusal('--speed')).toContain('--speed');
    expect(refusal('--headless=yes')).toContain('--headless');
  });

  it('is an end that does not come after the start', () => {
    expect(refusal('--from', '2025-10-09', '--to', '2025-10-09')).toContain(
      '--to must be later than --from',
    );
  });
});
