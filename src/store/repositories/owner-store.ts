import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { OwnerStore } from '../../app/ports/owner-store.ts';
import type { StoreKeys } from '../keys.ts';
import type { News } from '../news.ts';

/** Wrong guesses after which a pairing code is worthless. */
const GUESSES = 5;
/** Without 0/O and 1/I, because the code is read from a screen and typed on a phone. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const LENGTH = 8;
const VALID_MS = 10 * 60_000;
const RESET = 'reset';

const hashOf = (code: string): Buffer =>
  createHash('sha256').update(code.trim().toUpperCase()).digest();

/** Who owns this Vigil, and the one-time code that makes somebody the owner. */
export function createOwnerStore(redis: Redis, keys: StoreKeys, news: News): OwnerStore {
  async function owner(): Promise<number | typeof RESET | undefined> {
    const text = await redis.get(keys.owner);
    return text === RESET ? RESET : idOf(text);
  }

  async function newCode(): Promise<string> {
    const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(
      '',
    );
    await redis
      .multi()
      .set(keys.pairing, hashOf(code).toString('hex'), 'PX', VALID_MS)
      .del(keys.pairingTries)
      .exec();
    return code;
  }

  async function pair(
    userId: number,
    code: string,
  ): Promise<'paired' | 'wrong' | 'void' | 'taken'> {
    if (typeof (await owner()) === 'number') return 'taken';
    const hash = await redis.get(keys.pairing);
    if (hash === null) return 'void';
    // Counted before it is looked at: guesses that come all at once are no more than five either.
    const guess = await redis.incr(keys.pairingTries);
    // The fifth has taken the code, or takes it just now.
    if (guess > GUESSES) return 'void';
    if (!timingSafeEqual(Buffer.from(hash, 'hex'), hashOf(code))) {
      if (guess < GUESSES) return 'wrong';
      await redis.del(keys.pairing);
      return 'void';
    }
    // Whoever removes the code is the one who used it.
    if ((await redis.del(keys.pairing)) === 0) return 'taken';
    await redis.set(keys.owner, String(userId));
    return 'paired';
  }

  async function reset(): Promise<number | undefined> {
    const before = await owner();
    const former = typeof before === 'number' ? before : undefined;
    const writes = redis.multi().set(keys.owner, RESET).del(keys.pairing);
    if (former !== undefined) writes.set(keys.formerOwner, String(former));
    await writes.exec();
    await redis.publish(keys.ownerReset, '1');
    return former;
  }

  return {
    owner,
    pair,
    newCode,
    reset,
    hasCode: async () => (await redis.exists(keys.pairing)) === 1,
    keep: async (userId) => void (await redis.set(keys.owner, String(userId), 'NX')),
    former: async () => idOf(await redis.get(keys.formerOwner)),
    formerWasTold: async () => void (await redis.del(keys.formerOwner)),
    onReset: (listener) => news.on(keys.ownerReset, listener),
  };
}

/** A damaged text names nobody. */
const idOf = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text) ? Number.parseInt(text, 10) : undefined;
