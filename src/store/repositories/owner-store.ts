import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { OwnerStore } from '../../app/ports/owner-store.ts';
import type { StoreKeys } from '../keys.ts';

/** Wrong guesses after which a pairing code is worthless. */
const GUESSES = 5;
/** Without 0/O and 1/I, because the code is read from a screen and typed on a phone. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const LENGTH = 8;

const hashOf = (code: string): Buffer =>
  createHash('sha256').update(code.trim().toUpperCase()).digest();

/** Who owns this Vigil, and the one-time code that makes somebody the owner. */
export function createOwnerStore(redis: Redis, keys: StoreKeys): OwnerStore {
  async function owner(): Promise<number | undefined> {
    const text = await redis.get(keys.owner);
    return text === null ? undefined : Number.parseInt(text, 10);
  }

  async function newCode(): Promise<string> {
    const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(
      '',
    );
    await redis
      .multi()
      .set(keys.pairing, hashOf(code).toString('hex'))
      .del(keys.pairingTries)
      .exec();
    return code;
  }

  async function pair(
    userId: number,
    code: string,
  ): Promise<'paired' | 'wrong' | 'burnt' | 'taken'> {
    if ((await owner()) !== undefined) return 'taken';
    const hash = await redis.get(keys.pairing);
    if (hash === null) return 'burnt';
    // Counted before it is looked at: guesses that come all at once are no more than five either.
    const guess = await redis.incr(keys.pairingTries);
    const right = guess <= GUESSES && timingSafeEqual(Buffer.from(hash, 'hex'), hashOf(code));
    if (!right) {
      if (guess < GUESSES) return 'wrong';
      await redis.del(keys.pairing);
      return 'burnt';
    }
    const won = await redis.set(keys.owner, String(userId), 'NX');
    await redis.del(keys.pairing);
    return won === null ? 'taken' : 'paired';
  }

  return { owner, pair, newCode };
}
