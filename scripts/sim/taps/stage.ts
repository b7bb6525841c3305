/** Where the trial of taps takes place: the real bot, workers and store over the simulated exchange and chat, in one process. */
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { refreshAccount } from '../../../src/app/account/refresh-account.ts';
import type { Ports } from '../../../src/app/ports/ports.ts';
import type { Trading } from '../../../src/app/ports/trading.ts';
import { createScanner } from '../../../src/app/scan/scan-market.ts';
import { reconcile } from '../../../src/app/approval/reconcile.ts';
import { createVigilBot, type VigilBot } from '../../../src/bot/bot.ts';
import type { Alert } from '../../../src/domain/alert.ts';
import type { Proposal } from '../../../src/domain/proposal.ts';
import { startWorkers, type Workers } from '../../../src/jobs/queues/workers.ts';
import { startChat } from '../../../src/simulator/chat/chat.ts';
import type { UserMessage } from '../../../src/simulator/chat/wire/message-views.ts';
import { KEY, openVigil, START, type Truth, type Vigil } from '../../../test/app/vigil.ts';
import { createFakeOwners, createFakeRenderer } from '../../../test/bot/fakes.ts';
import { pickUp, type TapAnswer } from '../../../test/bot/phone.ts';
import { openRedis } from '../../../test/store/real-redis.ts';
import { generous, happeningsOf, type Happenings } from './happenings.ts';
import type { Place } from './moves.ts';

const OWNER = 1001;
const STRANGER = 2002;
const GROUP = -500;
/** A request that was sent to the exchange, and what it was told to have become of it. */
export interface Write {
  readonly name: keyof Trading;
  readonly args: readonly unknown[];
  outcome?: string;
}

export interface Stage extends Happenings {
  readonly writes: readonly Write[];
  /** Wall milliseconds by which cards become old. */
  now(): number;
  say(text: string, place: Place, forwarded: boolean): Promise<void>;
  /** Its id, by which it is answered. */
  tap(messageId: number, data: string, place: Place): Promise<string>;
  answered(tap: string): boolean;
  /** Messages of the bot to the owner that are new or changed since the last look. */
  look(): Promise<readonly UserMessage[]>;
  truth(): Promise<Truth>;
  control(call: string, body: object): Promise<void>;
  expire(): void;
  restart(): Promise<void>;
  /** Resolves when nothing that was confirmed is under way; false when that takes too long. */
  quiet(): Promise<boolean>;
  /** What is not known is looked for once more, the account is read, and what is to be told is on the phone. */
  settle(): Promise<void>;
  alerts(): Promise<readonly Alert[]>;
  proposals(): Promise<readonly Proposal[]>;
  close(): Promise<void>;
}

const QUIET_MS = 60_000;
/** More than one trial tells and offers. */
const ALL = 100_000;

export async function openStage(seed: number): Promise<Stage> {
  const redis = await openRedis();
  const writes: Write[] = [];
  const vigil = await openVigil({
    redis,
    venue: {
      market: { kind: 'generated', seed, symbols: 12, from: START },
      accounts: [{ ...KEY, balance: '10000', positionMode: seed % 2 === 0 ? 'ONE_WAY' : 'HEDGE' }],
      rateLimits: false,
    },
    over: (ports) => ({
      ...recorded(ports, writes),
      limits: () => generous(ports.limits()),
    }),
  });
  const chat = await openChat();
  const orders = new Queue('orders', {
    connection: vigil.wiring.connect(),
    prefix: vigil.wiring.store.keys.queues,
  });
  const life = createLife(() => begin(vigil, chat));
  await life.start();
  await refreshAccount(vigil.ports);
  return {
    writes,
    ...handsOf(chat),
    // Where a position has no stop the gate lets nothing be opened beside it.
    ...happeningsOf(vigil, seed % 4 < 2),
    truth: vigil.truth,
    control: vigil.control,
    restart: life.restart,
    quiet: () => isQuiet(orders),
    settle: async () => {
      await reconcile(vigil.ports);
      await isQuiet(orders);
      await again(() => refreshAccount(vigil.ports));
      await allTold(vigil);
    },
    alerts: async () => (await vigil.wiring.store.outbox.recent(ALL)).toReversed(),
    proposals: () => vigil.ports.proposals.recent(ALL),
    close: async () => {
      await life.stop();
      await orders.close();
      await chat.phone.hangUp();
      await chat.chat.stop();
      await vigil.close();
      await redis.close();
    },
  };
}

