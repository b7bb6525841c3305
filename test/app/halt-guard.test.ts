/** Halts and permission between real processes and over a real Redis that takes no writes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { createHaltGuard } from '../../src/app/halt/halt-guard.ts';
import { halt } from '../../src/app/halt/halt.ts';
import { HALTED, UNHEARD } from '../../src/app/ports/permission.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { resume } from '../../src/app/halt/resume.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { askOver } from '../../src/process/ask-permission.ts';
import { answerWorker } from '../../src/process/worker-permission.ts';
import { nodeArgs } from '../programs.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { approved } from './signals.ts';
import { openVigil, shownToResume, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

/** Reads go on and every write is refused, as by a copy that follows another server. */
const readOnly = (yes: boolean): Promise<unknown> =>
  yes
    ? vigil.wiring.redis.replicaof('127.0.0.1', 1)
    : vigil.wiring.redis.call('REPLICAOF', 'NO', 'ONE');

const storedMode = async (): Promise<string | undefined> =>
  (await vigil.wiring.store.mode.read())?.mode;

describe('a halt while the store takes no writes', () => {
  afterEach(async () => {
    await readOnly(false);
    await vigil.close();
  });

  it('stops an order that was approved before, and is stored when the store takes it', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    const order = await approved(ports);
    await readOnly(true);
    expect(await halt(ports, 1)).toMatchObject({ kind: 'not stored yet' });
    expect(await storedMode()).toBe('normal');
    expect((await ports.mode.read())?.mode).toBe('halted');
    expect(await ports.permission.refusal()).toBe(HALTED);
    await readOnly(false);
    await executeProposal(ports, order.id);
    await eventually('the halt is stored', async () => (await storedMode()) === 'halted');
    await eventually('that is told', async () =>
      (await vigil.alerts()).some(({ title }) => title === 'Your halt is stored now'),
    );
    expect((await vigil.truth()).positions).toEqual([]);
    expect((await ports.proposals.byId(order.id))?.status).toBe('refused');
  });

  it('is not lifted by /resume before it is stored; afterwards permission is given again', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    await refreshAccount(ports);
    const before = await shownToResume(ports);
    await readOnly(true);
    await halt(ports, 1);
    const refused = await resume(ports, await shownToResume(ports));
    expect(JSON.stringify(refused)).toContain('Your halt is not stored yet');
    // Neither by what an older card had shown, past the use case.
    await expect(
      ports.mode.apply({ kind: 'resume', at: 1, by: 1, judged: before.seen }),
    ).rejects.toThrow();
    await readOnly(false);
    await eventually('the halt is stored', async () => (await storedMode()) === 'halted');
    const older = { kind: 'resume', at: 1, by: 1, judged: before.seen } as const;
    expect((await ports.mode.apply(older)).state.mode).toBe('halted');
    expect(await ports.permission.refusal()).toBe(HALTED);
    await refreshAccount(ports);
    expect(await resume(ports, await shownToResume(ports))).toMatchObject({ kind: 'resumed' });
    expect(await ports.permission.refusal()).toBeUndefined();
  });
});

