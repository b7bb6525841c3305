/** A deposit, a withdrawal or a bonus between any two steps from the card to the order: nothing is opened while it is not explained. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { offerApproval } from '../../src/app/approval/decide-proposal.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { toNumber, usd } from '../../src/domain/money/money.ts';
import { dayLossOf } from '../../src/risk/state/day-loss.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { first } from './failing.ts';
import { approved, aSignal, gateInputFor, propose } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const SENTENCE = 'The wallet has just changed and no trade explains it yet';

describe('money that came and is not agreed yet', () => {
  it('refuses the card, then the approval, then the order, until two cycles agree on it', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    const card = await propose(ports, { id: 'card' });
    const order = await approved(ports, { id: 'order', symbol: 'BTCUSDT' });
    await vigil.control('deposit', { amount: '5000' });
    const offer = await offerApproval(ports, card.nonce);
    expect(offer).toMatchObject({ kind: 'refused', reasons: [expect.stringContaining(SENTENCE)] });
    await executeProposal(ports, order.id);
    expect(await ports.proposals.byId(order.id)).toMatchObject({
      status: 'refused',
      outcome: expect.stringContaining(SENTENCE),
    });
    await expect(propose(ports, { id: 'late', symbol: 'SOLUSDT' })).rejects.toThrow(
      'money-in-doubt',
    );
    await refreshAccount(ports);
    expect(await offerApproval(ports, card.nonce)).toMatchObject({ kind: 'refused' });
    await refreshAccount(ports);
    expect(await offerApproval(ports, card.nonce)).toMatchObject({ kind: 'ready' });
    expect((await vigil.truth()).orders).toEqual([]);
  });

  it('refuses where it came between the verdict and the last look', async () => {
    const { control } = (vigil = await openVigil({ redis, venue: { speed: 1 } }));
    const { ports } = vigil;
    const order = await approved(ports);
    const { trading } = ports;
    if (trading === undefined) throw new Error('nothing can be ordered');
    // Slow enough for the account to be read once more.
    const came = async () => {
      await control('deposit', { amount: '5000' });
      await vigil.leap(2_001);
    };
    await executeProposal({ ...ports, trading: first(trading, 'setLeverage', came) }, order.id);
    expect((await ports.proposals.byId(order.id))?.outcome).toContain(SENTENCE);
    expect((await vigil.truth()).positions).toEqual([]);
  });

  it("hides nothing of the day's loss once it is agreed: the same part of more money", async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    await refreshAccount(ports);
    await ports.accounts.reviseRiskState((state) => ({
      ...state,
      dayStartEquity: usd('10200'),
      dayFirstEquity: usd('10200'),
    }));
    await refreshAccount(ports);
    const lossOf = async (): Promise<number> => {
      const { state, account } = await gateInputFor(ports, await aSignal(ports), undefined);
      if (state === undefined || account === undefined) throw new Error('nothing is known');
      return toNumber(dayLossOf(state, state.lastEquity, ports.limits()).fraction);
    };
    expect(await lossOf()).toBeCloseTo(200 / 10_200, 6);
    await vigil.control('deposit', { amount: '5000' });
    expect((await gateInputFor(ports, await aSignal(ports), undefined)).moneyInDoubt).toBe(true);
    await refreshAccount(ports);
    await refreshAccount(ports);
    const input = await gateInputFor(ports, await aSignal(ports), undefined);
    expect(input.moneyInDoubt).toBe(false);
    expect(await lossOf()).toBeCloseTo(200 / 10_200, 6);
  });

  it('refuses as well when it went', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    const order = await approved(ports);
    await vigil.control('deposit', { amount: '-300' });
    await executeProposal(ports, order.id);
    expect((await ports.proposals.byId(order.id))?.outcome).toContain(SENTENCE);
  });
});
