import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { METHODS } from '../src/simulator/chat/bot-api/methods.ts';
import { callersOf, type Callers } from './tidy/callers.ts';

/** Members without a caller in src/, each with the reason why it is there all the same. */
const CLIENT: Readonly<Record<string, string>> = {
  'trading.modifyOrder': 'changing a resting order comes next',
  'trading.cancelAllOrders': 'cancelling everything comes next',
  'trading.modifyPartial': 'a stop or target for a part comes next',
  openKlineStream: 'candles by stream come next',
  'openKlineStream.follow': 'candles by stream come next',
  'openKlineStream.onPush': 'candles by stream come next',
  'openKlineStream.onState': 'candles by stream come next',
  'openKlineStream.state': 'candles by stream come next',
  'openKlineStream.silenceMs': 'candles by stream come next',
  'openKlineStream.close': 'candles by stream come next',
  openMarketStream: 'npm run record follows it',
  'openMarketStream.follow': 'npm run record follows it',
  'openMarketStream.onPush': 'npm run record follows it',
  'openMarketStream.onState': 'npm run record follows it',
  'openMarketStream.state': 'npm run record follows it',
  'openMarketStream.silenceMs': 'npm run record follows it',
  'openMarketStream.close': 'npm run record follows it',
  'account.noteUsedClientId': 'the client tells its own reader which ids are taken',
  'urgentAccount.noteUsedClientId': 'the client tells its own reader which ids are taken',
  'account.pnlBases': 'npm run contract tells how the exchange counts realised profit',
  'urgentAccount.pnlBases': 'npm run contract tells how the exchange counts realised profit',
  'account.orderHistory': 'the client looks there for an order',
  'urgentAccount.orderHistory': 'the client looks there for an order',
};
const STORE: Readonly<Record<string, string>> = {
  'epoch.saw': "the store's own outbox tells it",
  'permission.ask': 'given to the processes as a function',
  'permission.onAnswer': 'given to the processes as a function',
  'permission.close': 'given to the processes as a function',
};
/** What Vigil's own bot does not name: who calls it. */
const EMULATOR: Readonly<Record<string, string>> = {
  getMe: 'grammY at its start',
  ...Object.fromEntries(
    [
      'getChat',
      'getFile',
      'getMyCommands',
      'deleteMyCommands',
      'setWebhook',
      'getWebhookInfo',
      'sendChatAction',
      'sendDocument',
      'sendMediaGroup',
      'setMessageReaction',
      'logOut',
      'deleteMessage',
      'deleteMessages',
      'pinChatMessage',
      'unpinChatMessage',
      'unpinAllChatMessages',
    ].map((name) => [name, "other people's bots"]),
  ),
};

const ROOT = new URL('..', import.meta.url).pathname;
/** TypeScript files below a folder, with their text. */
const filesIn = (folder: string): { path: string; code: string }[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && each.name.endsWith('.ts'))
    .map((each) => join(each.parentPath, each.name))
    .map((path) => ({ path, code: readFileSync(path, 'utf8') }));

describe('every capability has somebody who uses it', () => {
  const [client, store] = callersOf([
    { file: 'src/exchange/bitunix/bitunix.ts', type: 'Bitunix', home: 'src/exchange/' },
    { file: 'src/store/store.ts', type: 'Store', home: 'src/store/' },
  ]);
  const unused = (callers: Callers | undefined): string[] =>
    [...(callers ?? [])].filter(([, files]) => files.size === 0).map(([name]) => name);

  it('of the exchange client, or a reason', () => {
    expect(unused(client).toSorted()).toEqual(Object.keys(CLIENT).toSorted());
  });

  it('of the store, or a reason', () => {
    expect(unused(store).toSorted()).toEqual(Object.keys(STORE).toSorted());
  });

  it('of the emulated Bot API: Vigil, or other bots', () => {
    const bot = filesIn('src/bot').map(({ code }) => code);
    const unusedMethods = Object.keys(METHODS).filter(
      (name) => !bot.some((code) => new RegExp(`\\b${name}\\b`).test(code)),
    );
    expect(unusedMethods.toSorted()).toEqual(Object.keys(EMULATOR).toSorted());
  });

  it('of the charts: where the chat shows it', () => {
    const charts = filesIn('src/bot/charts').flatMap(({ path, code }) =>
      [...code.matchAll(/export function (\w+Picture)\(/g)].map(([, name = '']) => ({
        path,
        name,
      })),
    );
    expect(charts.length).toBeGreaterThan(4);
    const callers = filesIn('src/bot');
    const idle = charts.filter(
      ({ path, name }) => !callers.some((each) => each.path !== path && each.code.includes(name)),
    );
    expect(idle).toEqual([]);
  });
});
