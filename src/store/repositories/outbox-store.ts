import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { OutboxQueue } from '../../app/ports/outbox.ts';
import {
  ALERT_ACTIONS,
  ALERT_KINDS,
  SEVERITIES,
  type Alert,
  type AlertAction,
  type AlertButton,
  type Finding,
} from '../../domain/alert.ts';
import { StoreUnreadable } from '../../domain/failure.ts';
import { decode, encode } from '../codec.ts';
import { fenced } from '../fence.ts';
import type { StoreKeys } from '../keys.ts';
import type { News } from '../news.ts';
import { createSending } from '../outbox-sending.ts';
import { reviseStored } from '../revise.ts';
import { commit } from '../transaction.ts';

const buttonSchema = z.object({ label: z.string(), action: z.enum(ALERT_ACTIONS), id: z.string() });
/** As it was stored before: with the bytes of the button. */
const oldButtonSchema = z.object({ label: z.string(), data: z.string().regex(/^[ardtyn]:/) });
type StoredButton = z.infer<typeof buttonSchema> | z.infer<typeof oldButtonSchema>;
type StoredFinding = Omit<Finding, 'buttons'> & {
  readonly buttons?: readonly (readonly StoredButton[])[];
};

const findingSchema = z.looseObject({
  key: z.string(),
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  lines: z.array(z.string()),
  at: z.number(),
  buttons: z.array(z.array(z.union([buttonSchema, oldButtonSchema]))).optional(),
});
const OLD_ACTIONS: Readonly<Record<string, AlertAction>> = {
  a: 'approve',
  r: 'reject',
  d: 'show-details',
  t: 'place-stop',
  y: 'took-it-out',
  n: 'not-me',
};
const messageSchema = z.object({ chatId: z.number(), messageId: z.number() });

/** The outbox in Redis: what was found is numbered and durable before anybody is told. */
export function createOutbox(redis: Redis, keys: StoreKeys, news: News): OutboxQueue {
  const load = (number: number): Promise<Alert | undefined> => loadAlert(redis, keys, number);
  const loadAll = async (numbers: readonly string[]): Promise<readonly Alert[]> => {
    const found = await Promise.all(numbers.map((each) => load(Number.parseInt(each, 10))));
    return found.filter((each) => each !== undefined);
  };

  // Nobody has to lead to tell what was seen, and its key has it told once; of two streams each would tell its own.
  const free = keys.fenceBy.role === 'bot' ? ({ byAnybody: true } as const) : {};
  return {
    raise: async (finding) => {
      const [number] = (await commit(redis, keys, { findings: [finding], ...free })) ?? [];
      if (number === undefined || number === 0) return undefined;
      return { ...finding, number, status: 'queued', attempts: 0 };
    },
    revise: async (key, text) => void (await reviseStored(redis, keys, { key, ...text })),
    pending: async (limit) => loadAll(await redis.zrange(keys.outbox, '0', String(limit - 1))),
    revised: async (limit) => {
      const numbers = await redis.zrange(keys.revisions, '0', String(limit - 1));
      return (await loadAll(numbers)).filter((each) => each.status === 'sent');
    },
    reword: async ({ number, title, lines, at, basis }) => {
      const name = String(number);
      const [stored, waits] = await Promise.all([
        redis.hget(keys.alerts, name),
        redis.zscore(keys.outbox, name),
      ]);
      // Sent meanwhile: its message says what it said.
      if (stored === null || waits === null) return;
      const words = { title, lines, at, ...(basis === undefined ? {} : { basis }) };
      const value = encode({ ...findingOf(stored), ...words });
      await fenced(redis, keys, [['HSET', keys.alerts, name, value]]);
    },
    withdraw: async ({ number, key }, message) => {
      const name = String(number);
      await fenced(redis, keys, [
        ['HSET', keys.alertMessages, name, encode(message)],
        ['HDEL', keys.alertKeys, key],
        ['ZREM', keys.outbox, name],
        ['DEL', keys.claim(number)],
      ]);
    },
    recent: (limit) => recentAlerts(redis, keys, limit),
    onNews: (listener) => news.on(keys.alertNews, (number) => listener(Number(number))),
    ...createSending(redis, keys),
  };
}

/** The last ones that were raised, newest first. */
export async function recentAlerts(
  redis: Redis,
  keys: StoreKeys,
  limit: number,
): Promise<readonly Alert[]> {
  const last = Number.parseInt((await redis.get(keys.alertNumber)) ?? '0', 10);
  const numbers = Array.from({ length: Math.min(limit, last) }, (_, index) => last - index);
  const found = await Promise.all(numbers.map((each) => loadAlert(redis, keys, each)));
  return found.filter((each) => each !== undefined);
}

/** What is stored of an alert; undefined where it is not, or not any more. */
export async function loadAlert(
  redis: Redis,
  keys: StoreKeys,
  number: number,
): Promise<Alert | undefined> {
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
    ...findingOf(finding),
    ...sent,
    number,
    status: message !== null && queued === null ? 'sent' : 'queued',
    attempts: Number.parseInt(tries ?? '0', 10),
  };
}

function findingOf(stored: string): Finding {
  const { buttons, ...rest } = decode<StoredFinding>(stored, findingSchema, 'alert');
  return buttons === undefined
    ? rest
    : { ...rest, buttons: buttons.map((row) => row.map(buttonOf)) };
}

function buttonOf(stored: StoredButton): AlertButton {
  if ('action' in stored) return stored;
  const { label, data } = stored;
  const action = OLD_ACTIONS[data.slice(0, 1)];
  if (action === undefined) throw new StoreUnreadable('alert');
  return { label, action, id: data.slice(2) };
}
