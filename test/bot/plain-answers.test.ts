/** Every command in one situation after another, asked in process: no answer holds what no person would write. */
import { describe, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import { reasonOf } from '../../src/app/reading/reading.ts';
import { createVoice } from '../../src/app/telling/voice.ts';
import { COMMANDS } from '../../src/bot/commands/list.ts';
import { createDigits } from '../../src/bot/digits.ts';
import { createOwnerCache } from '../../src/bot/access/owner-cache.ts';
import type { BotContext, Services } from '../../src/bot/services.ts';
import { price, qty, usd } from '../../src/domain/money/money.ts';
import { faultsOf } from '../plain-words.ts';
import { createFakeOwners, createFakeRenderer, createFakeWorld, portsOf } from './fakes.ts';
import type { FakeWorld, PortChanges } from './fakes.ts';
import { CLOSED, NOW, POSITION, PROPOSAL, PROTECTION } from './samples.ts';

const OWNER = 1001;

/** The words after a command; a command that is not named here is sent alone. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  size: [
    '',
    'BTC 27000 26990',
    'BTC 27000 26999.999999999',
    'BTC 27000 26000 anyway',
    'BTC 65.000 63.900',
    'BTC 27.000,5 26.000,5',
    'BTC x y',
    'BTC 27k 26k',
    'BTC 0 0',
    'BTC -5 -6',
    'BTC 1 0.000000000000000001 anyway',
    'NOPE 1 2',
  ],
  limits: [
    '',
    'daily loss -10000000000000000 %',
    'daily loss 0.000001 %',
    'daily loss 2 %',
    'jump 7 %',
    'smallest trade 1 %',
    'open positions 0',
    'open positions 1',
    'pause per symbol 99999999999999999999 d',
    'reward : risk 1000000000000000000000',
    'cancel jump',
  ],
  position: ['', 'ETH', 'BTC', 'NONE'],
  policy: ['', 'sign all', 'sign daily-loss all', 'off', 'perhaps'],
  backtest: ['', 'nothing'],
  universe: ['', 'BTC', 'some things'],
};

const LINES = COMMANDS.flatMap((command) =>
  (WORDS[command.name] ?? ['']).map((words) => ({ command, words })),
);

/** Everything that a context was made to say, labels of buttons and captions too. */
function listener(said: string[]): BotContext {
  const reply = async (text: string, also?: { reply_markup?: { inline_keyboard: unknown } }) => {
    said.push(text);
    const keys = (also?.reply_markup?.inline_keyboard ?? []) as { text: string }[][];
    said.push(...keys.flat().map((key) => key.text));
    return { message_id: said.length };
  };
  const ctx = {
    reply,
    replyWithPhoto: async (_file: unknown, also: { caption: string }) => reply(also.caption),
    from: { id: OWNER },
    chatId: OWNER,
    conversation: { enter: async () => undefined },
  };
  return ctx as unknown as BotContext;
}

/** Every answer of every command in that world. */
async function answers(world: FakeWorld, over: PortChanges = {}): Promise<readonly string[]> {
  const ports = portsOf(world, over);
  const owners = createFakeOwners(OWNER);
  const services: Services = {
    ports,
    voice: createVoice(ports, () => world.now),
    owners,
    owner: createOwnerCache(owners),
    codes: { renew: async () => false, show: async () => undefined },
    charts: createFakeRenderer(),
    digits: createDigits(ports.market, () => world.now),
    backtests: { follow: () => undefined },
    cards: {
      keep: () => undefined,
      shownIn: () => undefined,
      forget: async () => undefined,
      retire: async () => undefined,
      restore: async () => undefined,
      stop: () => undefined,
    },
    commands: COMMANDS,
    log: ports.log,
    safe: reasonOf,
    wallNow: () => world.now,
  };
  const texts: string[] = [];
  for (const { command, words } of LINES) {
    const said: string[] = [];
    // Where a handler fails the chat has one sentence for it; how that reads is tested with the real bot.
    await command.handle({ ctx: listener(said), services, words }).catch(() => undefined);
    // What the owner wrote may be quoted back.
    const own = words === '' ? '""' : words;
    texts.push(...said.map((text) => `/${command.name}: ${text.replaceAll(own, '')}`));
  }
  return texts;
}

const AMOUNTS = [
  '0',
  '1',
  '-1',
  '0.000000000000000001',
  '-0.000000000000000001',
  '-0.004',
  '3.406510768944253',
  '-0.003406510768944253',
  '1000000000000',
  '-1000000000000',
];

/** A long and a short whose figures are that amount wherever it fits. */
function turned(amount: string, marginMode: 'isolated' | 'cross'): FakeWorld {
  const world = createFakeWorld();
  const value = usd(amount);
  const bare = usd(amount.replace('-', ''));
  const above = bare === 0n ? '1' : amount.replace('-', '');
  const base = {
    ...POSITION,
    marginMode,
    qty: qty(above),
    entryPrice: price(above),
    margin: bare,
    unrealisedPnl: value,
    realisedGross: value,
    fees: bare,
    funding: value,
    liquidationPrice: price(above),
  };
  world.account = { ...world.account, available: value, margin: bare, unrealisedPnl: value };
  world.positions = [base, { ...base, id: 'p2', side: 'short' }];
  world.protections = [PROTECTION, { ...PROTECTION, id: 's2', positionId: 'p2' }];
  world.closed = [{ ...CLOSED, gross: value, fees: bare, funding: value, net: value }];
  world.proposals.push(PROPOSAL);
  if (world.riskState !== undefined) {
    world.riskState = {
      ...world.riskState,
      dayStartEquity: bare,
      dayFirstEquity: bare,
      peakEquity: bare,
      lastEquity: value,
      lossStreak: 1,
      tradesToday: 1,
      steps: [
        { id: 's', amount: value < 0n ? value : usd('-1'), at: NOW, equity: bare, highSince: bare },
      ],
    };
  }
  return world;
}

/** A part of the ports each call of which fails so. */
const failing = (error: unknown): never =>
  new Proxy(
    {},
    {
      get: (_target, name) =>
        String(name).startsWith('on') ? () => undefined : () => Promise.reject(error as Error),
    },
  ) as never;
const coded = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code, name: 'SocketError' });