describe('a halt that waits to be stored', () => {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const reason = { trigger: 'owner', evidence: 'Halted by you.', at: 7 };

  /** Nothing is tried a second time, and the owner waits for the store's answer. `lifted`: a /resume is stored and not yet answered. */
  function guardOf(account: string, lifted: () => Promise<unknown> = async () => undefined) {
    const store = redis.store(account);
    const apply: Ports['mode']['apply'] = async (event, also) => {
      const result = await store.mode.apply(event, also);
      if (event.kind === 'resume') await lifted();
      return result;
    };
    const tries = { failed: 0 };
    const pause = (ms: number): Promise<void> =>
      new Promise(() => {
        if (ms < 1_000) tries.failed += 1;
      });
    const guard = createHaltGuard({ ...store, mode: { ...store.mode, apply }, pause, log: quiet });
    guard.lead(() => true);
    return { store, guard, tries };
  }

  it('is stored by a /resume that was asked before it, and not lifted', async () => {
    const { store, guard, tries } = guardOf('late');
    await store.mode.initialise({ mode: 'normal', reasons: [], since: 1 });
    await store.redis.replicaof('127.0.0.1', 1);
    expect(await guard.hold(reason)).toMatchObject({ kind: 'not stored yet' });
    await eventually('the second try has failed', async () => tries.failed === 1);
    await store.redis.call('REPLICAOF', 'NO', 'ONE');
    const older = { kind: 'resume', at: 9, by: 1, judged: [] } as const;
    expect((await guard.mode.apply(older)).state).toMatchObject({
      mode: 'halted',
      reasons: [reason],
    });
    expect(await guard.permission.refusal()).toBe(HALTED);
    expect((await store.mode.read())?.mode).toBe('halted');
  });

  it('stays where it comes while an older one is being lifted', async () => {
    const { store, guard } = guardOf('crossing');
    await guard.hold(reason);
    const judged = (await store.mode.read())?.reasons ?? [];
    const lifting = guard.mode.apply({ kind: 'resume', at: 9, by: 1, judged });
    const again = guard.hold({ ...reason, at: 8 });
    await Promise.all([lifting, again]);
    expect(await guard.permission.refusal()).toBe(HALTED);
    expect((await store.mode.read())?.mode).toBe('halted');
  });

  it.each(['is stored', 'is not stored yet'])(
    'stays where it comes after the older one was lifted and before that is answered, and %s',
    async (when) => {
      const again = { ...reason, at: 8 };
      const { store, guard } = guardOf(`between ${when}`, async () => {
        if (when !== 'is stored') await store.redis.replicaof('127.0.0.1', 1);
        await guard.hold(again);
      });
      onTestFinished(async () => void (await store.redis.call('REPLICAOF', 'NO', 'ONE')));
      await guard.hold(reason);
      const judged = (await store.mode.read())?.reasons ?? [];
      const resumed = await guard.mode.apply({ kind: 'resume', at: 9, by: 1, judged });
      expect(resumed.state.mode).toBe('normal');
      expect(await guard.permission.refusal()).toBe(HALTED);
      expect((await guard.mode.read())?.mode).toBe('halted');
      expect(guard.unstored()).toEqual(when === 'is stored' ? [] : [again]);
    },
  );
});

describe('the age of a permission', () => {
  afterEach(() => vi.restoreAllMocks());

  /** Permission is answered at once, and meanwhile a clock of the machine goes on by so much. */
  const askedWhile = (clock: 'wall' | 'steady', ms: number): Promise<string | undefined> => {
    let hear: (question: string, refusal: string | undefined) => void = () => undefined;
    const permission = askOver({
      ask: async (question) => {
        const of = clock === 'wall' ? Date : performance;
        const now = of.now();
        vi.spyOn(of, 'now').mockReturnValue(now + ms);
        hear(question, undefined);
      },
      onAnswer: (listener) => (hear = listener),
    });
    return permission.refusal();
  };

  it.each(['wall', 'steady'] as const)('counts by the %s clock, to 2 s', async (clock) => {
    expect(await askedWhile(clock, 1_900)).toBeUndefined();
    vi.restoreAllMocks();
    expect(await askedWhile(clock, 2_000)).toBe(UNHEARD);
  });
});

