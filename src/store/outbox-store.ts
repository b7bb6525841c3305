import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { OutboxQueue } from '../app/ports.ts';
import { ALERT_KINDS, SEVERITIES, type Alert, type Finding } from '../domain/alert.ts';
import { decode, encode } from './codec.ts';
import type { StoreKeys } from './keys.ts';
import type { News } from './news.ts';
import { commit } from './transaction.ts';

const findingSchema = z.looseObject({
  key: z.string(),
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  lines: z.array(z.string()),
  at: z.number(),
});
const messageSchema = z.object({ chatId: z.number(), messageId: z.number() });

/** How long a sender has before another one may take the alert over; then it may arrive twice and says so. */
const CLAIM_MS = 15_000;

/** The outbox in Redis: what was found is numbered and durable before anybody is told. */
export function createOutbox(redis: Redis, keys: StoreKeys, news: News): OutboxQueue {
  const sender = randomUUID();

  async function load(number: number): Promise<Alert | undefined> {
    const [finding, message, tries, queued] = await Promise.all([
      redis.hget(keys.alerts, String(number)),
      redis.hget(keys.alertMessages, String(number)),
      redis.hget(keys.alertTries, String(number)),
      redis.zscore(keys.outbox, String(number)),
    ]);
    if (finding === null) return undefined;
    const sent =
      message === null
        ? {}
        : decode<{ chatId: number; messageId: number }>(message, messageSchema, 'alert message');
    return {
      ...decode<Finding>(finding, findingSchema, 'alert'),
      ...sent,
      number,
      status: message !== null && queued === null ? 'sent' : 'queued',
      attempts: Number.parseInt(tries ?? '0', 10),
    };
  }

  async function loadAll(numbers: readonly string[]): Promise<readonly Alert[]> {
    const found = await Promise.all(numbers.map((each) => load(Number.parseInt(each, 10))));
    return found.filter((each) => each !== undefined);
  }

  async function raise(finding: Finding): Promise<Alert | undefined> {
    const [number] = (await commit(redis, keys, { findings: [finding] })) ?? [];
    if (number === undefined || number === 0) return undefined;
    return { ...finding, number, status: 'queued', attempts: 0 };
  }

  async function revise(
    key: string,
    text: { title: string; lines: readonly string[] },
  ): Promise<void> {
    const number = await redis.hget(keys.alertKeys, key);
    if (number === null) return;
    const stored = await redis.hget(keys.alerts, number);
    if (stored === null) return;
    const { buttons: _gone, ...rest } = decode<Finding>(stored, findingSchema, 'alert');
    await redis
      .multi()
      .hset(keys.alerts, number, encode({ ...rest, ...text }))
      .zadd(keys.revisions, Number.parseInt(number, 10), number)
      .publish(keys.alertNews, number)
      .exec();
  }

  return {
    raise,
    revise,
    pending: async (limit) => loadAll(await redis.zrange(keys.outbox, '0', String(limit - 1))),
    revised: async (limit) => {
      const numbers = await redis.zrange(keys.revisions, '0', String(limit - 1));
      return (await loadAll(numbers)).filter((each) => each.status === 'sent');
    },
    claim: async (number) => {
      const won = await redis.set(keys.claim(number), sender, 'PX', CLAIM_MS, 'NX');
      if (won === null) return false;
      await redis.hincrby(keys.alertTries, String(number), 1);
      return true;
    },
    markSent: async (number, message) => {
      await redis
        .multi()
        .hset(keys.alertMessages, String(number), encode(message))
        .zrem(keys.outbox, String(number))
        .del(keys.claim(number))
        .exec();
    },
    markRevised: async (number) => {
      await redis.zrem(keys.revisions, String(number));
    },
    release: async (number) => {
      await redis.del(keys.claim(number));
    },
    recent: async (limit) => {
      const last = Number.parseInt((await redis.get(keys.alertNumber)) ?? '0', 10);
      const numbers = Array.from({ length: Math.min(limit, last) }, (_, index) =>
        String(last - index),
      );
      return loadAll(numbers);
    },
    onNews: (listener) => news.on(keys.alertNews, listener),
  };
}
