import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { OutboxAhead } from '../app/ports/outbox.ts';
import type { Finding } from '../domain/alert.ts';
import type { StoreKeys } from './keys.ts';
import type { News } from './news.ts';
import { CLAIM_MS, claimOf } from './outbox-sending.ts';
import { commit, learnScript } from './transaction.ts';

/**
 * The outbox for whoever tells while it is stored. What is raised is sent to Redis before this process can do anything else, claim and
 * number in one script: a process that dies right after it leaves an alert that counts as attempted, and so is told as a possible repeat.
 */
export function createOutboxAhead(redis: Redis, keys: StoreKeys, news: News): OutboxAhead {
  const sender = randomUUID();
  const untold = new Set<string>();
  /** Raised since the last look began, which may not know it yet. */
  const raised = new Set<string>();
  let last = 0;
  const seen = (number: number): void => {
    if (number > last) last = number;
  };
  const close = news.on(keys.alertNews, (number) => seen(Number(number)));

  async function look(wanted: readonly string[]): Promise<void> {
    raised.clear();
    const [told, newest] = await Promise.all([
      wanted.length === 0 ? [] : redis.hmget(keys.alertKeys, ...wanted),
      redis.get(keys.alertNumber),
      learnScript(redis),
    ]);
    untold.clear();
    wanted.forEach((key, index) => {
      if (told[index] === null && !raised.has(key)) untold.add(key);
    });
    last = Number.parseInt(newest ?? '0', 10);
  }

  async function store(finding: Finding) {
    const claim = { sender: claimOf(keys.fenceBy, sender), ms: CLAIM_MS };
    const [number = 0] = (await commit(redis, keys, { findings: [finding], claim })) ?? [];
    seen(number);
    if (number > 0) return { number, again: false };
    const before = await redis.hget(keys.alertKeys, finding.key);
    return { number: Number.parseInt(before ?? '0', 10), again: true };
  }

  return {
    look: (wanted) => look(wanted).catch(() => untold.clear()),
    raise: (finding) => {
      if (redis.status !== 'ready' || !untold.delete(finding.key)) return undefined;
      raised.add(finding.key);
      const stored = store(finding);
      last += 1;
      return { alert: { ...finding, number: last, status: 'queued', attempts: 0 }, stored };
    },
    close,
  };
}