describe('permission', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const each of children.splice(0)) each.kill('SIGKILL');
    await vigil.close();
  });

  function start(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, args, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    children.push(child);
    return child;
  }

  /** A process that asks the one it was started by, as a worker does. */
  function startAsker(): { child: ChildProcess; ask: () => Promise<string> } {
    const child = start(nodeArgs('test/app/permission-asker.ts'));
    const ask = (): Promise<string> =>
      new Promise((resolve) => {
        const hear = (message: unknown): void => {
          if (typeof message !== 'object' || message === null || !('heard' in message)) return;
          child.off('message', hear);
          resolve(String(message.heard));
        };
        child.on('message', hear);
        child.send('ask');
      });
    return { child, ask };
  }

  it('is asked for in the process that hears the owner, and withdrawn there at once', async () => {
    vigil = await openVigil({ redis });
    const { ports, wiring } = vigil;
    const { child, ask } = startAsker();
    // Nobody answers yet.
    expect(await ask()).toBe(UNHEARD);
    answerWorker(child, wiring.guard.permission);
    await eventually('permission', async () => (await ask()) === 'granted');
    await halt(ports, 1);
    await eventually('the halt', async () => (await ask()) === HALTED);
    // A worker that was killed and started again is told the same.
    child.kill('SIGKILL');
    const again = startAsker();
    answerWorker(again.child, wiring.guard.permission);
    await eventually('the halt', async () => {
      const heard = await again.ask();
      expect(heard).not.toBe('granted');
      return heard === HALTED;
    });
    await refreshAccount(ports);
    await resume(ports, await shownToResume(ports));
    await eventually('permission again', async () => (await again.ask()) === 'granted');
  });

  it('is not given by a process that does not lead, or is not sure to', async () => {
    vigil = await openVigil({ redis });
    const { guard } = vigil.wiring;
    let sure = true;
    guard.lead(() => sure);
    expect(await guard.permission.refusal()).toBeUndefined();
    sure = false;
    expect(await guard.permission.refusal()).toBe(UNHEARD);
    sure = true;
    guard.stop();
    expect(await guard.permission.refusal()).toBe(UNHEARD);
  });

  it('goes over the store between machines, and nobody there means none', async () => {
    vigil = await openVigil({ redis });
    const { ports, wiring } = vigil;
    const elsewhere = redis.store(wiring.store.keys.mode.split(':')[1]);
    const stranger = redis.store('another');
    const asked = askOver(elsewhere.permission);
    expect(await asked.refusal()).toBe(UNHEARD);
    await wiring.store.permission.answerWith(wiring.guard.permission);
    await eventually('permission', async () => (await asked.refusal()) === undefined);
    expect(await askOver(stranger.permission).refusal()).toBe(UNHEARD);
    await halt(ports, 1);
    await eventually('the halt', async () => (await asked.refusal()) === HALTED);
  });

  it('is none while the process that gives it is frozen, and none from before when it wakes', async () => {
    vigil = await openVigil({ redis });
    const giver = start([...nodeArgs('test/app/permission-giver.ts'), redis.url]);
    const asked = askOver(redis.store('frozen').permission);
    await eventually('permission', async () => (await asked.refusal()) === undefined);
    giver.kill('SIGSTOP');
    expect(await asked.refusal()).toBe(UNHEARD);
    expect(await asked.refusal()).toBe(UNHEARD);
    giver.kill('SIGCONT');
    await eventually('permission again', async () => (await asked.refusal()) === undefined);
    giver.kill('SIGKILL');
    await new Promise((resolve) => giver.once('exit', resolve));
    expect(await asked.refusal()).toBe(UNHEARD);
  });

  it('is none where the answer is late or answers another question', async () => {
    vigil = await openVigil({ redis });
    let hear: (question: string, refusal: string | undefined) => void = () => undefined;
    const questions: string[] = [];
    const permission = askOver({
      ask: async (question) => {
        questions.push(question);
        hear('another question', undefined);
      },
      onAnswer: (listener) => (hear = listener),
    });
    const waiting = permission.refusal();
    expect(await waiting).toBe(UNHEARD);
    // Too late: the next question is not answered by it.
    const next = permission.refusal();
    hear(questions[0] ?? '', undefined);
    expect(await next).toBe(UNHEARD);
    expect(new Set(questions).size).toBe(2);
  });

  it('is none where the question cannot be sent', async () => {
    vigil = await openVigil({ redis });
    const permission = askOver({
      ask: () => Promise.reject(new Error('gone')),
      onAnswer: () => undefined,
    });
    expect(await permission.refusal()).toBe(UNHEARD);
  });
});
