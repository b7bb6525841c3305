import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { CARD_VALID_MS } from '../../src/bot/dialogues/dialogue.ts';
import { portsOf } from './fakes.ts';
import type { UserMessage } from './phone.ts';
import { openRedis, openRig, type RedisRig, type Rig } from './rig.ts';
import { POSITION } from './samples.ts';

let redisRig: RedisRig;
let rig: Rig;
/** So much later the reader's clock is. */
let skew = 0;
/** So much time passes while a card is made. */
let spent = 0;

beforeAll(async () => {
  redisRig = await openRedis();
});
afterAll(() => redisRig.close());
afterEach(() => rig.close());

const open = async (): Promise<void> => {
  skew = 0;
  spent = 0;
  const wallNow = (): number => Date.now() + skew;
  const nonce = (): string => {
    skew += spent;
    return portsOf(rig.world).nonce();
  };
  rig = await openRig({ redis: redisRig.redis, ports: { nonce }, bot: { wallNow } });
  rig.world.positions = [POSITION];
  rig.world.snapshot = await fetchSnapshot(portsOf(rig.world));
  rig.world.mode = { mode: 'halted', reasons: [], since: 0 };
};

const dataOf = (message: UserMessage): string[] =>
  (message.keyboard ?? []).flat().map((each) => each.callback_data ?? '');

const isCard = (message: UserMessage): boolean =>
  dataOf(message).some((each) => each.startsWith('b:'));

/** Writes these words, or taps on this. */
async function ask(way: string): Promise<void> {
  if (way.startsWith('/')) await rig.phone.send(way);
  else {
    await rig.phone.send('/balance');
    await rig.phone.tap((await rig.phone.hears('Equity')).id, way);
  }
}

/** The card that comes of it. */
async function cardOf(way: string): Promise<UserMessage> {
  await ask(way);
  return rig.phone.hears(isCard);
}

/** The same message once nothing can be tapped under it. */
const bare = (card: UserMessage): Promise<UserMessage> =>
  rig.phone.hears((each) => each.id === card.id && dataOf(each).length === 0);

const WAYS = [
  '/panic',
  '/resume',
  '/limits open positions 2',
  '/close ETH 50 %',
  '/policy sign daily-loss losing',
  't:p1',
  'x:p1',
] as const;

describe.each(WAYS)('the buttons under the card of %s', (way) => {
  it('go when something else begins, also after a start, and when it is too old', async () => {
    await open();
    const left = await cardOf(way);
    await rig.phone.send('/cancel');
    await bare(left);
    const before = await cardOf(way);
    await rig.restart();
    await rig.phone.send('/cancel');
    await bare(before);
    spent = CARD_VALID_MS - 50;
    await ask(way);
    const old = await rig.phone.hears(/more than 5 minutes old, so nothing/);
    expect(dataOf(old)).toEqual([]);
  });
});

it('a card that a tap in the menu takes the place of is dead too', async () => {
  await open();
  const card = await cardOf('/close ETH 50 %');
  await rig.phone.tap(card.id, 'u:run-resume');
  await bare(card);
});
