import { composeGateInput } from '../../src/app/approval/compose-gate-input.ts';
import { lookFor } from '../../src/app/approval/judge-proposal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { judgeAndPropose } from '../../src/app/approval/propose.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { priceFromNumber, toNumber } from '../../src/domain/money/money.ts';
import type { Side } from '../../src/domain/position.ts';
import type { Proposal, TradePlan } from '../../src/domain/proposal.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { MINUTE } from '../../src/domain/time.ts';
import type { GateInput } from '../../src/risk/gate/gate-input.ts';

/** A signal at the mark price of now: stop 2 % away, target 6 %. */
export async function aSignal(
  ports: Ports,
  request: { symbol?: string; side?: Side; id?: string } = {},
): Promise<Signal> {
  const { symbol = 'ETHUSDT', side = 'long' } = request;
  const [instruments, tickers] = await Promise.all([
    ports.market.instruments(),
    ports.market.tickers(),
  ]);
  const tick = instruments.find((each) => each.symbol === symbol)?.tick;
  const mark = tickers.find((each) => each.symbol === symbol)?.mark;
  if (tick === undefined || mark === undefined) throw new Error(`${symbol} has no price`);
  const level = (share: number) => priceFromNumber(toNumber(mark) * share, tick, 'half-even');
  const long = side === 'long';
  const id = request.id ?? `${symbol}-${side}-${Math.floor(ports.clock.now() / MINUTE)}`;
  return {
    id,
    symbol,
    side,
    entry: level(1),
    stop: level(long ? 0.98 : 1.02),
    target: level(long ? 1.06 : 0.94),
    rewardRisk: 2.8,
    strategy: 'agreement',
    score: 80,
    criteria: [],
    atrFraction: 0.008,
    turnover: 5_000_000,
    category: 'layer 1',
    candleClosedAt: ports.clock.now() - 5 * MINUTE,
  };
}

/** A proposal as the scan makes it; fails with the reasons when the gate refuses it. */
export async function propose(
  ports: Ports,
  request: Parameters<typeof aSignal>[1] = {},
): Promise<Proposal> {
  if ((await ports.accounts.riskState()) === undefined) await refreshAccount(ports);
  const signal = await aSignal(ports, request);
  const [entry] = await judgeAndPropose(ports, [signal]);
  const proposal = await ports.proposals.byId(signal.id);
  if (proposal === undefined) {
    throw new Error(
      `${signal.id} is ${entry?.fate}: ${entry?.refusals.map(({ code }) => code).join(', ')}`,
    );
  }
  return proposal;
}

/** What the gate is given for a signal at this moment. */
export async function gateInputFor(
  ports: Ports,
  signal: Signal,
  exceptId: string | undefined,
): Promise<GateInput> {
  const look = await lookFor(ports, signal, exceptId);
  return composeGateInput(look, look, ports.clock.now());
}

/** Shows a card of the proposal, with this plan where it is given, and says what its Confirm carries. */
export async function shown(
  ports: Ports,
  { id, nonce, plan: made }: Proposal,
  plan: TradePlan = made,
): Promise<{ nonce: string; card: string }> {
  const card = ports.nonce();
  await ports.proposals.apply(id, { kind: 'offer', plan, card });
  return { nonce, card };
}

/** Shows a card and confirms it. */
export async function confirm(
  ports: Ports,
  proposal: Proposal,
  plan?: TradePlan,
): Promise<Proposal> {
  const { id } = proposal;
  const { card } = await shown(ports, proposal, plan);
  const at = ports.clock.now();
  const after = await ports.proposals.apply(id, { kind: 'approve', card, by: 1, at });
  if (after === undefined) throw new Error(`${id} cannot be approved`);
  return after;
}

/** A proposal that the owner has approved. */
export async function approved(
  ports: Ports,
  request: Parameters<typeof aSignal>[1] = {},
): Promise<Proposal> {
  return confirm(ports, await propose(ports, request));
}
