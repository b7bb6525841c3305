import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { reconcile } from '../../src/app/approval/reconcile.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { approved, propose } from './signals.ts';
import { hurried, openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

async function open(): Promise<void> {
  vigil = await openVigil({ redis });
  ({ ports } = vigil);
}
const executions = async (): Promise<readonly (string | undefined)[]> =>
  (await vigil.jobs('orders')).map((each) => each.id);

describe('the reconciler', () => {
  it('takes up an approval whose job was never made, and it becomes one order', async () => {
    await open();
    const proposal = await approved(ports);
    await vigil.leap(2 * MINUTE);
    await reconcile(ports);
    await reconcile(ports);
    expect(await executions()).toEqual([`execute-${proposal.id}`]);
    await executeProposal(ports, proposal.id);
    expect((await vigil.truth()).positions).toHaveLength(1);
  });

  it('leaves an approval of this moment to its own job', async () => {
    await open();
    await approved(ports);
    await reconcile(ports);
    expect(await executions()).toEqual([]);
  });

  it('takes up orders of which the outcome is not known', async () => {
    await open();
    const { id, plan } = await approved(ports);
    await ports.proposals.apply(id, { kind: 'execute', plan, at: ports.clock.now() });
    await vigil.leap(2 * MINUTE);
    await reconcile(ports);
    expect(await executions()).toEqual([`execute-${id}`]);
    await ports.proposals.apply(id, { kind: 'lose-track', outcome: 'no answer' });
    await reconcile(ports);
    expect(await executions()).toEqual([`execute-${id}`]);
  });

  it('takes up an order that opened a position while the lists do not show it, and it is done', async () => {
    await open();
    const { id } = await approved(ports);
    const path = 'position/get_pending_positions';
    await vigil.control('fault', { fault: 'empty-list', path, forMs: 600_000 });
    await executeProposal(hurried(vigil, ports, 3), id);
    expect((await ports.proposals.byId(id))?.status).toBe('unknown');
    await vigil.control('fault', { fault: 'clear' });
    await vigil.leap(2 * MINUTE);
    await vigil.control('fault', { fault: 'empty-list', path });
    await reconcile(ports);
    expect(await executions()).toEqual([`execute-${id}`]);
    await executeProposal(ports, id);
    expect((await ports.proposals.byId(id))?.status).toBe('done');
    expect((await vigil.truth()).positions).toHaveLength(1);
  });

  it('ends signals whose deadline job was lost, and leaves the others', async () => {
    await open();
    const { id } = await propose(ports);
    await reconcile(ports);
    expect((await ports.proposals.byId(id))?.status).toBe('pending');
    await vigil.leap(21 * MINUTE);
    await reconcile(ports);
    expect((await ports.proposals.byId(id))?.status).toBe('expired');
    expect(await executions()).toEqual([]);
  });

  it('leaves what is over alone', async () => {
    await open();
    const { id } = await approved(ports);
    await ports.proposals.apply(id, { kind: 'refuse', outcome: 'no' });
    await vigil.leap(21 * MINUTE);
    await reconcile(ports);
    expect(await executions()).toEqual([]);
    expect((await ports.proposals.byId(id))?.status).toBe('refused');
  });
});
