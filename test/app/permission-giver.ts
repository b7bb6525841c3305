/** A process that gives permission for the account `frozen` over the Redis at the given address. */
import { Redis } from 'ioredis';
import { createStore } from '../../src/store/store.ts';

const store = createStore(new Redis(process.argv[2] ?? ''), 'frozen');
await store.permission.answerWith({ refusal: async () => undefined });
process.on('disconnect', () => process.exit());