const BROKEN: Readonly<Record<string, PortChanges>> = {
  'the exchange': partsThatFail(
    ['market', 'account'],
    coded('UND_ERR_SOCKET', 'other side closed'),
  ),
  'the store': partsThatFail(
    ['accounts', 'proposals', 'scans', 'feeds', 'limitsStore', 'policies'],
    coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:6379'),
  ),
  both: partsThatFail(
    ['market', 'account', 'accounts', 'proposals', 'scans'],
    new TypeError("Cannot read properties of undefined (reading 'qty')"),
  ),
};
function partsThatFail(parts: readonly (keyof Ports)[], error: unknown): PortChanges {
  return Object.fromEntries(parts.map((part) => [part, failing(error)]));
}

describe('every command', () => {
  it('answers, whatever the situation', async () => {
    const texts = await answers(createFakeWorld());
    for (const { command } of LINES) {
      expect(texts.filter((text) => text.startsWith(`/${command.name}: `))).not.toEqual([]);
    }
  });

  it.each(AMOUNTS)('says %s in plain words', async (amount) => {
    const isolated = await answers(turned(amount, 'isolated'));
    const cross = await answers(turned(amount, 'cross'));
    expect([...isolated, ...cross].flatMap(faultsOf)).toEqual([]);
  });

  it.each(Object.entries(BROKEN))('says in plain words that %s fails', async (_name, broken) => {
    const texts = await answers(turned('1', 'isolated'), broken);
    expect(texts.flatMap(faultsOf)).toEqual([]);
  });

  it('says in plain words that nothing was ever read', async () => {
    const world = createFakeWorld();
    Object.assign(world, { mode: undefined, riskState: undefined, snapshot: undefined });
    expect((await answers(world)).flatMap(faultsOf)).toEqual([]);
  });
});
