import { rules } from '../../alerts/explain/with-basis.ts';
import { walletChangeKey } from '../../alerts/rules/unexplained-money.ts';
import { abs, usdText, type Ratio, type Usd } from '../../domain/money/money.ts';
import { answerWithdrawal, type UnexplainedWithdrawal } from '../../risk/state/cash-flow.ts';
import { dayLossOf, drawdownOf } from '../../risk/state/day-loss.ts';
import type { RiskState } from '../../risk/state/risk-state.ts';
import type { Ports } from '../ports/ports.ts';
import { tighten } from '../halt/tighten.ts';

/** Loss of the day and drawdown, as fractions of their baselines. */
export interface Losses {
  readonly day: Ratio;
  readonly drawdown: Ratio;
}

/** What "I took it out" would change. */
export interface WithdrawalPreview {
  readonly withdrawal: UnexplainedWithdrawal;
  readonly asLoss: Losses;
  readonly asWithdrawal: Losses;
}

/** Questions about money that left, which the owner has not answered yet, oldest first; empty while nothing is known. */
export const openWithdrawals = async ({
  accounts,
}: Pick<Ports, 'accounts'>): Promise<readonly UnexplainedWithdrawal[]> =>
  (await accounts.riskState().catch(() => undefined))?.steps ?? [];

/** Undefined: that question is answered, or what was known of it is lost. */
export async function previewWithdrawal(
  { accounts, limits }: Pick<Ports, 'accounts' | 'limits'>,
  id: string,
): Promise<WithdrawalPreview | undefined> {
  const state = await accounts.riskState();
  const withdrawal = state?.steps.find((each) => each.id === id);
  const after = state === undefined ? undefined : answerWithdrawal(state, id);
  if (state === undefined || withdrawal === undefined || after === undefined) return undefined;
  const inForce = limits();
  const losses = (of: RiskState): Losses => ({
    day: dayLossOf(of, state.lastEquity, inForce).fraction,
    drawdown: drawdownOf(of, state.lastEquity, inForce).fraction,
  });
  return { withdrawal, asLoss: losses(state), asWithdrawal: losses(after) };
}

/** The owner took it out: it is no loss any more. False when that question is answered or lost; then nothing changes. */
export async function tookItOut(
  { accounts, outbox }: Pick<Ports, 'accounts' | 'outbox'>,
  id: string,
): Promise<boolean> {
  let amount: Usd | undefined;
  const changed = await accounts.reviseRiskState((state) => {
    amount = state.steps.find((each) => each.id === id)?.amount;
    return answerWithdrawal(state, id);
  });
  if (changed === undefined || amount === undefined) return false;
  await outbox.revise(walletChangeKey(id), {
    title: `You took out ${usdText(abs(amount))}`,
    lines: ["Recorded as a withdrawal, not a loss: today's loss and the drawdown leave it out."],
  });
  return true;
}

/**
 * It was not the owner: trading is halted at once, without another question, and it stays a loss. False when that question is
 * answered or lost; then nothing changes.
 */
export async function notMe(
  ports: Pick<Ports, 'clock' | 'mode' | 'accounts' | 'outbox' | 'work'>,
  id: string,
): Promise<boolean> {
  const withdrawal = (await ports.accounts.riskState())?.steps.find((each) => each.id === id);
  if (withdrawal === undefined) return false;
  const at = ports.clock.now();
  const amount = usdText(abs(withdrawal.amount));
  const evidence = `${amount} left your account, and you say that it was not you.`;
  const reason = { trigger: 'money-taken', evidence, at };
  await tighten(ports, { kind: 'tighten', to: 'halted', reason });
  await ports.outbox.raise(rules.moneyTaken(withdrawal, at));
  await ports.accounts.reviseRiskState((state) => ({
    ...state,
    steps: state.steps.filter((each) => each.id !== id),
  }));
  await ports.outbox.revise(walletChangeKey(id), {
    title: `${amount} left your account, and it was not you`,
    lines: ['Trading is halted. It counts as a loss.'],
  });
  return true;
}
