import { moneyTaken, stepKey } from '../../alerts/rules/wallet-step.ts';
import { abs, usdText, type Ratio, type Usd } from '../../domain/money/money.ts';
import { answerStep, type UnexplainedStep } from '../../risk/state/cash-flow.ts';
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
export interface StepPreview {
  readonly step: UnexplainedStep;
  readonly asLoss: Losses;
  readonly asWithdrawal: Losses;
}

/** Questions about money that left, which the owner has not answered yet, oldest first; empty while nothing is known. */
export const openSteps = async ({
  accounts,
}: Pick<Ports, 'accounts'>): Promise<readonly UnexplainedStep[]> =>
  (await accounts.riskState().catch(() => undefined))?.steps ?? [];

/** Undefined: that question is answered, or what was known of it is lost. */
export async function previewStep(
  { accounts, limits }: Pick<Ports, 'accounts' | 'limits'>,
  id: string,
): Promise<StepPreview | undefined> {
  const state = await accounts.riskState();
  const step = state?.steps.find((each) => each.id === id);
  const after = state === undefined ? undefined : answerStep(state, id);
  if (state === undefined || step === undefined || after === undefined) return undefined;
  const inForce = limits();
  const losses = (of: RiskState): Losses => ({
    day: dayLossOf(of, state.lastEquity, inForce).fraction,
    drawdown: drawdownOf(of, state.lastEquity, inForce).fraction,
  });
  return { step, asLoss: losses(state), asWithdrawal: losses(after) };
}

/** The owner took it out: it is no loss any more. False when that question is answered or lost; then nothing changes. */
export async function tookItOut(
  { accounts, outbox }: Pick<Ports, 'accounts' | 'outbox'>,
  id: string,
): Promise<boolean> {
  let amount: Usd | undefined;
  const changed = await accounts.reviseRiskState((state) => {
    amount = state.steps.find((each) => each.id === id)?.amount;
    return answerStep(state, id);
  });
  if (changed === undefined || amount === undefined) return false;
  await outbox.revise(stepKey(id), {
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
  const step = (await ports.accounts.riskState())?.steps.find((each) => each.id === id);
  if (step === undefined) return false;
  const at = ports.clock.now();
  const amount = usdText(abs(step.amount));
  const evidence = `${amount} left your account, and you say that it was not you.`;
  const reason = { trigger: 'money-taken', evidence, at };
  await tighten(ports, { kind: 'tighten', to: 'halted', reason });
  await ports.outbox.raise(moneyTaken(step, at));
  await ports.accounts.reviseRiskState((state) => ({
    ...state,
    steps: state.steps.filter((each) => each.id !== id),
  }));
  await ports.outbox.revise(stepKey(id), {
    title: `${amount} left your account, and it was not you`,
    lines: ['Trading is halted. It counts as a loss.'],
  });
  return true;
}
