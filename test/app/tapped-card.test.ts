/** A tap on a card, by the moment and by what has become of its signal: in memory. */
import { describe, expect, it } from 'vitest';
import {
  approve,
  offerApproval,
  reject,
  whyCardIsOld,
} from '../../src/app/approval/decide-proposal.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { PROPOSAL } from '../bot/samples.ts';
import { failing } from './failing.ts';

const SHOWN: Proposal = { ...PROPOSAL, card: 'newest' };
const { nonce, deadline } = SHOWN;

function scene(over: Partial<Proposal> = {}, now = deadline) {
  const world = createFakeWorld();
  world.now = now;
  world.proposals.push({ ...SHOWN, ...over });
  return { world, ports: portsOf(world) };
}
const tap = { nonce, card: 'newest', by: 1 };

describe('Confirm', () => {
  it('counts at the deadline of the signal and not a millisecond later', async () => {
    const at = async (now: number) => {
      const { world, ports } = scene({}, now);
      const why = await whyCardIsOld(ports, tap);
      const end = await approve(ports, tap);
      return [why, end.kind, world.executed.length];
    };
    expect(await at(deadline)).toEqual([undefined, 'approved', 1]);
    expect(await at(deadline + 1)).toEqual([expect.stringContaining('Too late'), 'gone', 0]);
  });

  it('counts on the newest card alone', async () => {
    const { world, ports } = scene();
    const older = { ...tap, card: 'older' };
    expect(await whyCardIsOld(ports, older)).toContain('newer confirmation');
    expect(await approve(ports, older)).toMatchObject({
      kind: 'gone',
      reason: expect.stringContaining('newer confirmation'),
    });
    expect(await whyCardIsOld(ports, { ...tap, nonce: 'unknown' })).toContain('expired');
    expect(world.executed).toEqual([]);
  });
});

describe('a card whose signal is decided', () => {
  it.each([
    [{ status: 'approved' }, 'is being carried out'],
    [{ status: 'executing' }, 'is being carried out'],
    [{ status: 'done', outcome: 'open, 0.3' }, 'already carried out: open, 0.3.'],
    [{ status: 'unknown' }, 'still being looked up'],
    [{ status: 'rejected' }, 'was rejected. Nothing was ordered'],
    [{ status: 'expired' }, 'Too late'],
    [{ status: 'superseded' }, 'A newer signal has replaced this one'],
    [{ status: 'refused', outcome: 'the price has moved' }, 'was refused: the price has moved.'],
  ] as const)(
    '%j says what became of it at every button, and orders nothing',
    async (over, said) => {
      const { world, ports } = scene(over);
      expect(await whyCardIsOld(ports, tap)).toContain(said);
      for (const end of [
        await offerApproval(ports, nonce),
        await approve(ports, tap),
        await reject(ports, tap),
      ])
        expect(end).toMatchObject({ kind: 'gone', reason: expect.stringContaining(said) });
      expect([world.executed, world.orders]).toEqual([[], []]);
      expect(world.proposals[0]).toMatchObject(over);
    },
  );
});

describe('Approve', () => {
  it('asks the gate also where the rates of funding cannot be read', async () => {
    const { ports } = scene({}, deadline - 60_000);
    const market = failing(ports.market, 'fundingRates');
    const offer = await offerApproval({ ...ports, market }, nonce);
    expect(offer.kind).not.toBe('gone');
  });
});