/** The chat, whose clock can be ahead of the machine's. */
async function openChat() {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const chat = await startChat({
    users: [
      { id: OWNER, first_name: 'Olga' },
      { id: STRANGER, first_name: 'Sam' },
    ],
    rateLimits: false,
    now,
  });
  const phone = await pickUp(chat, OWNER);
  await phone.post('/user/group', { id: GROUP, title: 'Friends' });
  return { chat, phone, now, expire: () => void (ahead += 301_000) };
}
type OpenChat = Awaited<ReturnType<typeof openChat>>;

interface Running {
  readonly bot: VigilBot;
  readonly workers: Workers;
}

function begin({ ports, wiring }: Vigil, { chat, now }: OpenChat): Running {
  const bot = createVigilBot({
    token: chat.token,
    apiRoot: chat.apiRoot,
    ports,
    owners: createFakeOwners(OWNER),
    showCode: () => undefined,
    outbox: wiring.store.outbox,
    charts: createFakeRenderer(),
    redis: wiring.redis,
    log: ports.log,
    retryMs: 50,
    wallNow: now,
    // The budget of a chat fills at once, and nobody is too quick.
    steadyNow: () => performance.now() * 1_000,
    perWindow: Number.MAX_SAFE_INTEGER,
  });
  const workers = startWorkers({
    connection: wiring.connect(),
    prefix: wiring.store.keys.queues,
    context: { ports, scanner: createScanner(ports), startScan: async () => undefined },
    log: ports.log,
  });
  return { bot, workers };
}

/** What somebody does with the chat, and sees of it. */
function handsOf({
  phone,
  now,
  expire,
}: OpenChat): Pick<Stage, 'now' | 'say' | 'tap' | 'answered' | 'look' | 'expire'> {
  const at = (place: Place): { chat: number; from: number } =>
    place === 'stranger'
      ? { chat: STRANGER, from: STRANGER }
      : { chat: place === 'group' ? GROUP : OWNER, from: OWNER };
  let seq = 0;
  return {
    now,
    expire,
    say: async (text, place, forwarded) => {
      const from = forwarded ? { forwarded_from: STRANGER } : {};
      await phone.post('/user/send', { ...at(place), text, ...from });
    },
    tap: async (messageId, data, place) => {
      const body = { ...at(place), message_id: messageId, data, force: true };
      const { callback_query_id: id } = (await phone.post('/user/tap', body)) as TapAnswer;
      return id;
    },
    answered: (tap) => phone.answers.some((each) => each.callback_query_id === tap),
    look: async () => {
      const found = (await phone.get(`/user/messages?chat=${OWNER}&after=${seq}`)) as {
        messages: readonly UserMessage[];
        seq: number;
      };
      ({ seq } = found);
      return found.messages.filter((each) => each.from === 'bot' && !each.deleted);
    },
  };
}

/** The same ports, which note each request that would change the account. */
function recorded(ports: Ports, writes: Write[]): Partial<Ports> {
  const { trading } = ports;
  if (trading === undefined) throw new Error('nothing can trade');
  const noting = new Proxy(trading, {
    get(target, key: keyof Trading) {
      const act = Reflect.get(target, key) as (...args: unknown[]) => Promise<{ kind: string }>;
      return async (...args: unknown[]) => {
        const write: Write = { name: key, args };
        writes.push(write);
        const outcome = await act(...args);
        write.outcome = outcome.kind;
        return outcome;
      };
    },
  });
  return { trading: noting };
}

function createLife(begun: () => Running) {
  let running: Running | undefined;
  const stop = async (): Promise<void> => {
    await running?.bot.stop();
    await running?.workers.close();
    running = undefined;
  };
  const start = async (): Promise<void> => {
    running = begun();
    await running.bot.start();
  };
  return {
    start,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
  };
}

async function isQuiet(orders: Queue): Promise<boolean> {
  const until = performance.now() + QUIET_MS;
  while (performance.now() < until) {
    const counts = await orders.getJobCounts('active', 'waiting', 'prioritized', 'delayed');
    if (Object.values(counts).every((each) => each === 0)) return true;
    await delay(15);
  }
  return false;
}

/** Two that read the account at once disturb each other: then one of them reads it again. */
const again = (work: () => Promise<unknown>): Promise<unknown> =>
  work().catch(() => delay(500).then(work));

/** Resolves when each message is on the phone as it is in the outbox; throws when that takes too long. */
async function allTold({ wiring }: Vigil): Promise<void> {
  const { outbox } = wiring.store;
  const until = performance.now() + QUIET_MS;
  while (performance.now() < until) {
    const left = [...(await outbox.pending(1)), ...(await outbox.revised(1))];
    if (left.length === 0) return;
    await delay(25);
  }
  throw new Error('what was to be told is not on the phone after 60 s');
}
