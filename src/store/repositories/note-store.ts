import type { Redis } from 'ioredis';
import type { NoteStore } from '../../app/ports/note-store.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

/** What the owner wrote about closed positions, in Redis: one field a position. */
export function createNoteStore(redis: Redis, keys: StoreKeys): NoteStore {
  return {
    all: async () => new Map(Object.entries(await redis.hgetall(keys.tradeNotes))),
    save: async (positionId, value) => {
      await commit(redis, keys, { fields: [{ key: keys.tradeNotes, field: positionId, value }] });
    },
    drop: async (positionId) => {
      await commit(redis, keys, { fields: [{ key: keys.tradeNotes, field: positionId }] });
    },
  };
}
