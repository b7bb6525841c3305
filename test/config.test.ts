import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, SETTINGS } from '../src/config.ts';
import { ROLES } from '../src/domain/process/roles.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const TOKEN = '123456789:AAEabcdefghijklmnopqrstuvwxyz';
const LIVE: Environment = {
  VIGIL_MODE: 'live',
  BITUNIX_API_KEY: 'key',
  BITUNIX_SECRET_KEY: 'secret',
  TELEGRAM_BOT_TOKEN: TOKEN,
};

/** The problems that the settings have, none when they are usable. */
function problems(environment: Environment): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('settings', () => {
  it('that are not there are the demo with everything in one process', () => {
    expect(readConfig({})).toEqual({
      mode: 'demo',
      exchangeUrl: 'https://fapi.bitunix.com',
      roles: ROLES,
      account: 'main',
      dataDir: '.data',
      logLevel: 'info',
    });
  });

  it('that are empty or blank count as absent', () => {
    const empty = Object.fromEntries(
      SETTINGS.map(({ name }, index) => [name, index % 2 ? '' : '  ']),
    );
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it('are read without the blanks around them', () => {
    const config = readConfig({
      ...LIVE,
      VIGIL_ROLES: ' bot, worker ',
      BITUNIX_URL: ' https://example.org/ ',
      REDIS_URL: 'rediss://user:word@example.org:6380/2',
      QUICKCHART_URL: 'http://charts.local:3400',
    });
    expect(config).toMatchObject({
      mode: 'live',
      apiKey: 'key',
      secretKey: 'secret',
      telegramToken: TOKEN,
      roles: ['bot', 'worker'],
      exchangeUrl: 'https://example.org',
      redisUrl: 'rediss://user:word@example.org:6380/2',
      quickChartUrl: 'http://charts.local:3400',
    });
  });

  it('that other programs use are not looked at', () => {
    expect(readConfig({ PATH: '/usr/bin', VIGIL_UNKNOWN: 'x' })).toEqual(readConfig({}));
  });
});

describe('wrong settings', () => {
  it.each([
    ['VIGIL_MODE', 'real', 'must be one of demo, paper, watch, live (it is "real")'],
    ['BITUNIX_URL', 'fapi.bitunix.com', 'must be an address that begins with "http'],
    ['BITUNIX_URL', 'ftp://fapi.bitunix.com', 'must be an address that begins with "http'],
    ['REDIS_URL', 'localhost:6379', 'must be an address that begins with "redis://"'],
    ['QUICKCHART_URL', 'nonsense', 'must be an address that begins with "http'],
    ['VIGIL_ROLES', 'bot,boss', 'must be a list of bot, worker, stream, watchdog'],
    ['VIGIL_ROLES', 'bot,,worker', 'must be a list of'],
    ['VIGIL_ACCOUNT', 'My Account', 'must be 1 to 32 letters a-z, digits or "-"'],
    ['VIGIL_ACCOUNT', 'a'.repeat(33), 'must be 1 to 32'],
    ['TELEGRAM_BOT_TOKEN', 'my-token', 'must look like 123456789:AAE'],
    ['TELEGRAM_API_ROOT', 'api.telegram.org', 'must be an address'],
    [
      'VIGIL_SIM_CONTROL_URL',
      'https://example.org',
      'must be an address that begins with "http://"',
    ],
    ['VIGIL_LOG_LEVEL', 'loud', 'must be one of debug, info, warn, error, silent'],
  ])('are told by name and rule: %s=%s', (name, value, rule) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${name} ${rule}`);
  });

  it('are told all at once, with what the mode needs', () => {
    const found = problems({
      VIGIL_MODE: 'live',
      BITUNIX_URL: 'x',
      VIGIL_ROLES: 'x',
      QUICKCHART_URL: 'https://quickchart.io',
      TELEGRAM_BOT_TOKEN: 'x',
    });
    expect(found.map((each) => each.split(' ')[0])).toEqual([
      'TELEGRAM_BOT_TOKEN',
      'BITUNIX_URL',
      'QUICKCHART_URL',
      'VIGIL_ROLES',
      'VIGIL_MODE',
    ]);
    expect(found.at(-1)).toContain('needs BITUNIX_API_KEY and BITUNIX_SECRET_KEY');
  });

  it('never show a secret', () => {
    const secrets = SETTINGS.filter((each) => 'secret' in each).map(({ name }) => name);
    expect(secrets).toEqual([
      'TELEGRAM_BOT_TOKEN',
      'BITUNIX_API_KEY',
      'BITUNIX_SECRET_KEY',
      'REDIS_URL',
      'REDIS_PASSWORD',
      'VIGIL_HEARTBEAT_URL',
      'VIGIL_SECOND_CHANNEL',
    ]);
    const environment = Object.fromEntries(secrets.map((name) => [name, 'hush-hush']));
    const all = { ...environment, VIGIL_MODE: 'nothing', VIGIL_ROLES: 'nothing' };
    expect(problems(all).length).toBeGreaterThanOrEqual(4);
    expect(() => readConfig(all)).toThrow(ConfigError);
    expect(problems(all).join('\n')).not.toContain('hush-hush');
  });
});

describe('the public QuickChart', () => {
  it.each([
    'https://quickchart.io',
    'https://QuickChart.IO/chart',
    'http://www.quickchart.io:8080',
    'https://quickchart.io./chart',
    'https://user:word@quickchart.io',
  ])('is refused: %s', (url) => {
    expect(problems({ QUICKCHART_URL: url })).toEqual([
      expect.stringContaining('must be a server of your own'),
    ]);
  });

  it.each([
    'https://quickchart.io.example.org',
    'https://myquickchart.io',
    'http://127.0.0.1:3400',
  ])('is not %s', (url) => {
    expect(problems({ QUICKCHART_URL: url })).toEqual([]);
  });
});

describe('the modes', () => {
  it.each(['watch', 'live'])('%s needs keys and a phone', (mode) => {
    expect(problems({ ...LIVE, VIGIL_MODE: mode })).toEqual([]);
    for (const name of ['BITUNIX_API_KEY', 'BITUNIX_SECRET_KEY', 'TELEGRAM_BOT_TOKEN']) {
      const found = problems({ ...LIVE, VIGIL_MODE: mode, [name]: ' ' });
      expect(found).toHaveLength(1);
      expect(found[0]).toContain(name);
      expect(found[0]).toContain(`VIGIL_MODE "${mode}" needs`);
    }
  });

  it.each(['demo', 'paper'])('%s needs nothing', (mode) => {
    expect(problems({ VIGIL_MODE: mode })).toEqual([]);
  });
});

describe('the address of Redis', () => {
  it.each(['redis://localhost:6379', 'rediss://:word@example.org', '/run/redis/redis.sock'])(
    'may be %s',
    (url) => {
      expect(readConfig({ REDIS_URL: url }).redisUrl).toBe(url);
    },
  );
});
